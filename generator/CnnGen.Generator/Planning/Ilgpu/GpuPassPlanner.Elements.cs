using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

internal sealed partial class GpuPassPlanner
{
    private void PlanPointwise(Pointwise pointwise) => Launch(
        new GpuPointwiseKernel(pointwise.Expression, OperandsOf(pointwise.Operands, pointwise.Result), StorageOf(pointwise.Result)),
        [.. pointwise.Operands.Select(Read), Write(pointwise.Result)]);

    private void PlanPixelSum(PixelSum sum)
    {
        var map = sum.Operands.First(operand => operand.IsImage && operand.Shape is { Height: var height, Width: var width } && (height > 1 || width > 1));
        Launch(
            new GpuPixelSumKernel(sum.Expression, OperandsOf(sum.Operands, map), GpuStorage.Of(map.Shape), StrideOf(sum.Result)),
            [.. sum.Operands.Select(Read), Write(sum.Result)]);
    }

    private EquatableArray<GpuOperand> OperandsOf(IEnumerable<Tensor> operands, Tensor like) => operands.Select(operand => OperandOf(operand, like)).ToEquatableArray();

    private GpuOperand OperandOf(Tensor operand, Tensor like) =>
        !operand.IsImage ? new GpuOperand(GpuOperandKind.Channel, 0)
        : Pointwise.IsFull(operand, like) ? new GpuOperand(GpuOperandKind.Full, StrideOf(operand))
        : new GpuOperand(GpuOperandKind.ImageChannel, StrideOf(operand));

    private void PlanScores(StoreScores store)
    {
        var scores = new GpuArgument.External(GpuExternal.Scores);
        if (store.AppliesSoftmax)
            Launch(new GpuSoftmaxKernel(StorageOf(store.Source), GpuStorage.Of(store.Source.Shape), IsLogarithm: false), Read(store.Source), scores);
        else
            Copy(store.Source, GpuStorage.Of(store.Source.Shape), scores);
    }

    private void PlanConcatenate(Concatenate concatenate)
    {
        var whole = (GpuArgument.Buffer)Write(concatenate.Result);
        foreach (var (input, offset) in _places.Copied(concatenate))
            Copy(input, GpuStorage.Of(input.Shape) with { ImageStride = StrideOf(concatenate.Result) }, whole with { Offset = whole.Offset + offset });
    }

    private void PlanLoss(Loss loss)
    {
        var output = StorageOf(loss.Output);
        var kernel = new GpuLossKernel(loss.Kind, loss.Settings, output, StrideOf(loss.Gradient), loss.Weight, LossRules.PixelsOf(loss.Kind, loss.Output.Shape), loss.TargetLength);
        Launch(kernel, Read(loss.Output), new GpuArgument.External(GpuExternal.Targets), Write(loss.Gradient), new GpuArgument.External(GpuExternal.Losses, _lossLength));
        _lossLength += output.Pixels;
    }

    private void PlanPool(Pool pool) => Launch(
        new GpuPoolKernel(new GpuPooling(pool.Function, StorageOf(pool.Input), StorageOf(pool.Result), pool.Window)), Read(pool.Input), Write(pool.Result));

    private void PlanPoolGradient(PoolGradient gradient)
    {
        // A mean's gradient reads neither what was pooled nor what came of it: where they lie makes no other kernel.
        var isMaximum = gradient.Function == PoolFunction.Max;
        var (input, output) = isMaximum
            ? (StorageOf(gradient.Input), StorageOf(gradient.Output))
            : (GpuStorage.Of(gradient.Input.Shape), GpuStorage.Of(gradient.Output.Shape));
        var kernel = new GpuPoolGradientKernel(new GpuPooling(gradient.Function, input, output, gradient.Window), StrideOf(gradient.Gradient), StrideOf(gradient.Result));
        Launch(kernel, [.. isMaximum ? (Tensor[])[gradient.Input, gradient.Output] : [], .. new[] { gradient.Gradient }], Write(gradient.Result));
    }

    private void Launch(GpuKernel kernel, IReadOnlyList<Tensor> read, GpuArgument result) => Launch(kernel, [.. read.Select(Read), result]);

    private void PlanSoftmaxGradient(SoftmaxGradient gradient) => Launch(
        new GpuSoftmaxGradientKernel(StorageOf(gradient.Output), StrideOf(gradient.Gradient), StrideOf(gradient.Result), gradient.IsLogarithm),
        [gradient.Output, gradient.Gradient],
        Write(gradient.Result));

    private void PlanResponseNormGradient(ResponseNormGradient gradient) => Launch(
        new GpuResponseNormGradientKernel(gradient.Spec, StorageOf(gradient.Input), StrideOf(gradient.Gradient), StrideOf(gradient.Result)),
        [gradient.Input, gradient.Gradient],
        Write(gradient.Result));

    private GpuStandardizationKernel StandardizationOf(StandardSpec spec, Tensor input, Tensor result) => new(spec, StorageOf(input), StrideOf(result));

    private void PlanStandardizationGradient(StandardizationGradient gradient) => Launch(
        new GpuStandardizationGradientKernel(StandardizationOf(gradient.Spec, gradient.Input, gradient.Result), StrideOf(gradient.Gradient)),
        [gradient.Input, gradient.Gradient],
        Write(gradient.Result));

    private void PlanLargestGradient(LargestChannelGradient gradient) => Launch(
        new GpuLargestChannelGradientKernel(gradient.Pieces, StorageOf(gradient.Input), StorageOf(gradient.Output), StrideOf(gradient.Gradient), StrideOf(gradient.Result)),
        [gradient.Input, gradient.Output, gradient.Gradient],
        Write(gradient.Result));
}
