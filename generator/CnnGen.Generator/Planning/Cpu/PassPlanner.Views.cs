using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private void PlanLoad(LoadImage load)
    {
        if (IsReadInPlace(load.Result))
            return;
        var result = Write(load.Result);
        Image(
            new CopyKernel(_layout.OuterOf(load.Result.Shape), StorageOf(load.Result), Size2.One),
            new Argument.External(ExternalMemory.Images, checked((int)load.Result.Shape.Length)),
            result);
    }

    private void PlanImageGradient(StoreImageGradient store) => Image(
        new CopyKernel(StorageOf(store.Gradient), _layout.OuterOf(store.Gradient.Shape), Size2.One),
        Read(store.Gradient),
        new Argument.External(ExternalMemory.ImageGradients, checked((int)store.Gradient.Shape.Length)));

    private void PlanScores(StoreScores store)
    {
        if (IsStoredInPlace(store.Source))
            return;
        var shape = store.Source.Shape;
        var scores = new Argument.External(ExternalMemory.Scores, checked((int)shape.Length));
        if (!store.AppliesSoftmax)
            Image(new CopyKernel(StorageOf(store.Source), _layout.OuterOf(shape), Size2.One), Read(store.Source), scores);
        else if (_layout.IsInterleaved(shape))
            Image(new SoftmaxKernel(_layout.OuterOf(shape), PassKind.Forward), ReadAs(store.Source, _layout.OuterOf(shape)), scores);
        else
            Image(new SoftmaxKernel(shape.Height > 1 || shape.Width > 1 ? Storage.Planes(shape) : Dense(shape), PassKind.Forward), AsVector(store.Source), scores);
    }

    /// <summary>The loss reads and writes vectors in C x H x W order.</summary>
    private void PlanLoss(Loss loss)
    {
        var storage = StorageOf(loss.Output);
        var length = checked((int)loss.Output.Shape.Length);
        var outputs = AsVector(loss.Output);
        var isVector = IsVector(storage);
        var gradient = isVector ? Write(loss.Gradient) : new Argument.Buffer(_program.Buffer(Name + "OutputGradient", length, BufferKind.Image));
        Image(
            new LossKernel(loss.Kind, loss.Settings, length, loss.Weight, loss.IsFirst, LossRules.PixelsOf(loss.Kind, loss.Output.Shape)),
            outputs,
            TargetsOf(loss),
            gradient,
            new Argument.External(ExternalMemory.Losses, 1),
            new Argument.Value(RunTimeValue.LossScale));
        if (!isVector)
            Image(new CopyKernel(Dense(loss.Output.Shape), storage, Size2.One), gradient, Write(loss.Gradient));
    }

    /// <summary>What is wanted of an image, in C x H x W order.</summary>
    private Argument TargetsOf(Loss loss)
    {
        var targets = new Argument.External(ExternalMemory.Targets, loss.TargetLength);
        var shape = loss.TargetShape;
        if (!_layout.IsInterleaved(shape))
            return targets;
        var planes = new Argument.Buffer(_program.Buffer(Name + "Targets", loss.TargetLength, BufferKind.Worker));
        Image(new CopyKernel(_layout.OuterOf(shape), Dense(shape), Size2.One), targets, planes);
        return planes;
    }

    private static bool IsVector(Storage storage) =>
        storage.Kind == StorageKind.Vector || (storage.Kind == StorageKind.Pixels && storage.Height * storage.Width == 1 && storage.Halo == default);

    private readonly Dictionary<Tensor, Argument> _vectors = [];

    /// <summary>A tensor's elements in C x H x W order, side by side.</summary>
    private Argument AsVector(Tensor tensor)
    {
        if (IsVector(StorageOf(tensor)))
            return Read(tensor);
        if (!_vectors.TryGetValue(tensor, out var vector))
        {
            var dense = Dense(tensor.Shape);
            vector = new Argument.Buffer(_program.Buffer(tensor.Name + "Outputs", dense.Length, BufferKind.Image));
            _program.Add(StepOf(StepScope.Image, new Call(new CopyKernel(StorageOf(tensor), dense, Size2.One), Read(tensor), vector)) with { When = null });
            _vectors.Add(tensor, vector);
        }

        return vector;
    }

    private void PlanReshape(Reshape reshape)
    {
        if (!_layout.IsInPlace(reshape))
            Image(new CopyKernel(StorageOf(reshape.Input), StorageOf(reshape.Result), Size2.One), Read(reshape.Input), Write(reshape.Result));
    }

    private void PlanAsPixels(AsPixels pixels)
    {
        if (_memory.RootOf(pixels.Result) != RootOf(pixels.Input))
            Image(new CopyKernel(StorageOf(pixels.Input), StorageOf(pixels.Result), Size2.One), Read(pixels.Input), Write(pixels.Result));

        Tensor RootOf(Tensor tensor) => IsReadInPlace(tensor) ? tensor : _memory.RootOf(tensor);
    }

    /// <summary>What convolutions compute at once where a concatenation has it: the whole, and where in it the part begins.</summary>
    private readonly Dictionary<Tensor, (Tensor Whole, int Offset)> _parts = [];

    /// <summary>
    /// A prediction's convolution stores its pixels between those of other parts, if nobody else reads them, its filters are whole vectors, and it adds no other tensor, which would have to lie
    /// between them too. Training keeps each part by itself.
    /// </summary>
    private void FindParts(IReadOnlyList<Operation> operations)
    {
        if (_isTraining)
            return;
        foreach (var concatenate in operations.OfType<Concatenate>().Where(one => _layout.StorageOf(one.Result).Kind == StorageKind.Pixels))
        {
            foreach (var (input, offset) in OffsetsOf(concatenate))
            {
                if (input.Shape.Channels % Storage.Lanes == 0
                    && _layout.StorageOf(input).Kind == StorageKind.Pixels
                    && _readers.Producer(input) is Convolution { After.Operands.Count: 0 }
                    && _readers.Only(input) == concatenate
                    && concatenate.Inputs.Count(other => other == input) == 1)
                {
                    _parts.Add(input, (concatenate.Result, offset));
                }
            }
        }
    }

    /// <summary>Where in the whole each part begins.</summary>
    private IEnumerable<(Tensor Input, int Offset)> OffsetsOf(Concatenate concatenate)
    {
        var stride = _layout.StorageOf(concatenate.Result).ChannelStride;
        var first = 0;
        foreach (var input in concatenate.Inputs)
        {
            yield return (input, first * stride);
            first += input.Shape.Channels;
        }
    }

    private void PlanConcatenate(Concatenate concatenate)
    {
        var storage = StorageOf(concatenate.Result);
        var target = (Argument.Buffer)Write(concatenate.Result);
        foreach (var (input, offset) in OffsetsOf(concatenate).Where(part => !_parts.ContainsKey(part.Input)))
            Image(new CopyKernel(StorageOf(input), storage.Slice(input.Shape.Channels), Size2.One), Read(input), target with { Offset = offset });
    }

    private void PlanSlice(Slice slice)
    {
        var source = (Argument.Buffer)Read(slice.Input);
        var storage = StorageOf(slice.Input);
        Image(
            new CopyKernel(storage.Slice(slice.Result.Shape.Channels), StorageOf(slice.Result), Size2.One),
            source with { Offset = slice.FirstChannel * storage.ChannelStride },
            Write(slice.Result));
    }

    private void PlanSliceGradient(SliceGradient gradient)
    {
        var storage = StorageOf(gradient.Result);
        var result = (Argument.Buffer)Write(gradient.Result);
        _program.Add(StepOf(StepScope.Image, new Call(RunTimeMethod.Clear, result, new Argument.Integer(storage.Length))));
        Image(
            new CopyKernel(StorageOf(gradient.Gradient), storage.Slice(gradient.Gradient.Shape.Channels), Size2.One),
            Read(gradient.Gradient),
            result with { Offset = gradient.FirstChannel * storage.ChannelStride });
    }

    private void PlanResampling(Resampling resampling)
    {
        var output = StorageOf(resampling.Result);
        var (input, argument) = ReadAs(resampling.Input, output.Kind, default);
        Image(new ResampleKernel(input, output, resampling.Rows, resampling.Columns), argument, Write(resampling.Result));
    }

    /// <summary>The gradient of a mean gives each pixel of a window the same share of what it spreads.</summary>
    private void PlanUpsampling(Upsampling upsampling)
    {
        var (input, output) = (StorageOf(upsampling.Input), StorageOf(upsampling.Result));
        var taps = new Taps(upsampling.Factor, upsampling.Factor, Size2.One, Size2.Zero);
        var result = Write(upsampling.Result);
        Image(new PoolGradientKernel(PoolFunction.AverageInside, output, input, input, output, taps), Read(upsampling.Input), result);
        var factor = new Expression.Constant(upsampling.Factor.Height * upsampling.Factor.Width);
        Image(new PointwiseKernel(new Expression.Multiply(factor, Expression.X), [new PointwiseOperand(output)], output), result, result);
    }
}
