using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

internal sealed partial class GpuPassPlanner
{
    /// <summary>A norm's factors, and its addends with the bias of the layer before it.</summary>
    private (GpuArgument Scales, GpuArgument Shifts) PlanRunningCoefficients(FoldedNorm norm, Tensor? bias)
    {
        var (scales, shifts) = (Write(norm.Scales), Write(norm.Shifts));
        Prepare(
            new GpuFoldNormKernel(norm.Scales.Shape.Channels, bias is not null, norm.Parameters.Epsilon),
            [.. norm.Parameters.Tensors.Select(Read), .. Optional.Of(bias).Select(Read), scales, shifts]);
        return (scales, shifts);
    }

    /// <summary>The batch's mean, then its variance around that mean, each in two stages: parts of the batch, and their sums.</summary>
    private void PlanBatchStatistics(BatchStatistics statistics)
    {
        var (input, parameters, coefficients) = (statistics.Input, statistics.Parameters, statistics.Coefficients);
        var (channels, pixels) = (input.Shape.Channels, input.Shape.Height * input.Shape.Width);
        var parts = GpuChannelSumsKernel.PartsFor(channels);
        var sums = Scratch((long)channels * parts);
        var means = Write(coefficients.Means);
        var map = new GpuOperand(GpuOperandKind.Full, StrideOf(input));
        Launch(new GpuChannelSumsKernel([Expression.X], [map], channels, pixels, parts), Read(input), sums);
        Launch(new GpuMeansKernel(channels, pixels, parts), sums, means);

        var difference = new Expression.Subtract(Expression.X, new Expression.Operand(1));
        Launch(
            new GpuChannelSumsKernel([new Expression.Multiply(difference, difference)], [map, new GpuOperand(GpuOperandKind.Channel, 0)], channels, pixels, parts),
            Read(input),
            means,
            sums);
        Launch(
            new GpuNormCoefficientsKernel(channels, pixels, parts, parameters.Epsilon, parameters.Momentum),
            [sums, means, .. parameters.Tensors.Select(Read), Write(coefficients.InverseDeviations), Write(coefficients.Scales), Write(coefficients.Shifts)]);
    }

    private void PlanNormGradient(NormGradient gradient)
    {
        var (channels, pixels) = (gradient.Input.Shape.Channels, gradient.Input.Shape.Height * gradient.Input.Shape.Width);
        var parts = GpuChannelSumsKernel.PartsFor(channels);
        var sums = Scratch(2L * channels * parts);

        // The gradient is operand 0, what was normalised 1, the means 2.
        var product = new Expression.Multiply(Expression.X, new Expression.Subtract(new Expression.Operand(1), new Expression.Operand(2)));
        Launch(
            new GpuChannelSumsKernel(
                [Expression.X, product],
                [
                    new GpuOperand(GpuOperandKind.Full, StrideOf(gradient.Gradient)),
                    new GpuOperand(GpuOperandKind.Full, StrideOf(gradient.Input)),
                    new GpuOperand(GpuOperandKind.Channel, 0),
                ],
                channels,
                pixels,
                parts),
            Read(gradient.Gradient),
            Read(gradient.Input),
            Read(gradient.Coefficients.Means),
            sums);
        Launch(
            new GpuNormGradientKernel(channels, pixels, parts),
            [
                sums, Read(gradient.Coefficients.Means), Read(gradient.Coefficients.InverseDeviations), Read(gradient.Parameters.Weight), Read(gradient.WeightGradient), Read(gradient.BiasGradient),
                .. gradient.Result.Tensors.Select(Write),
            ]);
    }
}
