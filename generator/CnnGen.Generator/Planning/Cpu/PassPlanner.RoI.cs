using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private void PlanRegions(RegionPool pool) => Image(
        new RoIKernel(StorageOf(pool.Input), StorageOf(pool.Result), pool.Spec), Read(pool.Input), RegionsOf(pool.Result), Write(pool.Result));

    private void PlanRegionsGradient(RegionPoolGradient gradient)
    {
        RequireLiesAs(gradient.Result, gradient.Input);
        Argument[] map = gradient.Spec.Sampling is null ? [Read(gradient.Input)] : [];
        Image(
            new RoIGradientKernel(StorageOf(gradient.Input), StorageOf(gradient.Gradient), gradient.Spec),
            [.. map, RegionsOf(gradient.Gradient), Read(gradient.Gradient), Write(gradient.Result)]);
    }

    /// <summary>Four numbers for each row of a tensor.</summary>
    private static Argument RegionsOf(Tensor features) => new Argument.External(ExternalMemory.Regions, checked(features.Shape.Height * RegionSpec.RegionLength));
}
