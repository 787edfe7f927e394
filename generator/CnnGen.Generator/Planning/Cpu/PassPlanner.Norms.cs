using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    /// <summary>A norm's factors, and its addends with the bias of the layer before it.</summary>
    private (Argument Scales, Argument Shifts) PlanRunningCoefficients(FoldedNorm norm, Tensor? bias)
    {
        // Buffers are whole vectors, as the bias is: unused lanes are zero.
        var (scales, shifts) = (Write(norm.Scales), Write(norm.Shifts));
        var parameters = norm.Parameters;
        Prepare(
            new FoldNormKernel(norm.Scales.Shape.Channels, bias is not null, parameters.Epsilon),
            [.. parameters.Tensors.Select(Read), .. Optional.Of(bias).Select(Read), scales, shifts]);
        return (scales, shifts);
    }

    /// <summary>
    /// The batch's mean, then its variance around that mean: two passes with a barrier after each. Chunks keep sums of their own, which are
    /// added up in order, so that the result doesn't depend on the number of threads.
    /// </summary>
    private void PlanBatchStatistics(BatchStatistics statistics)
    {
        var input = statistics.Input;
        var channels = input.Shape.Channels;
        var storage = StorageOf(input);
        var sums = _program.Buffer(Name + "Sums", channels, BufferKind.Chunk, isDouble: true);
        var squares = _program.Buffer(Name + "Squares", channels, BufferKind.Chunk, isDouble: true);
        var (means, deviations) = (Write(statistics.Coefficients.Means), Write(statistics.Coefficients.InverseDeviations));
        var (scales, shifts) = (Write(statistics.Coefficients.Scales), Write(statistics.Coefficients.Shifts));
        var parameters = statistics.Parameters;
        var elements = new Argument.Value(RunTimeValue.Count, input.Shape.Height * input.Shape.Width);

        _program.ChunkStart(Once(Clear(sums)));
        Image(new BatchNormSumsKernel(storage), Read(input), new Argument.Buffer(sums));
        _program.Barrier(
            Once(SumChannels(sums, means, channels)),
            Once(new Call(RunTimeMethod.BatchNormMeans, means, elements, new Argument.Integer(channels))));
        _program.ChunkStart(Once(Clear(squares)));
        Image(new BatchNormSquaresKernel(storage), Read(input), means, new Argument.Buffer(squares));
        _program.Barrier(
            Once(SumChannels(squares, deviations, channels)),
            Once(new Call(
                RunTimeMethod.BatchNormTrainingCoefficients,
                means,
                deviations,
                elements,
                Read(parameters.Weight),
                Read(parameters.Bias),
                new Argument.Float(parameters.Epsilon),
                new Argument.Float(parameters.Momentum),
                Read(parameters.RunningMean),
                Read(parameters.RunningVariance),
                scales,
                shifts,
                new Argument.Integer(channels))));
    }

    private void PlanNormGradient(NormGradient gradient)
    {
        var input = gradient.Input;
        var channels = input.Shape.Channels;
        var storage = StorageOf(input);
        var partials = _program.Buffer(Name + "GradientSums", channels, BufferKind.Chunk, isDouble: true);
        var productPartials = _program.Buffer(Name + "ProductSums", channels, BufferKind.Chunk, isDouble: true);
        var sums = new Argument.Buffer(_program.Buffer(Name + "GradientSum", channels, BufferKind.Shared, isDouble: true));
        var products = new Argument.Buffer(_program.Buffer(Name + "ProductSum", channels, BufferKind.Shared, isDouble: true));
        var (gradientStorage, by) = ReadAs(gradient.Gradient, storage.Kind, default);

        _program.ChunkStart(Once(Clear(partials)));
        _program.ChunkStart(Once(Clear(productPartials)));
        Image(
            new BatchNormGradientSumsKernel(storage, gradientStorage),
            Read(input),
            by,
            Read(gradient.Coefficients.Means),
            new Argument.Buffer(partials),
            new Argument.Buffer(productPartials));
        _program.Barrier(
            Once(SumChannels(partials, sums, channels)),
            Once(SumChannels(productPartials, products, channels)),
            Once(new Call(
                RunTimeMethod.BatchNormBackwardCoefficients,
                Read(gradient.Coefficients.Means),
                Read(gradient.Coefficients.InverseDeviations),
                sums,
                products,
                new Argument.Value(RunTimeValue.Count, input.Shape.Height * input.Shape.Width),
                Read(gradient.Parameters.Weight),
                Read(gradient.WeightGradient),
                Read(gradient.BiasGradient),
                Write(gradient.Result.A),
                Write(gradient.Result.B),
                Write(gradient.Result.D),
                new Argument.Integer(channels))));
    }

    private static Call Clear(PlanBuffer buffer) =>
        new(RunTimeMethod.Clear, new Argument.Buffer(buffer), new Argument.Integer(buffer.Length));

    private static Call SumChannels(PlanBuffer partials, Argument result, int channels) => new(
        RunTimeMethod.SumChannelPartials,
        new Argument.Buffer(partials),
        new Argument.Value(RunTimeValue.Chunks),
        result,
        new Argument.Integer(channels));
}
