using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

internal sealed partial class GpuPassPlanner
{
    private void PlanResampling(Resampling resampling)
    {
        var kernel = new GpuResamplingKernel(new GpuAxis(resampling.Rows), new GpuAxis(resampling.Columns), StorageOf(resampling.Input), StorageOf(resampling.Result));
        GpuArgument[] table = kernel.HasTable ? [_tables.Of(kernel.Table)] : [];
        Launch(kernel, [.. table, Read(resampling.Input), Write(resampling.Result)]);
    }

    private void PlanPartsGradient(LargestOfPartsGradient gradient) => Launch(
        new GpuLargestOfPartsGradientKernel(StorageOf(gradient.Input), StorageOf(gradient.Output), StrideOf(gradient.Gradient), StrideOf(gradient.Result)),
        [gradient.Input, gradient.Output, gradient.Gradient],
        Write(gradient.Result));

    private void PlanRandomPool(RandomPool pool) => Launch(
        new GpuRandomPoolKernel(new GpuWindows(StorageOf(pool.Input), StorageOf(pool.Result), pool.Window), pool.Stream), Read(pool.Input), Write(pool.Result));

    private void PlanRandomPoolGradient(RandomPoolGradient gradient)
    {
        var windows = new GpuWindows(StorageOf(gradient.Input), GpuStorage.Of(gradient.Gradient.Shape), gradient.Window);
        Launch(
            new GpuRandomPoolGradientKernel(windows, gradient.Stream, StrideOf(gradient.Gradient), StrideOf(gradient.Result)),
            [gradient.Input, gradient.Gradient],
            Write(gradient.Result));
    }

    private void PlanRegions(RegionPool pool) => Launch(
        new GpuRegionPoolKernel(pool.Spec, StorageOf(pool.Input), StorageOf(pool.Result)), Read(pool.Input), new GpuArgument.External(GpuExternal.Regions), Write(pool.Result));

    private void PlanRegionsGradient(RegionPoolGradient gradient)
    {
        // Means' gradient doesn't read the map: where that lies makes no other kernel.
        var isOfLargest = gradient.Spec.Sampling is null;
        var map = isOfLargest ? StorageOf(gradient.Input) : GpuStorage.Of(gradient.Input.Shape);
        GpuArgument[] read = isOfLargest ? [Read(gradient.Input)] : [];
        Launch(
            new GpuRegionPoolGradientKernel(gradient.Spec, map, StorageOf(gradient.Gradient), StrideOf(gradient.Result)),
            [.. read, new GpuArgument.External(GpuExternal.Regions), Read(gradient.Gradient), Write(gradient.Result)]);
    }

    private void PlanLocal(LocalProduct product)
    {
        var windows = new GpuWindows(StorageOf(product.Input), StorageOf(product.Result), product.Window);
        Tensor[] read = product.Bias is null ? [product.Input, product.Weight] : [product.Input, product.Weight, product.Bias];
        Launch(new GpuLocalProductKernel(windows, product.Bias is not null), read, Write(product.Result));
    }

    private void PlanLocalInputGradient(LocalInputGradient gradient)
    {
        var windows = new GpuWindows(GpuStorage.Of(gradient.Result.Shape), StorageOf(gradient.Gradient), gradient.Window);
        Launch(new GpuLocalInputGradientKernel(windows, StrideOf(gradient.Result)), [gradient.Gradient, gradient.Weight], Write(gradient.Result));
    }

    private void PlanLocalWeightGradient(LocalWeightGradient gradient)
    {
        var windows = new GpuWindows(StorageOf(gradient.Input), StorageOf(gradient.Gradient), gradient.Window);
        Launch(new GpuLocalWeightGradientKernel(windows), [gradient.Input, gradient.Gradient], Read(gradient.Result));
        if (gradient.BiasResult is { } bias)
            Launch(new GpuLocalBiasGradientKernel(windows.Output), Read(gradient.Gradient), Read(bias));
    }
}
