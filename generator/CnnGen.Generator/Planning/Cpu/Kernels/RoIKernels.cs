using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>What the parts of some regions hold. Arguments: map, regions, output. Each region is a unit.</summary>
internal sealed record RoIKernel(Storage Map, Storage Output, RegionSpec Spec) : Kernel
{
    public int Regions => Output.Height;

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Regions;

    // Each part has some elements of the map, at least.
    public override long MultiplyAdds => (long)Output.Channels * Regions * 4;

    public override string Name => Text($"{RoINames.Method(Spec)}{Spec.Size}_{Map.Channels}x{Map.Height}x{Map.Width}_Of_{Regions}");

    public override string Comment => Text($"{RoINames.What(Spec)} of {Spec.Size} parts of {Regions} regions, {Map.Channels}x{Map.Height}x{Map.Width} -> {Output.Channels}x{Regions}.");
}

/// <summary>The gradient through <see cref="RoIKernel"/>. Arguments: map (of largest elements alone), regions, output gradient, map gradient.</summary>
internal sealed record RoIGradientKernel(Storage Map, Storage Output, RegionSpec Spec) : Kernel
{
    public override string Name => Text($"{RoINames.Method(Spec)}Gradient{Spec.Size}_{Map.Channels}x{Map.Height}x{Map.Width}_Of_{Output.Height}");

    public override string Comment => Text(
        $"Gradient through {RoINames.What(Spec).ToLowerInvariant()} of {Spec.Size} parts of {Output.Height} regions, {Output.Channels}x{Output.Height} -> {Map.Channels}x{Map.Height}x{Map.Width}.");
}

internal static class RoINames
{
    /// <summary>The method of the library's.</summary>
    public static string Method(RegionSpec spec) => spec.Sampling is null ? "RegionPool" : "RegionAlign";

    public static string What(RegionSpec spec) => spec.Sampling is null ? "Largest elements" : "Means of samples";
}
