using System.Numerics;
using CnnGen;

namespace TransferSample;

/// <summary>What a linear classifier minimises, with L2 on its weights.</summary>
internal enum LinearLoss
{
    /// <summary>Cross-entropy of the softmax.</summary>
    Softmax,

    /// <summary>The hinge loss max(0, 1 - y f) of each class against the others (a linear support vector machine).</summary>
    Hinge,
}

/// <summary>
/// A linear classifier on features, computed in the dual, that is, in the products of the images' features with one another: with a few hundred images these are few, however many features there are. Features are brought to mean 0 and
/// deviation 1 over the images, and the strength of L2 is the one of a few that is right most often on a fifth of the images, which is left out for it.
/// </summary>
internal sealed class LinearClassifier
{
    /// <summary>One image in so many chooses the strength.</summary>
    private const int LeftOut = 5;

    private readonly float[][] _weights;
    private readonly float[] _biases;

    private LinearClassifier(float[][] weights, float[] biases) => (_weights, _biases) = (weights, biases);

    /// <summary>The strengths of L2 to choose from: times half the squared length of the weights, beside the mean loss of an image.</summary>
    private static double[] Strengths { get; } = [1e-4, 1e-3, 1e-2, 1e-1];

    /// <summary>Fits a classifier.</summary>
    /// <param name="features">Features with labels, of five images a class or more.</param>
    /// <param name="loss">What to minimise.</param>
    /// <exception cref="ArgumentException">A class has fewer than five images.</exception>
    public static LinearClassifier Fit(FeatureDataset features, LinearLoss loss)
    {
        var labels = Enumerable.Range(0, features.Count).Select(features.GetLabel).ToArray();
        var seen = new int[features.ClassCount];
        var isLeftOut = Array.ConvertAll(labels, label => ++seen[label] % LeftOut == 0);
        if (seen.Min() < LeftOut)
            throw new ArgumentException($"A class has {seen.Min()} images, but to choose the strength of L2 takes {LeftOut} or more.", nameof(features));
        var scaled = new ScaledFeatures(features);
        var fitted = Enumerable.Range(0, labels.Length).Where(i => !isLeftOut[i]).ToArray();
        var measured = Enumerable.Range(0, labels.Length).Where(i => isLeftOut[i]).ToArray();
        var (best, most) = (Strengths[0], -1);
        foreach (var strength in Strengths)
        {
            var dual = LinearDual.Solve(scaled.Products, fitted, labels, features.ClassCount, loss, strength);
            var right = measured.Count(i => Highest(dual, one => fitted.Select((j, k) => one[k] * scaled.Products[i][j]).Sum()) == labels[i]);
            if (right >= most)
                (best, most) = (strength, right);
        }

        var all = Enumerable.Range(0, labels.Length).ToArray();
        var solution = LinearDual.Solve(scaled.Products, all, labels, features.ClassCount, loss, best);
        var (weights, biases) = scaled.ToWeights(solution);
        return new LinearClassifier(weights, biases);
    }

    /// <summary>The part of images whose class is the likeliest one.</summary>
    public double Accuracy(FeatureDataset features)
    {
        var right = 0;
        Parallel.For(0, features.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads.Count }, i =>
        {
            if (Predict(features.GetFeatures(i)) == features.GetLabel(i))
                Interlocked.Increment(ref right);
        });
        return right / (double)features.Count;
    }

    /// <summary>The class of the highest score.</summary>
    public int Predict(ReadOnlySpan<float> features)
    {
        var (best, highest) = (0, float.NegativeInfinity);
        for (var label = 0; label < _weights.Length; label++)
        {
            var score = ScaledFeatures.Dot(_weights[label], features) + _biases[label];
            if (score > highest)
                (best, highest) = (label, score);
        }

        return best;
    }

    private static int Highest(double[][] dual, Func<double[], double> score)
    {
        var scores = Array.ConvertAll(dual, one => score(one));
        return Array.IndexOf(scores, scores.Max());
    }
}

/// <summary>Features at mean 0 and deviation 1, so that an image has length 1 on average; one more that is 1 is the bias's.</summary>
internal sealed class ScaledFeatures
{
    /// <summary>Beside a feature's mean: a float has 24 bits.</summary>
    private const double LeastDeviation = 1e-6;

    private readonly float[][] _rows;
    private readonly float[] _means;
    private readonly float[] _scales;

    public ScaledFeatures(FeatureDataset features)
    {
        var (count, width) = (features.Count, features.Shape.Length);
        (_means, _scales) = (new float[width], new float[width]);
        var (means, squares) = (new double[width], new double[width]);
        for (var i = 0; i < count; i++)
        {
            var row = features.GetFeatures(i);
            for (var j = 0; j < width; j++)
                means[j] += row[j] / (double)count;
        }

        // Around the mean, not as the difference of two large numbers, which would be rounding alone where the deviation is small.
        for (var i = 0; i < count; i++)
        {
            var row = features.GetFeatures(i);
            for (var j = 0; j < width; j++)
                squares[j] += (row[j] - means[j]) * (row[j] - means[j]);
        }

        for (var j = 0; j < width; j++)
        {
            _means[j] = (float)means[j];

            // What is the same for all images, up to the rounding of a float, says nothing.
            var deviation = Math.Sqrt(squares[j] / count);
            _scales[j] = deviation > LeastDeviation * Math.Abs(means[j]) ? (float)(1 / (deviation * Math.Sqrt(width))) : 0;
        }

        _rows = new float[count][];
        for (var i = 0; i < count; i++)
        {
            var row = features.GetFeatures(i).ToArray();
            for (var j = 0; j < width; j++)
                row[j] = (row[j] - _means[j]) * _scales[j];
            _rows[i] = row;
        }

        Products = new double[count][];
        for (var i = 0; i < count; i++)
            Products[i] = new double[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Threads.Count }, i =>
        {
            for (var j = 0; j <= i; j++)
                Products[i][j] = Products[j][i] = Dot(_rows[i], _rows[j]) + 1;
        });
    }

    /// <summary>The products of the images' features with one another.</summary>
    public double[][] Products { get; }

    /// <summary>Weights and biases of each class for features as they are, from the images' parts in them.</summary>
    public (float[][] Weights, float[] Biases) ToWeights(double[][] dual)
    {
        var (weights, biases) = (new float[dual.Length][], new float[dual.Length]);
        for (var label = 0; label < dual.Length; label++)
        {
            var sums = new double[_means.Length];
            var bias = 0.0;
            for (var i = 0; i < _rows.Length; i++)
            {
                var part = dual[label][i];
                bias += part;
                for (var j = 0; j < sums.Length; j++)
                    sums[j] += part * _rows[i][j];
            }

            weights[label] = new float[sums.Length];
            for (var j = 0; j < sums.Length; j++)
            {
                weights[label][j] = (float)(sums[j] * _scales[j]);
                bias -= sums[j] * _scales[j] * _means[j];
            }

            biases[label] = (float)bias;
        }

        return (weights, biases);
    }

    /// <summary>The sum of the products of two rows.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var (first, second) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i <= left.Length - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
        {
            first += new Vector<float>(left[i..]) * new Vector<float>(right[i..]);
            second += new Vector<float>(left[(i + Vector<float>.Count)..]) * new Vector<float>(right[(i + Vector<float>.Count)..]);
        }

        var sum = Vector.Sum(first + second);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
