using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Runtime;

/// <summary>
/// Changes images by an affine map, between the four nearest pixels by their distances. Places and weights of a row are computed once for all channels, in double precision; eight pixels at a time where there is
/// AVX2, with the same bits as one by one.
/// </summary>
internal static unsafe class AffineSampling
{
    /// <summary>Changes an image.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="map">Where each pixel comes from.</param>
    /// <param name="area">The part that pixels are taken from.</param>
    /// <param name="outside">What is beyond it.</param>
    public static void Apply(ImageShape shape, Span<float> image, in AffineMap map, SourceArea area, Outside outside)
    {
        var (width, plane) = (shape.Width, shape.Height * shape.Width);
        var rented = ArrayPool<float>.Shared.Rent(image.Length + (4 * width));
        var places = ArrayPool<int>.Shared.Rent(4 * width);
        image.CopyTo(rented);
        fixed (float* source = rented, target = image)
        fixed (int* offsets = places)
        {
            var weights = source + image.Length;
            for (var y = 0; y < shape.Height; y++)
            {
                Place(shape, y, map, area, outside, offsets, weights);
                for (var channel = 0; channel < shape.Channels; channel++)
                    Row(source + (channel * plane), offsets, weights, target + (channel * plane) + (y * width), width);
            }
        }

        ArrayPool<int>.Shared.Return(places);
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>The four pixels that each of a row comes from, and their weights: all first ones, all second ones, and so on.</summary>
    private static void Place(ImageShape shape, int y, in AffineMap map, SourceArea area, Outside outside, int* offsets, float* weights)
    {
        var width = shape.Width;
        for (var x = 0; x < width; x++)
        {
            var (fromX, fromY) = ((map.Xx * x) + (map.Xy * y) + map.X0 - area.Left, (map.Yx * x) + (map.Yy * y) + map.Y0 - area.Top);
            if (outside == Outside.Edge)
                (fromX, fromY) = (Math.Clamp(fromX, 0, area.Width - 1), Math.Clamp(fromY, 0, area.Height - 1));
            var (left, top) = (Math.Floor(fromX), Math.Floor(fromY));
            var (rightPart, lowerPart) = (fromX - left, fromY - top);
            var (firstX, secondX) = (Bound(left, area.Width, outside, out var isLeft), Bound(left + 1, area.Width, outside, out var isRight));
            var (firstY, secondY) = (Bound(top, area.Height, outside, out var isTop), Bound(top + 1, area.Height, outside, out var isBottom));
            var (upper, lower) = (((area.Top + firstY) * width) + area.Left, ((area.Top + secondY) * width) + area.Left);
            offsets[x] = upper + firstX;
            offsets[width + x] = upper + secondX;
            offsets[(2 * width) + x] = lower + firstX;
            offsets[(3 * width) + x] = lower + secondX;
            weights[x] = isLeft && isTop ? (float)((1 - rightPart) * (1 - lowerPart)) : 0;
            weights[width + x] = isRight && isTop ? (float)(rightPart * (1 - lowerPart)) : 0;
            weights[(2 * width) + x] = isLeft && isBottom ? (float)((1 - rightPart) * lowerPart) : 0;
            weights[(3 * width) + x] = isRight && isBottom ? (float)(rightPart * lowerPart) : 0;
        }
    }

    /// <summary>A place along an axis, brought within it, and whether its pixel counts.</summary>
    private static int Bound(double place, int length, Outside outside, out bool counts)
    {
        counts = true;
        if (place >= 0 && place < length)
            return (int)place;
        if (outside != Outside.Reflect)
        {
            counts = outside == Outside.Edge;
            return place < 0 ? 0 : length - 1;
        }

        if (length == 1)
            return 0;
        var period = 2.0 * (length - 1);
        var within = place - (period * Math.Floor(place / period));
        return (int)Math.Min(within, period - within);
    }

    private static void Row(float* source, int* offsets, float* weights, float* target, int width)
    {
        var x = 0;
        if (Avx2.IsSupported && Fma.IsSupported)
        {
            for (; x <= width - 8; x += 8)
            {
                var sum = Avx.Multiply(Avx.LoadVector256(weights + x), Avx2.GatherVector256(source, Avx.LoadVector256(offsets + x), sizeof(float)));
                sum = Fma.MultiplyAdd(Avx.LoadVector256(weights + width + x), Avx2.GatherVector256(source, Avx.LoadVector256(offsets + width + x), sizeof(float)), sum);
                sum = Fma.MultiplyAdd(Avx.LoadVector256(weights + (2 * width) + x), Avx2.GatherVector256(source, Avx.LoadVector256(offsets + (2 * width) + x), sizeof(float)), sum);
                sum = Fma.MultiplyAdd(Avx.LoadVector256(weights + (3 * width) + x), Avx2.GatherVector256(source, Avx.LoadVector256(offsets + (3 * width) + x), sizeof(float)), sum);
                sum.Store(target + x);
            }
        }

        for (; x < width; x++)
        {
            var sum = weights[x] * source[offsets[x]];
            sum = MathF.FusedMultiplyAdd(weights[width + x], source[offsets[width + x]], sum);
            sum = MathF.FusedMultiplyAdd(weights[(2 * width) + x], source[offsets[(2 * width) + x]], sum);
            target[x] = MathF.FusedMultiplyAdd(weights[(3 * width) + x], source[offsets[(3 * width) + x]], sum);
        }
    }
}
