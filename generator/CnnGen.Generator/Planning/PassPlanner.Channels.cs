using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Planning;

internal sealed partial class PassPlanner
{
    private void PlanShuffle(ChannelShuffle shuffle) => Image(
        new ShuffleKernel(StorageOf(shuffle.Input), StorageOf(shuffle.Result), shuffle.Groups), Read(shuffle.Input), Write(shuffle.Result));

    private void PlanLargest(LargestChannel largest) => Image(
        new MaxoutKernel(StorageOf(largest.Input), StorageOf(largest.Result), largest.Pieces, PassKind.Forward), Read(largest.Input), Write(largest.Result));

    private void PlanLargestGradient(LargestChannelGradient gradient)
    {
        var (input, output) = (StorageOf(gradient.Input), StorageOf(gradient.Output));
        if (StorageOf(gradient.Result) != input)
            throw new InvalidOperationException("The gradient of a largest channel lies as the input.");
        Image(
            new MaxoutKernel(input, output, gradient.Pieces, PassKind.Backward),
            Read(gradient.Input),
            Read(gradient.Output),
            ReadAs(gradient.Gradient, output),
            Write(gradient.Result));
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
