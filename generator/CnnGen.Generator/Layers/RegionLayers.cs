using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>What each region of a map holds, as features of the region.</summary>
/// <param name="Size">Rows and columns of parts.</param>
/// <param name="Scale">What coordinates are multiplied with.</param>
/// <param name="Regions">The regions of an image; null where they aren't known, 0 where the model has none.</param>
internal abstract record RegionLayer(Size2 Size, float Scale, int? Regions) : Layer
{
    /// <summary>A region's features are a vector, as a dense layer reads it.</summary>
    public override bool MakesVector => true;

    public override string Description => Kind + " " + Size;

    public override Window? FieldOver(TensorShape input) => LayerRules.WholeWindow(input);

    protected abstract RegionSpec Spec { get; }

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        if (Regions is not > 0)
            return new Problem("CNN2029", "", [name, Kind]);
        var features = (decimal)input.Channels * Size.Height * Size.Width;
        return features > SizeRules.Most ? SizeRules.TooManyFeatures(name, features) : TensorShape.Regions((int)features, Regions.Value);
    }

    public override void Lower(Lowering to) => to.Add(new RegionPool(to.Label, Spec, to.Input, to.Output));
}

/// <summary>The largest elements of each region's parts (Girshick 2015, section 2.1).</summary>
internal sealed record RoIPoolLayer(Size2 Size, float Scale, int? Regions) : RegionLayer(Size, Scale, Regions)
{
    public override string Kind => "RoIPool";

    public override bool? Rectifies => null;

    protected override RegionSpec Spec => new(Size, Scale, null);
}

/// <summary>Means of bilinear samples of each region's parts (He et al. 2017, section 3).</summary>
internal sealed record RoIAlignLayer(Size2 Size, float Scale, int? Regions, int SamplingRatio, bool Aligned) : RegionLayer(Size, Scale, Regions)
{
    public override string Kind => "RoIAlign";

    protected override RegionSpec Spec => new(Size, Scale, new SamplingSpec(SamplingRatio, Aligned));
}
