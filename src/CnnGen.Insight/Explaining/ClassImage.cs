using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>How an image is made that excites a unit.</summary>
public sealed record ClassImageOptions
{
    /// <summary>Steps of gradient ascent, 1 or more.</summary>
    public int Steps { get; init; } = 256;

    /// <summary>How far each step goes, above 0: the root mean square of what it adds to the image's numbers.</summary>
    public double Rate { get; init; } = 0.05;

    /// <summary>The weight of half the squared size of the image, which keeps numbers small (Simonyan et al. 2014, section 2), 0 or more; beside gradients that are brought to the root mean square of 1.</summary>
    public double L2 { get; init; } = 0.1;

    /// <summary>The weight of the squared differences of neighbouring pixels (total variation; Mahendran, Vedaldi 2015, section 3), 0 or more.</summary>
    public double TotalVariation { get; init; } = 0.1;

    /// <summary>After so many steps the image is blurred (Yosinski et al. 2015, section 3.1); 0 for never.</summary>
    public int BlurEvery { get; init; } = 4;

    /// <summary>The blur's standard deviation in pixels, 0 or more.</summary>
    public double Blur { get; init; } = 0.5;

    /// <summary>Each step sees the image moved by up to so many pixels each way (Mordvintsev et al. 2015), what leaves at one side coming in at the other; 0 or more.</summary>
    public int Jitter { get; init; } = 2;

    /// <summary>The standard deviation of the numbers to begin with, 0 or more, around <see cref="Mean"/>.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>The number to begin with and to pull towards: 0 is grey where images are normalised to mean 0.</summary>
    public double Mean { get; init; }

    /// <summary>Numbers stay at this or above it; null for no bound.</summary>
    public float? Low { get; init; }

    /// <summary>Numbers stay at this or below it; null for no bound.</summary>
    public float? High { get; init; }

    /// <summary>Of noise and jitter: the same seed gives the same bits again.</summary>
    public int Seed { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(BlurEvery);
        ArgumentOutOfRangeException.ThrowIfNegative(Jitter);
        foreach (var (name, value) in ((string, double)[])[(nameof(L2), L2), (nameof(TotalVariation), TotalVariation), (nameof(Blur), Blur), (nameof(Noise), Noise)])
        {
            if (!(value >= 0 && double.IsFinite(value)))
                throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it has to be 0 or more, and finite."));
        }

        if (!(Rate > 0 && double.IsFinite(Rate)))
            throw new ArgumentOutOfRangeException(nameof(Rate), Rate, FormattableString.Invariant($"Rate is {Rate}; it has to be above 0, and finite."));
        if (!double.IsFinite(Mean))
            throw new ArgumentOutOfRangeException(nameof(Mean), Mean, "Mean has to be finite.");
        if (Low is { } low && High is { } high && !(low < high))
            throw new ArgumentOutOfRangeException(nameof(Low), low, FormattableString.Invariant($"Low is {low} and High {high}: Low has to be below High."));
    }
}

/// <summary>An image that excites a unit.</summary>
/// <param name="Image">C x H x W floats.</param>
/// <param name="Before">The unit's activation for the image to begin with.</param>
/// <param name="After">Its activation for the image.</param>
public sealed record ClassImage(float[] Image, double Before, double After)
{
    /// <summary>
    /// Makes an image that excites a unit, by gradient ascent from noise (Erhan et al. 2009; Simonyan et al. 2014, section 2): what the network takes for a class, or what a unit of any layer looks for.
    /// Each step adds the gradient, brought to the root mean square of 1, less what the penalties ask for.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="unit">What is to become large.</param>
    /// <param name="options">Steps, penalties and bounds; null for the usual ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The gradient became infinite or no number.</exception>
    public static ClassImage Maximize(IExplainable network, Unit unit, ClassImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new ClassImageOptions();
        options.Check();
        unit.Check(network);
        var shape = network.ShapeOf(0);
        var random = new CounterRandom((ulong)(uint)options.Seed, 0);
        var image = new float[shape.Length];
        for (var i = 0; i < image.Length; i++)
            image[i] = (float)(options.Mean + (options.Noise * random.NextNormal()));
        Bound(image, options);
        var before = Attribution.ScoreOf(network, image, unit);
        var (moved, gradient, seed) = (new float[image.Length], new float[image.Length], unit.Seed(network, 1));
        var kernel = KernelOf(options.Blur);
        for (var step = 0; step < options.Steps; step++)
        {
            var (down, across) = (random.NextInt((2 * options.Jitter) + 1) - options.Jitter, random.NextInt((2 * options.Jitter) + 1) - options.Jitter);
            Roll(image, moved, shape, down, across);
            network.Forward(moved, 1);
            network.Backward(unit.Layer, seed);
            network.CopyGradients(0, moved);
            Roll(moved, gradient, shape, -down, -across);
            Climb(image, gradient, shape, options, step);
            if (options.BlurEvery > 0 && (step + 1) % options.BlurEvery == 0 && kernel.Length > 1)
                Smooth(image, shape, kernel);
            Bound(image, options);
        }

        return new ClassImage(image, before, Attribution.ScoreOf(network, image, unit));
    }

    private static void Climb(float[] image, float[] gradient, ImageShape shape, ClassImageOptions options, int step)
    {
        var squares = 0.0;
        foreach (var number in gradient)
            squares += (double)number * number;
        if (!double.IsFinite(squares))
            throw new InvalidOperationException(FormattableString.Invariant($"At step {step} the gradient by the image is not finite. Take a smaller Rate, or look for parameters that are not finite."));
        var scale = squares > 0 ? 1 / Math.Sqrt(squares / gradient.Length) : 0;
        var (height, width) = (shape.Height, shape.Width);
        for (var i = 0; i < image.Length; i++)
        {
            var (y, x) = (i / width % height, i % width);
            var rough = 0.0;
            if (options.TotalVariation > 0)
            {
                rough += (y > 0 ? image[i] - image[i - width] : 0) + (y < height - 1 ? image[i] - image[i + width] : 0);
                rough += (x > 0 ? image[i] - image[i - 1] : 0) + (x < width - 1 ? image[i] - image[i + 1] : 0);
            }

            // Neighbours have to be as they were, so the step is kept beside the image until all are known.
            gradient[i] = (float)((gradient[i] * scale) - (options.L2 * (image[i] - options.Mean)) - (options.TotalVariation * 2 * rough));
        }

        for (var i = 0; i < image.Length; i++)
            image[i] += (float)(options.Rate * gradient[i]);
    }

    private static void Bound(float[] image, ClassImageOptions options)
    {
        for (var i = 0; i < image.Length; i++)
            image[i] = Math.Clamp(image[i], options.Low ?? float.MinValue, options.High ?? float.MaxValue);
    }

    private static void Roll(float[] from, float[] to, ImageShape shape, int down, int across)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < shape.Height; y++)
            {
                var target = (channel * shape.Height) + Wrapped(y + down, shape.Height);
                var source = (channel * shape.Height) + y;
                for (var x = 0; x < shape.Width; x++)
                    to[(target * shape.Width) + Wrapped(x + across, shape.Width)] = from[(source * shape.Width) + x];
            }
        }
    }

    private static int Wrapped(int at, int length) => ((at % length) + length) % length;

    private static double[] KernelOf(double deviation)
    {
        if (deviation == 0)
            return [1];
        var reach = (int)Math.Ceiling(3 * deviation);
        var kernel = new double[(2 * reach) + 1];
        var sum = 0.0;
        for (var i = 0; i < kernel.Length; i++)
            sum += kernel[i] = Math.Exp(-(i - reach) * (i - reach) / (2 * deviation * deviation));
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] /= sum;
        return kernel;
    }

    private static void Smooth(float[] image, ImageShape shape, double[] kernel)
    {
        var copy = new float[image.Length];
        Along(image, copy, shape.Width, 1, shape.Width, kernel);
        Along(copy, image, shape.Height, shape.Width, shape.Width, kernel);
    }

    /// <summary>Blurs along one axis; at the border the outer pixel goes on.</summary>
    private static void Along(float[] from, float[] to, int length, int step, int width, double[] kernel)
    {
        var reach = kernel.Length / 2;
        for (var i = 0; i < from.Length; i++)
        {
            var place = step == 1 ? i % width : i / width % length;
            var sum = 0.0;
            for (var k = -reach; k <= reach; k++)
                sum += kernel[k + reach] * from[i + ((Math.Clamp(place + k, 0, length - 1) - place) * step)];
            to[i] = (float)sum;
        }
    }
}
