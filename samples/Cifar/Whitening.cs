using CnnGen;

namespace CifarSample;

/// <summary>
/// Weights for a network's first convolution that make its outputs uncorrelated and of deviation 1 over the images (Page 2019): the principal directions of the patches that its kernel sees, each divided by its deviation, and once more with the other sign,
/// for the activation behind it. They need no training.
/// </summary>
internal static class Whitening
{
    /// <summary>More images change nothing that matters.</summary>
    private const int Images = 2000;

    /// <summary>Keeps directions that hardly occur from being blown up.</summary>
    private const double Least = 5e-4;

    private const int Sweeps = 50;

    /// <summary>Sets the weights of a convolution.</summary>
    /// <param name="weight">The weights: filters x channels x kernel x kernel, with twice as many filters as a patch has numbers.</param>
    /// <param name="images">The images to train on.</param>
    /// <param name="normalization">The model's.</param>
    /// <exception cref="ArgumentException">The number of filters is another one.</exception>
    public static void Set(Parameter weight, ImageDataset images, Normalization normalization)
    {
        var kernel = weight.Dimensions[2];
        var length = weight.Dimensions[1] * kernel * weight.Dimensions[3];
        if (weight.Dimensions[0] != 2 * length)
            throw new ArgumentException($"{weight} has {weight.Dimensions[0]} filters, but whitening patches of {length} numbers makes {2 * length}.", nameof(weight));
        var (variances, directions) = Decompose(Covariance(images, normalization, kernel));
        var order = Enumerable.Range(0, length).OrderByDescending(i => variances[i]).ToArray();
        var values = new float[2 * length * length];
        for (var filter = 0; filter < length; filter++)
        {
            var scale = 1 / Math.Sqrt(variances[order[filter]] + Least);
            for (var i = 0; i < length; i++)
            {
                values[(filter * length) + i] = (float)(directions[i, order[filter]] * scale);
                values[((filter + length) * length) + i] = -values[(filter * length) + i];
            }
        }

        weight.Set(values);
    }

    /// <summary>The mean product of any two numbers of a patch.</summary>
    private static double[,] Covariance(ImageDataset images, Normalization normalization, int kernel)
    {
        var shape = images.Shape;
        var length = shape.Channels * kernel * kernel;
        var (sums, patch, image) = (new double[length, length], new double[length], new float[shape.Length]);
        long patches = 0;
        for (var index = 0; index < Math.Min(Images, images.Count); index++)
        {
            images.CopyImage(index, image, normalization);
            for (var y = 0; y <= shape.Height - kernel; y++)
            {
                for (var x = 0; x <= shape.Width - kernel; x++)
                {
                    for (var i = 0; i < length; i++)
                        patch[i] = image[(((i / (kernel * kernel) * shape.Height) + y + (i / kernel % kernel)) * shape.Width) + x + (i % kernel)];
                    for (var i = 0; i < length; i++)
                    {
                        for (var j = 0; j <= i; j++)
                            sums[i, j] += patch[i] * patch[j];
                    }

                    patches++;
                }
            }
        }

        for (var i = 0; i < length; i++)
        {
            for (var j = 0; j <= i; j++)
                sums[i, j] = sums[j, i] = sums[i, j] / patches;
        }

        return sums;
    }

    /// <summary>Eigenvalues of a symmetric matrix, and its eigenvectors as columns: Jacobi's rotations, which set one number beside the diagonal to 0 after the other.</summary>
    private static (double[] Values, double[,] Vectors) Decompose(double[,] matrix)
    {
        var length = matrix.GetLength(0);
        var vectors = new double[length, length];
        for (var i = 0; i < length; i++)
            vectors[i, i] = 1;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var p = 0; p < length; p++)
            {
                for (var q = p + 1; q < length; q++)
                {
                    if (Math.Abs(matrix[p, q]) <= 1e-15 * Math.Sqrt(matrix[p, p] * matrix[q, q]))
                        continue;
                    var ratio = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q]);
                    var tangent = (ratio < 0 ? -1 : 1) / (Math.Abs(ratio) + Math.Sqrt((ratio * ratio) + 1));
                    var cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
                    for (var i = 0; i < length; i++)
                        Rotate(ref matrix[i, p], ref matrix[i, q], cosine, tangent * cosine);
                    for (var i = 0; i < length; i++)
                        Rotate(ref matrix[p, i], ref matrix[q, i], cosine, tangent * cosine);
                    for (var i = 0; i < length; i++)
                        Rotate(ref vectors[i, p], ref vectors[i, q], cosine, tangent * cosine);
                }
            }
        }

        var values = new double[length];
        for (var i = 0; i < length; i++)
            values[i] = matrix[i, i];
        return (values, vectors);
    }

    private static void Rotate(ref double first, ref double second, double cosine, double sine) =>
        (first, second) = ((cosine * first) - (sine * second), (sine * first) + (cosine * second));
}
