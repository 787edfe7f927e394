using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private void PlanPointwise(Pointwise pointwise)
    {
        var storage = StorageOf(pointwise.Result);
        var (operands, arguments) = OperandsFor(pointwise.Operands, storage, operand => pointwise.IsFull(operand));
        var result = Write(pointwise.Result);
        Image(new PointwiseKernel(pointwise.Expression, operands, storage), [.. arguments, result]);
    }

    private void PlanPixelSum(PixelSum sum)
    {
        var map = sum.Operands.First(operand => operand.IsImage && operand.Shape is { Height: var height, Width: var width } && (height > 1 || width > 1));
        var (operands, arguments) = OperandsFor(sum.Operands, StorageOf(map), operand => Pointwise.IsFull(operand, map));
        var kernel = new PixelSumKernel(sum.Expression, operands, sum.Result.Shape.Channels);
        var storage = StorageOf(sum.Result);
        var result = (Argument.Buffer)Write(sum.Result);
        if (storage.ChannelStride == 1)
        {
            Image(kernel, [.. arguments, result with { Offset = storage.Origin }]);
            return;
        }

        var vector = new Argument.Buffer(_program.Buffer(sum.Result.Name + "Vector", sum.Result.Shape.Channels, BufferKind.Worker));
        Image(kernel, [.. arguments, vector]);
        Image(new CopyKernel(Dense(sum.Result.Shape), storage, Size2.One), vector, result);
    }

    /// <summary>
    /// Operands as the kernels of expressions read them: maps in one kind of layout; what counts at every pixel as one float a channel, side by side.
    /// </summary>
    private (EquatableArray<PointwiseOperand> Operands, IReadOnlyList<Argument> Arguments) OperandsFor(
        IReadOnlyList<Tensor> tensors, Storage like, Func<Tensor, bool> isFull)
    {
        var operands = new List<PointwiseOperand>();
        var arguments = new List<Argument>();
        foreach (var tensor in tensors)
        {
            if (!tensor.IsImage)
            {
                operands.Add(new PointwiseOperand(null));
                arguments.Add(Read(tensor));
            }
            else if (isFull(tensor))
            {
                // A vector that is read where a map lies has the map's layout, as the others then have.
                var (storage, argument) = StorageOf(tensor) is var own && (own == like || own.Kind == like.Kind)
                    ? (own, Read(tensor))
                    : ReadAs(tensor, like.Kind, default);
                operands.Add(new PointwiseOperand(storage));
                arguments.Add(argument);
            }
            else
            {
                var storage = StorageOf(tensor);
                operands.Add(new PointwiseOperand(null));
                arguments.Add(storage.ChannelStride == 1 && Read(tensor) is Argument.Buffer buffer
                    ? buffer with { Offset = storage.Origin }
                    : CopyOf(tensor, Dense(tensor.Shape)));
            }
        }

        return (operands.ToEquatableArray(), arguments);
    }

    /// <summary>The halo is masked too: it is zero and stays so.</summary>
    private void PlanMask(RandomMask mask)
    {
        var storage = StorageOf(mask.Result);
        var input = ReadAs(mask.Input, storage);
        Image(
            new DropoutKernel(storage, _layout.PixelOrderOf(mask.Result), mask.Rate, mask.Stream),
            input,
            Write(mask.Result),
            new Argument.Value(RunTimeValue.Seed),
            new Argument.Value(RunTimeValue.Image));
    }

    private void PlanSoftmax(Softmax softmax)
    {
        var storage = StorageOf(softmax.Result);
        var input = ReadAs(softmax.Input, storage);
        Image(new SoftmaxKernel(storage, PassKind.Forward, softmax.IsLogarithm), input, Write(softmax.Result));
    }

    private void PlanSoftmaxGradient(SoftmaxGradient gradient)
    {
        var storage = StorageOf(gradient.Output);
        var source = ReadAs(gradient.Gradient, storage);
        var result = Write(gradient.Result);
        if (StorageOf(gradient.Result) != storage)
            throw new InvalidOperationException("A softmax's gradient lies as its output.");
        if (_memory.RootOf(gradient.Result) != _memory.RootOf(gradient.Gradient))
            Image(new CopyKernel(storage, storage, Size2.One), source, result);
        Image(new SoftmaxKernel(storage, PassKind.Backward, gradient.IsLogarithm), Read(gradient.Output), result);
    }

    private void PlanResponseNorm(ResponseNorm norm)
    {
        var storage = StorageOf(norm.Result);
        var input = ReadAs(norm.Input, storage);
        Image(new LocalResponseNormKernel(storage, norm.Spec, PassKind.Forward), input, Write(norm.Result));
    }

    private void PlanResponseNormGradient(ResponseNormGradient gradient)
    {
        var storage = StorageOf(gradient.Input);
        var by = ReadAs(gradient.Gradient, storage);
        Image(new LocalResponseNormKernel(storage, gradient.Spec, PassKind.Backward), Read(gradient.Input), by, Write(gradient.Result));
    }

    private void PlanPool(Pool pool)
    {
        var output = StorageOf(pool.Result);
        var (input, argument) = StorageOf(pool.Input).Kind == output.Kind || pool.IsGlobal
            ? (StorageOf(pool.Input), Read(pool.Input))
            : ReadAs(pool.Input, output.Kind, default);
        var result = Write(pool.Result);
        Image(new PoolKernel(pool.Function, input, output, ConvolutionPlanning.TapsOf(pool.Window), CountedEnd(pool.Function, pool.Window)), argument, result);
    }

    private void PlanPoolGradient(PoolGradient gradient)
    {
        var taps = ConvolutionPlanning.TapsOf(gradient.Window);
        var input = StorageOf(gradient.Input);
        var output = StorageOf(gradient.Output);
        var target = StorageOf(gradient.Result);
        var by = ReadAs(gradient.Gradient, output);
        var result = Write(gradient.Result);
        var kernel = new PoolGradientKernel(gradient.Function, input, output, output, target, taps, CountedEnd(gradient.Function, gradient.Window));
        if (gradient.Function == PoolFunction.Max)
            Image(kernel, Read(gradient.Input), Read(gradient.Output), by, result);
        else
            Image(kernel with { Input = target }, by, result);
    }

    /// <summary>The padding below and to the right that a mean counts among what it averages.</summary>
    private static Size2 CountedEnd(PoolFunction function, Window window) => function == PoolFunction.AverageWithPadding ? window.Padding.End : Size2.Zero;
}
