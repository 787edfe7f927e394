using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private void PlanConstants(ChannelConstants constants) => Image(new ConstantsKernel(constants.Values), Write(constants.Result));

    private void PlanShuffle(ChannelShuffle shuffle) => Image(
        new ShuffleKernel(StorageOf(shuffle.Input), StorageOf(shuffle.Result), shuffle.Groups), Read(shuffle.Input), Write(shuffle.Result));

    private void PlanLargest(LargestChannel largest) => Image(
        new MaxoutKernel(StorageOf(largest.Input), StorageOf(largest.Result), largest.Pieces, PassKind.Forward), Read(largest.Input), Write(largest.Result));

    private void PlanLargestGradient(LargestChannelGradient gradient) => PlanLargestGradient(
        new MaxoutKernel(StorageOf(gradient.Input), StorageOf(gradient.Output), gradient.Pieces, PassKind.Backward),
        gradient.Input, gradient.Output, gradient.Gradient, gradient.Result);

    /// <summary>A gradient that goes to where the largest elements were.</summary>
    private void PlanLargestGradient(Kernel kernel, Tensor input, Tensor output, Tensor gradient, Tensor result)
    {
        RequireLiesAs(result, input);
        Image(kernel, Read(input), Read(output), ReadAs(gradient, StorageOf(output)), Write(result));
    }

    private void RequireLiesAs(Tensor gradient, Tensor input)
    {
        if (StorageOf(gradient) != StorageOf(input))
            throw new InvalidOperationException("The gradient of a selection lies as its input.");
    }

    private void PlanParts(LargestOfParts parts) => Image(
        new PartsKernel(StorageOf(parts.Input), StorageOf(parts.Result), PassKind.Forward), Read(parts.Input), Write(parts.Result));

    private void PlanPartsGradient(LargestOfPartsGradient gradient) => PlanLargestGradient(
        new PartsKernel(StorageOf(gradient.Input), StorageOf(gradient.Output), PassKind.Backward),
        gradient.Input, gradient.Output, gradient.Gradient, gradient.Result);

    private void PlanRandomPool(RandomPool pool) => Image(
        new RandomPoolKernel(StorageOf(pool.Input), StorageOf(pool.Result), ConvolutionPlanning.TapsOf(pool.Window), pool.Stream, PassKind.Forward),
        Read(pool.Input),
        Write(pool.Result),
        new Argument.Value(RunTimeValue.Seed),
        new Argument.Value(RunTimeValue.Image));

    private void PlanRandomPoolGradient(RandomPoolGradient gradient)
    {
        RequireLiesAs(gradient.Result, gradient.Input);
        var (input, output) = (StorageOf(gradient.Input), StorageOf(gradient.Gradient));
        Image(
            new RandomPoolKernel(input, output, ConvolutionPlanning.TapsOf(gradient.Window), gradient.Stream, PassKind.Backward),
            Read(gradient.Input),
            Read(gradient.Gradient),
            Write(gradient.Result),
            new Argument.Value(RunTimeValue.Seed),
            new Argument.Value(RunTimeValue.Image));
    }

    private void PlanStandardization(Standardization standardization)
    {
        var storage = StorageOf(standardization.Result);
        Image(new StandardizeKernel(storage, standardization.Spec, PassKind.Forward), ReadAs(standardization.Input, storage), Write(standardization.Result));
    }

    private void PlanStandardizationGradient(StandardizationGradient gradient)
    {
        var storage = StorageOf(gradient.Input);
        if (StorageOf(gradient.Result) != storage)
            throw new InvalidOperationException("A standardisation's gradient lies as its input.");
        Image(
            new StandardizeKernel(storage, gradient.Spec, PassKind.Backward), Read(gradient.Input), ReadAs(gradient.Gradient, storage), Write(gradient.Result));
    }
}
