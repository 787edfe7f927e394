using CnnGen;
using CnnGen.Insight;

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
        var (variances, directions) = SymmetricEigen.Solve(Covariance(images, normalization, kernel), length);
        var values = new float[2 * length * length];
        for (var filter = 0; filter < length; filter++)
        {
            var scale = 1 / Math.Sqrt(variances[filter] + Least);
            for (var i = 0; i < length; i++)
            {
                values[(filter * length) + i] = (float)(directions[(filter * length) + i] * scale);
                values[((filter + length) * length) + i] = -values[(filter * length) + i];
            }
        }

        weight.Set(values);
    }

    /// <summary>The mean product of any two numbers of a patch: the upper triangle of a matrix.</summary>
    private static double[] Covariance(ImageDataset images, Normalization normalization, int kernel)
    {
        var shape = images.Shape;
        var length = shape.Channels * kernel * kernel;
        var (sums, patch, image) = (new double[length * length], new double[length], new float[shape.Length]);
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
                        for (var j = i; j < length; j++)
                            sums[(i * length) + j] += patch[i] * patch[j];
                    }

                    patches++;
                }
            }
        }

        foreach (ref var sum in sums.AsSpan())
            sum /= patches;
        return sums;
    }
}
