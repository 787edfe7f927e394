using System.Numerics;

namespace TransferSample;

/// <summary>Fits linear classifiers in the images' parts in the weights: w = sum of part x features.</summary>
internal static class LinearDual
{
    private const int SoftmaxSteps = 300;
    private const int HingeRounds = 200;

    /// <summary>Minimises the mean loss plus strength x half the squared length of the weights.</summary>
    /// <param name="products">The products of all images' features with one another.</param>
    /// <param name="images">The images to fit.</param>
    /// <param name="labels">The labels of all images.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="strength">The strength of L2, above 0.</param>
    /// <returns>For each class the parts of the images.</returns>
    public static double[][] Solve(double[][] products, int[] images, int[] labels, int classes, LinearLoss loss, double strength)
    {
        var own = Array.ConvertAll(images, i => Array.ConvertAll(images, j => products[i][j]));
        var wanted = Array.ConvertAll(images, i => labels[i]);
        return loss == LinearLoss.Softmax ? Softmax(own, wanted, classes, strength) : Hinge(own, wanted, classes, strength);
    }

    /// <summary>Descent by the weights' gradient with Nesterov's momentum, at the step that the loss's curvature allows.</summary>
    private static double[][] Softmax(double[][] products, int[] labels, int classes, double strength)
    {
        var count = labels.Length;
        var step = 1 / ((0.5 * products.Select((row, i) => row[i]).Average()) + strength);
        var (parts, ahead) = (Zeros(classes, count), Zeros(classes, count));
        var scores = Zeros(classes, count);
        for (var t = 0; t < SoftmaxSteps; t++)
        {
            for (var label = 0; label < classes; label++)
            {
                for (var i = 0; i < count; i++)
                    scores[label][i] = Dot(products[i], ahead[label]);
            }

            for (var i = 0; i < count; i++)
            {
                var highest = scores.Max(one => one[i]);
                var sum = scores.Sum(one => Math.Exp(one[i] - highest));
                for (var label = 0; label < classes; label++)
                {
                    var error = (Math.Exp(scores[label][i] - highest) / sum) - (labels[i] == label ? 1 : 0);
                    var next = ahead[label][i] - (step * ((error / count) + (strength * ahead[label][i])));
                    ahead[label][i] = next + (t / (t + 3.0) * (next - parts[label][i]));
                    parts[label][i] = next;
                }
            }
        }

        return parts;
    }

    /// <summary>Coordinate ascent on the dual (Hsieh et al. 2008; Shalev-Shwartz, Zhang 2013): each image's part in turn is set to its best, between 0 and 1 / (strength x images).</summary>
    private static double[][] Hinge(double[][] products, int[] labels, int classes, double strength)
    {
        var count = labels.Length;
        var most = 1 / (strength * count);
        var solution = Zeros(classes, count);
        Parallel.For(0, classes, new ParallelOptions { MaxDegreeOfParallelism = CnnGen.Threads.Count }, label =>
        {
            var (parts, scores) = (solution[label], new double[count]);
            for (var round = 0; round < HingeRounds; round++)
            {
                var moved = 0.0;
                for (var i = 0; i < count; i++)
                {
                    var sign = labels[i] == label ? 1 : -1;
                    var part = Math.Clamp((parts[i] * sign) + ((1 - (sign * scores[i])) / products[i][i]), 0, most) * sign;
                    var change = part - parts[i];
                    if (change == 0)
                        continue;
                    moved = Math.Max(moved, Math.Abs(change));
                    parts[i] = part;
                    for (var j = 0; j < count; j++)
                        scores[j] += change * products[i][j];
                }

                if (moved < 1e-6 * most)
                    break;
            }
        });
        return solution;
    }

    private static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];

    private static double Dot(double[] left, double[] right)
    {
        var sums = Vector<double>.Zero;
        var i = 0;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
            sums += new Vector<double>(left, i) * new Vector<double>(right, i);
        var sum = Vector.Sum(sums);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
