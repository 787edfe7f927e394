using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <remarks>
/// Batch normalisation (Ioffe, Szegedy 2015, algorithm 1) over maps whose channels lie next to each other: rows of pixels,
/// channel c of pixel p of row r at r * rowStride + p * pixelStride + c. Sums are doubles and are added to what is
/// there, so a batch is a loop over its images (clear them first). Mean first, then the squares around it: no cancellation.
/// </remarks>
public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    private const int MostLanes = 16;

    /// <summary>What each pixel adds to the two sums of a channel.</summary>
    private interface IChannelTerm
    {
        TWide AddToFirst(TWide sum, TWide x, TWide g, TWide mean);

        TWide AddToSecond(TWide sum, TWide x, TWide g, TWide mean);

        bool HasSecond { get; }
    }

    /// <summary>sums[c] += the sum of channel c of x.</summary>
    /// <param name="x">The map.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="pixels">Pixels in a row.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <param name="pixelStride">Floats from a pixel to the next.</param>
    /// <param name="sums">One double for each channel.</param>
    [MethodImpl(Kernel)]
    public static void ChannelSums(float* x, int rows, int pixels, int channels, int rowStride, int pixelStride, double* sums) =>
        AccumulateChannels(x, rowStride, pixelStride, x, rowStride, pixelStride, rows, pixels, channels, sums, sums, sums, default(SumTerm));

    /// <summary>sums[c] += the sum of (x - means[c])^2 over channel c.</summary>
    /// <param name="x">The map.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="pixels">Pixels in a row.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <param name="pixelStride">Floats from a pixel to the next.</param>
    /// <param name="means">The channels' means.</param>
    /// <param name="sums">One double for each channel.</param>
    [MethodImpl(Kernel)]
    public static void ChannelSquares(float* x, int rows, int pixels, int channels, int rowStride, int pixelStride, double* means, double* sums) =>
        AccumulateChannels(x, rowStride, pixelStride, x, rowStride, pixelStride, rows, pixels, channels, means, sums, sums, default(SquareTerm));

    /// <summary>
    /// gSums[c] += the sum of g, and gxSums[c] += the sum of g * (x - means[c]): over the standard deviation, the gradients of the shift and the scale.
    /// </summary>
    /// <param name="x">The input map.</param>
    /// <param name="xRowStride">Its floats from a row to the next.</param>
    /// <param name="xPixelStride">Its floats from a pixel to the next.</param>
    /// <param name="g">The gradient by the output.</param>
    /// <param name="gRowStride">Its floats from a row to the next.</param>
    /// <param name="gPixelStride">Its floats from a pixel to the next.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="pixels">Pixels in a row.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="means">The channels' means.</param>
    /// <param name="gSums">One double for each channel.</param>
    /// <param name="gxSums">One double for each channel.</param>
    [MethodImpl(Kernel)]
    public static void ChannelGradientSums(
        float* x, int xRowStride, int xPixelStride, float* g, int gRowStride, int gPixelStride, int rows, int pixels, int channels, double* means, double* gSums, double* gxSums) =>
        AccumulateChannels(x, xRowStride, xPixelStride, g, gRowStride, gPixelStride, rows, pixels, channels, means, gSums, gxSums, default(GradientTerm));

    /// <summary>y = x * scales[c] + shifts[c].</summary>
    /// <param name="x">The input map.</param>
    /// <param name="xRowStride">Its floats from a row to the next.</param>
    /// <param name="xPixelStride">Its floats from a pixel to the next.</param>
    /// <param name="y">Receives the output map; may be <paramref name="x"/>.</param>
    /// <param name="yRowStride">Its floats from a row to the next.</param>
    /// <param name="yPixelStride">Its floats from a pixel to the next.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="pixels">Pixels in a row.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="scales">One float for each channel.</param>
    /// <param name="shifts">One float for each channel.</param>
    [MethodImpl(Kernel)]
    public static void ScaleShiftChannels(
        float* x, int xRowStride, int xPixelStride, float* y, int yRowStride, int yPixelStride, int rows, int pixels, int channels, float* scales, float* shifts)
    {
        for (nint row = 0; row < rows; row++)
        {
            for (nint pixel = 0; pixel < pixels; pixel++)
            {
                var from = x + (row * xRowStride) + (pixel * xPixelStride);
                var to = y + (row * yRowStride) + (pixel * yPixelStride);
                nint c = 0;
                for (; c <= channels - TUnit.Lanes; c += TUnit.Lanes)
                    TUnit.Store(to + c, TUnit.MultiplyAdd(TUnit.Load(from + c), TUnit.Load(scales + c), TUnit.Load(shifts + c)));
                if (TUnit.Lanes > 1 && c < channels)
                {
                    var rest = (int)(channels - c);
                    var value = TUnit.MultiplyAdd(TUnit.LoadPartial(from + c, rest), TUnit.LoadPartial(scales + c, rest), TUnit.LoadPartial(shifts + c, rest));
                    TUnit.StorePartial(to + c, value, rest);
                }
            }
        }
    }

    /// <summary>The gradient by the input: dx = a[c] * g + b[c] * x + d[c].</summary>
    /// <param name="x">The input map.</param>
    /// <param name="xRowStride">Its floats from a row to the next.</param>
    /// <param name="xPixelStride">Its floats from a pixel to the next.</param>
    /// <param name="g">The gradient by the output.</param>
    /// <param name="gRowStride">Its floats from a row to the next.</param>
    /// <param name="gPixelStride">Its floats from a pixel to the next.</param>
    /// <param name="dx">Receives the gradient by the input; may be <paramref name="g"/> or <paramref name="x"/>.</param>
    /// <param name="dxRowStride">Its floats from a row to the next.</param>
    /// <param name="dxPixelStride">Its floats from a pixel to the next.</param>
    /// <param name="rows">Rows of all three.</param>
    /// <param name="pixels">Pixels in a row.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="a">One float for each channel.</param>
    /// <param name="b">One float for each channel.</param>
    /// <param name="d">One float for each channel.</param>
    [MethodImpl(Kernel)]
    public static void CombineChannels(
        float* x, int xRowStride, int xPixelStride, float* g, int gRowStride, int gPixelStride, float* dx, int dxRowStride, int dxPixelStride,
        int rows, int pixels, int channels, float* a, float* b, float* d)
    {
        for (nint row = 0; row < rows; row++)
        {
            for (nint pixel = 0; pixel < pixels; pixel++)
            {
                var input = x + (row * xRowStride) + (pixel * xPixelStride);
                var gradient = g + (row * gRowStride) + (pixel * gPixelStride);
                var to = dx + (row * dxRowStride) + (pixel * dxPixelStride);
                nint c = 0;
                for (; c <= channels - TUnit.Lanes; c += TUnit.Lanes)
                {
                    var sum = TUnit.MultiplyAdd(TUnit.Load(b + c), TUnit.Load(input + c), TUnit.Load(d + c));
                    TUnit.Store(to + c, TUnit.MultiplyAdd(TUnit.Load(a + c), TUnit.Load(gradient + c), sum));
                }

                if (TUnit.Lanes > 1 && c < channels)
                {
                    var rest = (int)(channels - c);
                    var sum = TUnit.MultiplyAdd(TUnit.LoadPartial(b + c, rest), TUnit.LoadPartial(input + c, rest), TUnit.LoadPartial(d + c, rest));
                    TUnit.StorePartial(to + c, TUnit.MultiplyAdd(TUnit.LoadPartial(a + c, rest), TUnit.LoadPartial(gradient + c, rest), sum), rest);
                }
            }
        }
    }

    [MethodImpl(Kernel)]
    private static void AccumulateChannels<TTerm>(
        float* x, nint xRowStride, nint xPixelStride, float* g, nint gRowStride, nint gPixelStride,
        nint rows, nint pixels, nint channels, double* means, double* first, double* second, TTerm term)
        where TTerm : struct, IChannelTerm
    {
        // One vector of channels at a time, its sums in registers; the channels past the last whole vector go through a copy of their sums.
        var scratch = stackalloc double[3 * MostLanes];
        for (nint c = 0; c < channels; c += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, channels - c);
            Copy(means + c, scratch, count);
            Copy(first + c, scratch + MostLanes, count);
            Copy(second + c, scratch + (2 * MostLanes), count);
            var meanLow = TUnit.LoadLow(scratch);
            var meanHigh = TUnit.LoadHigh(scratch);
            var firstLow = TUnit.LoadLow(scratch + MostLanes);
            var firstHigh = TUnit.LoadHigh(scratch + MostLanes);
            var secondLow = TUnit.LoadLow(scratch + (2 * MostLanes));
            var secondHigh = TUnit.LoadHigh(scratch + (2 * MostLanes));
            for (nint row = 0; row < rows; row++)
            {
                var xPixel = x + c + (row * xRowStride);
                var gPixel = g + c + (row * gRowStride);
                for (nint pixel = 0; pixel < pixels; pixel++)
                {
                    var xs = LoadCount(xPixel, count);
                    var gs = LoadCount(gPixel, count);
                    firstLow = term.AddToFirst(firstLow, TUnit.WidenLow(xs), TUnit.WidenLow(gs), meanLow);
                    firstHigh = term.AddToFirst(firstHigh, TUnit.WidenHigh(xs), TUnit.WidenHigh(gs), meanHigh);
                    if (term.HasSecond)
                    {
                        secondLow = term.AddToSecond(secondLow, TUnit.WidenLow(xs), TUnit.WidenLow(gs), meanLow);
                        secondHigh = term.AddToSecond(secondHigh, TUnit.WidenHigh(xs), TUnit.WidenHigh(gs), meanHigh);
                    }

                    xPixel += xPixelStride;
                    gPixel += gPixelStride;
                }
            }

            TUnit.StoreLow(scratch + MostLanes, firstLow);
            TUnit.StoreHigh(scratch + MostLanes, firstHigh);
            Copy(scratch + MostLanes, first + c, count);
            if (term.HasSecond)
            {
                TUnit.StoreLow(scratch + (2 * MostLanes), secondLow);
                TUnit.StoreHigh(scratch + (2 * MostLanes), secondHigh);
                Copy(scratch + (2 * MostLanes), second + c, count);
            }
        }
    }

    [MethodImpl(Inline)]
    private static void Copy(double* source, double* target, int count)
    {
        for (var i = 0; i < count; i++)
            target[i] = source[i];
    }

    private readonly struct SumTerm : IChannelTerm
    {
        public bool HasSecond => false;

        [MethodImpl(Inline)]
        public TWide AddToFirst(TWide sum, TWide x, TWide g, TWide mean) => TUnit.AddWide(sum, x);

        [MethodImpl(Inline)]
        public TWide AddToSecond(TWide sum, TWide x, TWide g, TWide mean) => sum;
    }

    private readonly struct SquareTerm : IChannelTerm
    {
        public bool HasSecond => false;

        [MethodImpl(Inline)]
        public TWide AddToFirst(TWide sum, TWide x, TWide g, TWide mean)
        {
            var difference = TUnit.SubtractWide(x, mean);
            return TUnit.MultiplyAddWide(difference, difference, sum);
        }

        [MethodImpl(Inline)]
        public TWide AddToSecond(TWide sum, TWide x, TWide g, TWide mean) => sum;
    }

    private readonly struct GradientTerm : IChannelTerm
    {
        public bool HasSecond => true;

        [MethodImpl(Inline)]
        public TWide AddToFirst(TWide sum, TWide x, TWide g, TWide mean) => TUnit.AddWide(sum, g);

        [MethodImpl(Inline)]
        public TWide AddToSecond(TWide sum, TWide x, TWide g, TWide mean) => TUnit.MultiplyAddWide(g, TUnit.SubtractWide(x, mean), sum);
    }
}
