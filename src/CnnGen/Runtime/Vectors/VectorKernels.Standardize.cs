using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// Gives each group of an image's channels the mean 0 and the variance 1, over its channels and all pixels: y = (x - mean) / sqrt(variance + epsilon).
    /// Sums are doubles with a fixed number of strands, so that every instruction set gives the same bits.
    /// </summary>
    /// <param name="x">The first element.</param>
    /// <param name="y">Receives the result, laid out as <paramref name="x"/>; may be <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="groups">The number of groups, which divides it.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channelStride">Floats between neighbouring channels: 1 where a pixel's channels are neighbours.</param>
    /// <param name="rowStride">Floats between neighbouring rows.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels: 1 where a row's pixels are neighbours.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    [MethodImpl(Kernel)]
    public static void Standardize(float* x, float* y, int channels, int groups, int height, int width, nint channelStride, nint rowStride, nint pixelStride, float epsilon)
    {
        var parts = new GroupParts(channels / groups, height, width, channelStride, rowStride, pixelStride);
        for (nint group = 0; group < groups; group++)
        {
            var offset = group * parts.Channels * channelStride;
            var mean = GroupSum(x + offset, x + offset, parts, 0, default(PlainTerm)) / parts.Count;
            var variance = GroupSum(x + offset, x + offset, parts, mean, default(DeviationTerm)) / parts.Count;
            var map = new StandardizeMap((float)mean, (float)(1 / Math.Sqrt(variance + epsilon)));
            for (nint i = 0; i < parts.Runs; i++)
            {
                var at = offset + parts.Offset(i);
                Map(x + at, y + at, parts.RunLength, map);
            }
        }
    }

    /// <summary>
    /// The gradient through <see cref="Standardize"/>: with d = 1 / sqrt(variance + epsilon) and y its result,
    /// d * (g - mean of g - y * mean of (g * y)) over each group.
    /// </summary>
    /// <param name="x">What was standardised.</param>
    /// <param name="g">The gradient by the result, laid out as <paramref name="x"/>.</param>
    /// <param name="dx">Receives the gradient by <paramref name="x"/>, laid out as it; may be <paramref name="g"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="groups">The number of groups.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="rowStride">Floats between neighbouring rows.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    [MethodImpl(Kernel)]
    public static void StandardizeBackward(
        float* x, float* g, float* dx, int channels, int groups, int height, int width, nint channelStride, nint rowStride, nint pixelStride, float epsilon)
    {
        var parts = new GroupParts(channels / groups, height, width, channelStride, rowStride, pixelStride);
        for (nint group = 0; group < groups; group++)
        {
            var offset = group * parts.Channels * channelStride;
            var mean = GroupSum(x + offset, x + offset, parts, 0, default(PlainTerm)) / parts.Count;
            var scale = 1 / Math.Sqrt((GroupSum(x + offset, x + offset, parts, mean, default(DeviationTerm)) / parts.Count) + epsilon);
            var ofGradient = GroupSum(g + offset, g + offset, parts, 0, default(PlainTerm)) / parts.Count;
            var ofProduct = GroupSum(x + offset, g + offset, parts, mean, default(ProductTerm)) * scale / parts.Count;
            var zip = new StandardizeGradient((float)mean, (float)scale, (float)ofGradient, (float)ofProduct);
            for (nint i = 0; i < parts.Runs; i++)
            {
                var at = offset + parts.Offset(i);
                Zip(x + at, g + at, dx + at, parts.RunLength, zip);
            }
        }
    }

    /// <summary>Gives the channels at each pixel the mean 0 and the variance 1, of planes.</summary>
    /// <param name="x">The first element.</param>
    /// <param name="y">Receives the result, laid out as <paramref name="x"/>; may be <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="width">Pixels, side by side.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    [MethodImpl(Kernel)]
    public static void StandardizePixels(float* x, float* y, int channels, int width, nint channelStride, float epsilon)
    {
        for (nint p = 0; p < width; p += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, width - p);
            var (mean, scale) = PixelMoments(x + p, channels, count, channelStride, epsilon);
            for (nint c = 0; c < channels; c++)
                StoreCount(y + p + (c * channelStride), TUnit.Multiply(TUnit.Subtract(LoadCount(x + p + (c * channelStride), count), mean), scale), count);
        }
    }

    /// <summary>The gradient through <see cref="StandardizePixels"/>.</summary>
    /// <param name="x">What was standardised.</param>
    /// <param name="g">The gradient by the result, laid out as <paramref name="x"/>.</param>
    /// <param name="dx">Receives the gradient by <paramref name="x"/>, laid out as it; may be <paramref name="g"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="width">Pixels, side by side.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    [MethodImpl(Kernel)]
    public static void StandardizePixelsBackward(float* x, float* g, float* dx, int channels, int width, nint channelStride, float epsilon)
    {
        var share = TUnit.Broadcast(1f / channels);
        for (nint p = 0; p < width; p += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, width - p);
            var (mean, scale) = PixelMoments(x + p, channels, count, channelStride, epsilon);
            var (sum, products) = (TUnit.Broadcast(0f), TUnit.Broadcast(0f));
            for (nint c = 0; c < channels; c++)
            {
                var by = LoadCount(g + p + (c * channelStride), count);
                sum = TUnit.Add(sum, by);
                products = TUnit.MultiplyAdd(by, TUnit.Subtract(LoadCount(x + p + (c * channelStride), count), mean), products);
            }

            var ofGradient = TUnit.Multiply(sum, share);
            var ofProduct = TUnit.Multiply(TUnit.Multiply(products, scale), share);
            for (nint c = 0; c < channels; c++)
            {
                var y = TUnit.Multiply(TUnit.Subtract(LoadCount(x + p + (c * channelStride), count), mean), scale);
                var rest = TUnit.MultiplySubtractFrom(y, ofProduct, TUnit.Subtract(LoadCount(g + p + (c * channelStride), count), ofGradient));
                StoreCount(dx + p + (c * channelStride), TUnit.Multiply(scale, rest), count);
            }
        }
    }

    /// <summary>The mean of the channels at some pixels, and 1 / sqrt(variance + epsilon).</summary>
    [MethodImpl(Inline)]
    private static (TVector Mean, TVector Scale) PixelMoments(float* x, int channels, int count, nint channelStride, float epsilon)
    {
        var share = TUnit.Broadcast(1f / channels);
        var sum = TUnit.Broadcast(0f);
        for (nint c = 0; c < channels; c++)
            sum = TUnit.Add(sum, LoadCount(x + (c * channelStride), count));
        var mean = TUnit.Multiply(sum, share);
        var squares = TUnit.Broadcast(0f);
        for (nint c = 0; c < channels; c++)
        {
            var difference = TUnit.Subtract(LoadCount(x + (c * channelStride), count), mean);
            squares = TUnit.MultiplyAdd(difference, difference, squares);
        }

        return (mean, TUnit.Divide(TUnit.Broadcast(1f), TUnit.SquareRoot(TUnit.MultiplyAdd(squares, share, TUnit.Broadcast(epsilon)))));
    }

    [MethodImpl(Inline)]
    private static double GroupSum<TTerm>(float* x, float* g, GroupParts parts, double mean, TTerm term)
        where TTerm : struct, ITerm
    {
        double sum = 0;
        for (nint i = 0; i < parts.Outer; i++)
        {
            var offset = i * parts.OuterStride;
            sum += Accumulate(x + offset, parts.InnerStride, g + offset, parts.InnerStride, parts.Inner, parts.RunLength, mean, term);
        }

        return sum;
    }

    /// <summary>A group's elements as runs of neighbours: a row of each plane, or the group's channels of each pixel.</summary>
    private readonly struct GroupParts(int channels, int height, int width, nint channelStride, nint rowStride, nint pixelStride)
    {
        private bool IsPlanar => pixelStride == 1 && channelStride != 1;

        public int Channels => channels;

        public double Count => (double)channels * height * width;

        public nint Outer => IsPlanar ? channels : height;

        public nint OuterStride => IsPlanar ? channelStride : rowStride;

        public nint Inner => IsPlanar ? height : width;

        public nint InnerStride => IsPlanar ? rowStride : pixelStride;

        public nint RunLength => IsPlanar ? width : channels;

        public nint Runs => Outer * Inner;

        public nint Offset(nint run) => (run / Inner * OuterStride) + (run % Inner * InnerStride);
    }

    private readonly struct StandardizeMap(float mean, float scale) : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => TUnit.Multiply(TUnit.Subtract(x, TUnit.Broadcast(mean)), TUnit.Broadcast(scale));
    }

    private readonly struct StandardizeGradient(float mean, float scale, float ofGradient, float ofProduct) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x, TVector g)
        {
            var y = TUnit.Multiply(TUnit.Subtract(x, TUnit.Broadcast(mean)), TUnit.Broadcast(scale));
            var rest = TUnit.MultiplySubtractFrom(y, TUnit.Broadcast(ofProduct), TUnit.Subtract(g, TUnit.Broadcast(ofGradient)));
            return TUnit.Multiply(TUnit.Broadcast(scale), rest);
        }
    }
}
