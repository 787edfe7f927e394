using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>What the parts of each region of a map hold, or the gradient by the map. Of features there is a row for each region: channel x part x region.</summary>
/// <param name="Spec">What is taken of each region.</param>
/// <param name="Map">The map.</param>
/// <param name="Features">The features.</param>
internal abstract record GpuRegionKernel(RegionSpec Spec, GpuStorage Map, GpuStorage Features) : GpuKernel
{
    /// <summary>The regions of an image.</summary>
    public int Regions => Features.Height;

    protected string Kind => Spec.Sampling is null ? "RoIPool" : "RoIAlign";

    protected string What => Text($"{(Spec.Sampling is null ? "largest elements" : "means of samples")} of {Spec.Size} parts of {Regions} regions of {Map}");
}

/// <summary>What the parts hold, a thread for each feature. Views: map, regions, result.</summary>
internal sealed record GpuRegionPoolKernel(RegionSpec Spec, GpuStorage Map, GpuStorage Features) : GpuRegionKernel(Spec, Map, Features)
{
    public override string Name => Text($"{Kind}{Spec.Size}_{Map}");

    public override string Comment => Text($"The {What}.");

    public override IReadOnlyList<string> Views => ["map", "regions", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Features.Length);
}

/// <summary>
/// Its gradient by the map, a thread for each element of the map, which looks at the regions of its image in their order: no two threads add to one place, and sums have one order. Views: of largest elements map,
/// regions, gradient, result; of means regions, gradient, result.
/// </summary>
internal sealed record GpuRegionPoolGradientKernel(RegionSpec Spec, GpuStorage Map, GpuStorage Features, int ResultStride) : GpuRegionKernel(Spec, Map, Features)
{
    public override string Name => Text($"{Kind}Gradient{Spec.Size}_{Map}");

    public override string Comment => Text($"The gradient by the map of the {What}.");

    public override IReadOnlyList<string> Views => Spec.Sampling is null ? ["map", "regions", "gradient", "result"] : ["regions", "gradient", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Map.Length);
}
