using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private void PlanLocal(LocalProduct product)
    {
        Argument[] weights = product.Bias is null ? [Read(product.Weight)] : [Read(product.Weight), Read(product.Bias)];
        var kernel = new LocalProductKernel(
            PixelsOf(product.Input), PixelsOf(product.Result), ConvolutionPlanning.TapsOf(product.Window), product.Bias is not null);
        Image(kernel, [Read(product.Input), .. weights, Write(product.Result)]);
    }

    private void PlanLocalGradient(LocalInputGradient gradient) => Image(
        new LocalInputGradientKernel(PixelsOf(gradient.Result), PixelsOf(gradient.Gradient), ConvolutionPlanning.TapsOf(gradient.Window)),
        Read(gradient.Gradient),
        Read(gradient.Weight),
        Write(gradient.Result));

    private void PlanLocalWeightGradient(LocalWeightGradient gradient)
    {
        Argument[] results = gradient.BiasResult is null ? [Read(gradient.Result)] : [Read(gradient.Result), Read(gradient.BiasResult)];
        var kernel = new LocalWeightGradientKernel(
            PixelsOf(gradient.Input), PixelsOf(gradient.Gradient), ConvolutionPlanning.TapsOf(gradient.Window), gradient.BiasResult is not null);
        _program.AtEnd(new Region.Units(
            Once(kernel, [Read(gradient.Input), Read(gradient.Gradient), .. results, new Argument.Value(RunTimeValue.Count)])));
    }

    private Storage PixelsOf(Tensor tensor) => StorageOf(tensor) is { Kind: StorageKind.Pixels } storage
        ? storage
        : throw new InvalidOperationException($"{tensor.Name} lies as {StorageOf(tensor).Kind}, where pixels are read.");
}
