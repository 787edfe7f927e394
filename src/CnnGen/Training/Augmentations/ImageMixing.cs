using System.Globalization;
using System.Numerics;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Mixes the images of a batch in pairs, and their targets alike, for <see cref="Trainer{TModel}.Mixing"/>. The part l of an image's own is drawn for each batch from the distribution Beta(alpha, alpha); of an odd number of
/// images the one in the middle stays as it is. The accuracy that training reports counts an image's own label.
/// </summary>
public sealed class ImageMixing
{
    private ImageMixing(double alpha, bool isCut)
    {
        if (!(alpha is > 0 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(alpha), string.Create(CultureInfo.InvariantCulture, $"alpha is {alpha}, but must be above 0 and at most 1000, such as 0.2."));
        Alpha = alpha;
        IsCut = isCut;
    }

    /// <summary>The parameter of the distribution.</summary>
    public double Alpha { get; }

    /// <summary>Whether parts of images are exchanged, and not all of them mixed.</summary>
    internal bool IsCut { get; }

    /// <summary>mixup (Zhang et al. 2018): l times an image, plus 1 - l times its partner.</summary>
    /// <param name="alpha">The parameter of the distribution, above 0, up to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is out of its range.</exception>
    public static ImageMixing MixUp(double alpha = 0.2) => new(alpha, isCut: false);

    /// <summary>CutMix (Yun et al. 2019): a rectangle of the part 1 - l of the image comes from its partner; targets are mixed by the area that it has within the image, or, where they are maps as large as the image, cut like it.</summary>
    /// <param name="alpha">The parameter of the distribution, above 0, up to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is out of its range.</exception>
    public static ImageMixing CutMix(double alpha = 1) => new(alpha, isCut: true);

    /// <summary>Mixes a batch.</summary>
    internal void Apply(ImageShape shape, ImageShape output, Span<float> images, Span<float> targets, int count, ulong seed)
    {
        var random = new CounterRandom(seed, 0);
        var (own, others) = (NextGamma(ref random), NextGamma(ref random));
        var part = own + others > 0 ? own / (own + others) : 0.5;
        var (top, bottom, left, right) = (0, 0, 0, 0);
        if (IsCut)
        {
            var side = Math.Sqrt(1 - part);
            var (height, width) = (side * shape.Height, side * shape.Width);
            var (y, x) = (random.NextInt(shape.Height), random.NextInt(shape.Width));
            (top, bottom) = ((int)Math.Max(0, y - (height / 2)), (int)Math.Min(shape.Height, y + (height / 2)));
            (left, right) = ((int)Math.Max(0, x - (width / 2)), (int)Math.Min(shape.Width, x + (width / 2)));
            part = 1 - ((bottom - top) * (double)(right - left) / (shape.Height * (double)shape.Width));
        }

        for (var i = 0; i < count / 2; i++)
        {
            var (first, second) = (i, count - 1 - i);
            var target = targets.Slice(first * output.Length, output.Length);
            var other = targets.Slice(second * output.Length, output.Length);
            if (IsCut && output.IsMap)
                SwapRectangle(output, target, other);
            else
                Mix(target, other, (float)part);
            var image = images.Slice(first * shape.Length, shape.Length);
            var partner = images.Slice(second * shape.Length, shape.Length);
            if (IsCut)
                SwapRectangle(shape, image, partner);
            else
                Mix(image, partner, (float)part);
        }

        void SwapRectangle(ImageShape map, Span<float> one, Span<float> two)
        {
            for (var row = 0; row < map.Channels * map.Height; row++)
            {
                if (row % map.Height >= top && row % map.Height < bottom)
                    Swap(one[((row * map.Width) + left)..((row * map.Width) + right)], two[((row * map.Width) + left)..((row * map.Width) + right)]);
            }
        }
    }

    private static void Mix(Span<float> first, Span<float> second, float part)
    {
        var (own, others) = (new Vector<float>(part), new Vector<float>(1 - part));
        var i = 0;
        for (; i <= first.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(first[i..]), new Vector<float>(second[i..]));
            Vector.FusedMultiplyAdd(own, a, others * b).CopyTo(first[i..]);
            Vector.FusedMultiplyAdd(own, b, others * a).CopyTo(second[i..]);
        }

        for (; i < first.Length; i++)
        {
            var (a, b) = (first[i], second[i]);
            first[i] = MathF.FusedMultiplyAdd(part, a, (1 - part) * b);
            second[i] = MathF.FusedMultiplyAdd(part, b, (1 - part) * a);
        }
    }

    private static void Swap(Span<float> first, Span<float> second)
    {
        for (var i = 0; i < first.Length; i++)
            (first[i], second[i]) = (second[i], first[i]);
    }

    /// <summary>From the distribution Gamma(alpha, 1) (Marsaglia, Tsang 2000; below 1 by their section 6).</summary>
    private double NextGamma(ref CounterRandom random)
    {
        var boost = Alpha < 1 ? Math.Pow(1 - random.NextDouble(), 1 / Alpha) : 1;
        var d = (Alpha < 1 ? Alpha + 1 : Alpha) - (1 / 3.0);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (x * x / 2) + d - (d * v) + (d * Math.Log(v)))
                return boost * d * v;
        }
    }
}
