using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The largest element of each of a number of parts.</summary>
internal sealed record AdaptiveMaxPoolLayer(Size2 Size) : Layer
{
    public override string Kind => "AdaptiveMaxPool";

    public override Window? FieldOver(TensorShape input) => MapParts.Largest(input, Size);

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input) =>
        LayerRules.RequireMap(this, name, input) is { } notAMap ? notAMap : TensorShape.Map(input.Channels, Size.Height, Size.Width);

    public override void Lower(Lowering to) => to.Add(Pool(to.Label, to.Input, to.Output));

    /// <summary>Parts of one size are the windows of a pooling, which has faster kernels.</summary>
    public static Operation Pool(string label, Tensor input, Tensor result) =>
        MapParts.AsWindows(input.Shape, new Size2(result.Shape.Height, result.Shape.Width)) is { } window
            ? new Pool(label, PoolFunction.Max, window, input, result)
            : new LargestOfParts(label, input, result);
}

/// <summary>The largest elements of parts at several sizes, as one vector (He et al. 2014).</summary>
internal sealed record SpatialPyramidPoolLayer(EquatableArray<int> Sizes) : Layer
{
    public override string Kind => "SpatialPyramidPool";

    public override bool MakesVector => true;

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        var features = Sizes.Sum(size => (decimal)size * size) * input.Channels;
        return features > SizeRules.Most ? SizeRules.TooManyFeatures(name, features) : TensorShape.Vector((int)features);
    }

    public override void Lower(Lowering to)
    {
        var levels = new List<Tensor>();
        for (var i = 0; i < Sizes.Count; i++)
        {
            var level = Numbers.Print(i + 1);
            var shape = TensorShape.Map(to.Input.Shape.Channels, Sizes[i], Sizes[i]);
            var pooled = to.Intermediate("Level" + level, shape);
            var flat = Sizes.Count == 1 ? to.Output : to.Intermediate("Features" + level, TensorShape.Vector((int)shape.Length));
            to.Add(AdaptiveMaxPoolLayer.Pool(to.Label, to.Input, pooled));
            to.Add(new Reshape(to.Label, pooled, flat));
            levels.Add(flat);
        }

        if (levels.Count > 1)
            to.Add(new Concatenate(to.Label, levels, to.Output));
    }
}
