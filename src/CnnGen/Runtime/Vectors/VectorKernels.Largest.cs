using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary><see cref="ChannelKernels.LargestOfParts"/>, in vectors over the channels where they are side by side.</summary>
    /// <param name="input">The first element.</param>
    /// <param name="output">The first element of the result.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the output's lie.</param>
    [MethodImpl(Kernel)]
    public static void LargestOfParts(float* input, float* output, int channels, MapStrides from, MapStrides to)
    {
        if (from.Channel != 1 || to.Channel != 1)
        {
            ChannelKernels.LargestOfParts(input, output, channels, from, to);
            return;
        }

        for (var i = 0; i < to.Height; i++)
        {
            var (firstRow, endRow) = ChannelKernels.Part(i, to.Height, from.Height);
            for (var j = 0; j < to.Width; j++)
            {
                var (firstColumn, endColumn) = ChannelKernels.Part(j, to.Width, from.Width);
                for (nint c = 0; c < channels; c += TUnit.Lanes)
                {
                    var count = (int)Math.Min(TUnit.Lanes, channels - c);
                    var largest = LoadCount(input + (firstRow * from.Row) + (firstColumn * from.Pixel) + c, count);
                    for (var row = firstRow; row < endRow; row++)
                    {
                        for (var column = firstColumn; column < endColumn; column++)
                            largest = Larger(largest, LoadCount(input + (row * from.Row) + (column * from.Pixel) + c, count));
                    }

                    StoreCount(output + (i * to.Row) + (j * to.Pixel) + c, largest, count);
                }
            }
        }
    }

    /// <summary><see cref="ChannelKernels.LargestOfPartsBackward"/>, in vectors over the channels where they are side by side.</summary>
    /// <param name="input">The first element that was read.</param>
    /// <param name="result">The first of the largest.</param>
    /// <param name="gradient">The gradient by them, laid out as they are.</param>
    /// <param name="inputGradient">Receives the gradient by the input, laid out as it.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the result's lie.</param>
    [MethodImpl(Kernel)]
    public static void LargestOfPartsBackward(float* input, float* result, float* gradient, float* inputGradient, int channels, MapStrides from, MapStrides to)
    {
        if (from.Channel != 1 || to.Channel != 1)
        {
            ChannelKernels.LargestOfPartsBackward(input, result, gradient, inputGradient, channels, from, to);
            return;
        }

        for (nint row = 0; row < from.Height; row++)
        {
            for (nint column = 0; column < from.Width; column++)
                new Span<float>(inputGradient + (row * from.Row) + (column * from.Pixel), channels).Clear();
        }

        for (var i = 0; i < to.Height; i++)
        {
            var (firstRow, endRow) = ChannelKernels.Part(i, to.Height, from.Height);
            for (var j = 0; j < to.Width; j++)
            {
                var (firstColumn, endColumn) = ChannelKernels.Part(j, to.Width, from.Width);
                for (nint c = 0; c < channels; c += TUnit.Lanes)
                {
                    var count = (int)Math.Min(TUnit.Lanes, channels - c);
                    var of = (i * to.Row) + (j * to.Pixel) + c;
                    var largest = LoadCount(result + of, count);
                    var rest = LoadCount(gradient + of, count);
                    for (var row = firstRow; row < endRow; row++)
                    {
                        for (var column = firstColumn; column < endColumn; column++)
                        {
                            var place = (row * from.Row) + (column * from.Pixel) + c;
                            rest = PassOn(LoadCount(input + place, count), largest, rest, out var share);
                            StoreCount(inputGradient + place, TUnit.Add(LoadCount(inputGradient + place, count), share), count);
                        }
                    }
                }
            }
        }
    }

    /// <summary><see cref="ChannelKernels.Maxout"/>, in vectors along the rows of planes.</summary>
    /// <param name="input">The first element.</param>
    /// <param name="output">The first element of the result.</param>
    /// <param name="channels">The channels of the result.</param>
    /// <param name="pieces">The channels that become one.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the output's lie.</param>
    [MethodImpl(Kernel)]
    public static void Maxout(float* input, float* output, int channels, int pieces, MapStrides from, MapStrides to)
    {
        if (from.Pixel != 1 || to.Pixel != 1 || from.Width == 1)
        {
            ChannelKernels.Maxout(input, output, channels, pieces, from, to);
            return;
        }

        for (nint c = 0; c < channels; c++)
        {
            for (nint row = 0; row < from.Height; row++)
            {
                var x = input + (c * pieces * from.Channel) + (row * from.Row);
                var y = output + (c * to.Channel) + (row * to.Row);
                for (nint column = 0; column < from.Width; column += TUnit.Lanes)
                {
                    var count = (int)Math.Min(TUnit.Lanes, from.Width - column);
                    var largest = LoadCount(x + column, count);
                    for (nint piece = 1; piece < pieces; piece++)
                        largest = Larger(largest, LoadCount(x + (piece * from.Channel) + column, count));
                    StoreCount(y + column, largest, count);
                }
            }
        }
    }

    /// <summary><see cref="ChannelKernels.MaxoutBackward"/>, in vectors along the rows of planes.</summary>
    /// <param name="input">The first element that was read.</param>
    /// <param name="result">The first of the largest.</param>
    /// <param name="gradient">The gradient by them, laid out as they are.</param>
    /// <param name="inputGradient">Receives the gradient by the input, laid out as it.</param>
    /// <param name="channels">The channels of the result.</param>
    /// <param name="pieces">The channels that became one.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the result's lie.</param>
    [MethodImpl(Kernel)]
    public static void MaxoutBackward(float* input, float* result, float* gradient, float* inputGradient, int channels, int pieces, MapStrides from, MapStrides to)
    {
        if (from.Pixel != 1 || to.Pixel != 1 || from.Width == 1)
        {
            ChannelKernels.MaxoutBackward(input, result, gradient, inputGradient, channels, pieces, from, to);
            return;
        }

        for (nint c = 0; c < channels; c++)
        {
            for (nint row = 0; row < from.Height; row++)
            {
                var at = (c * pieces * from.Channel) + (row * from.Row);
                var of = (c * to.Channel) + (row * to.Row);
                for (nint column = 0; column < from.Width; column += TUnit.Lanes)
                {
                    var count = (int)Math.Min(TUnit.Lanes, from.Width - column);
                    var largest = LoadCount(result + of + column, count);
                    var rest = LoadCount(gradient + of + column, count);
                    for (nint piece = 0; piece < pieces; piece++)
                    {
                        var place = at + (piece * from.Channel) + column;
                        rest = PassOn(LoadCount(input + place, count), largest, rest, out var share);
                        StoreCount(inputGradient + place, share, count);
                    }
                }
            }
        }
    }

    /// <summary>The larger of what was found and an element; not a number once either is.</summary>
    [MethodImpl(Inline)]
    private static TVector Larger(TVector found, TVector element) => TUnit.SelectAtLeast(
        TUnit.AsInts(TUnit.Abs(element)), TUnit.BroadcastInts(0x7F80_0001), element, TUnit.Max(element, found));

    /// <summary>What is left of a gradient for later elements once those that are the largest have had it.</summary>
    [MethodImpl(Inline)]
    private static TVector PassOn(TVector element, TVector largest, TVector rest, out TVector share)
    {
        var zero = TUnit.Broadcast(0f);
        share = TUnit.SelectGreater(largest, element, zero, rest);
        return TUnit.SelectGreater(largest, element, rest, zero);
    }
}
