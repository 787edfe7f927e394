using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Which images an epoch trains on, where it shall not be each of them once: as many as there are, drawn with replacement, by weights (PyTorch's <c>WeightedRandomSampler</c>). For data in which
/// some classes are rare.
/// </summary>
public sealed class ImageSampling
{
    private readonly double[]? _weights;

    private ImageSampling(bool isByImage, double[]? weights) => (IsByImage, _weights) = (isByImage, weights);

    /// <summary>Whether each image has a weight of its own.</summary>
    internal bool IsByImage { get; }

    /// <summary>All classes that have images equally often.</summary>
    public static ImageSampling Balanced() => new(false, null);

    /// <summary>Each image by the weight of its class.</summary>
    /// <param name="weights">A weight for each class, finite, 0 or more, not all 0.</param>
    /// <exception cref="ArgumentException">A weight is out of its range.</exception>
    public static ImageSampling ByClass(params double[] weights) => new(false, Check(weights));

    /// <summary>Each image by a weight of its own.</summary>
    /// <param name="weights">A weight for each image, finite, 0 or more, not all 0.</param>
    /// <exception cref="ArgumentException">A weight is out of its range.</exception>
    public static ImageSampling ByImage(params double[] weights) => new(true, Check(weights));

    /// <summary>The running sums of the images' weights.</summary>
    /// <exception cref="ArgumentException">The weights don't suit the images.</exception>
    internal double[] SumsOf(ImageDataset dataset)
    {
        var wanted = IsByImage ? dataset.Count : dataset.ClassCount;
        if (!IsByImage && dataset.ClassCount == 0)
            throw new ArgumentException("The images have no labels, by which they could be sampled. Give ImageSampling.ByImage their weights.");
        if (_weights != null && _weights.Length != wanted)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"The sampling has {_weights.Length} weights, but the training data {wanted} {(IsByImage ? "images" : "classes")}."));
        }

        var weights = _weights;
        if (weights == null)
        {
            weights = new double[dataset.ClassCount];
            for (var i = 0; i < dataset.Count; i++)
                weights[dataset.GetLabel(i)]++;
            for (var i = 0; i < weights.Length; i++)
                weights[i] = weights[i] == 0 ? 0 : 1 / weights[i];
        }

        var sums = new double[dataset.Count];
        var sum = 0.0;
        for (var i = 0; i < sums.Length; i++)
            sums[i] = sum += IsByImage ? weights[i] : weights[dataset.GetLabel(i)];
        return sum > 0 ? sums : throw new ArgumentException("All images of the training data have the weight 0.");
    }

    /// <summary>Draws an epoch's images.</summary>
    internal static void Draw(int[] order, double[] sums, CounterRandom random)
    {
        for (var i = 0; i < order.Length; i++)
        {
            // The first whose sum is greater than the draw: an image of weight 0 never is.
            var wanted = random.NextDouble() * sums[^1];
            var (low, high) = (0, sums.Length - 1);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = sums[middle] > wanted ? (low, middle) : (middle + 1, high);
            }

            order[i] = low;
        }
    }

    private static double[] Check(double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The weight {i} is {weights[i]}, but must be a finite number, 0 or more."), nameof(weights));
        }

        return Array.TrueForAll(weights, weight => weight == 0) ? throw new ArgumentException("No weight is above 0.", nameof(weights)) : [.. weights];
    }
}
