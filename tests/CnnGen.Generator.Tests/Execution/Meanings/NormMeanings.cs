using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Batch normalisation: the sums of images, what follows from them for the channels, and norms folded into weights.</summary>
internal static class NormMeanings
{
    public static void Sums(BatchNormSumsKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var sums = arguments.Memory();
        ForEach(kernel.Input, (c, row, column) => sums[c] += input[c, row, column]);
    }

    public static void Squares(BatchNormSquaresKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var means = arguments.Memory();
        var sums = arguments.Memory();
        ForEach(kernel.Input, (c, row, column) => sums[c] += Math.Pow(input[c, row, column] - means[c], 2));
    }

    public static void GradientSums(BatchNormGradientSumsKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var gradient = arguments.Map(kernel.OutputGradient);
        var means = arguments.Memory();
        var sums = arguments.Memory();
        var products = arguments.Memory();
        ForEach(kernel.Input, (c, row, column) =>
        {
            sums[c] += gradient[c, row, column];
            products[c] += gradient[c, row, column] * (input[c, row, column] - means[c]);
        });
    }

    /// <summary>gamma (x + bias - mean) / d + beta as a factor and an addend of x, d being the root of variance and epsilon.</summary>
    public static void Fold(FoldNormKernel kernel, KernelArguments arguments)
    {
        var (gamma, beta, mean, variance) = (arguments.Memory(), arguments.Memory(), arguments.Memory(), arguments.Memory());
        var bias = arguments.MemoryIf(kernel.HasBias);
        var (scales, shifts) = (arguments.Memory(), arguments.Memory());
        for (var c = 0; c < kernel.Channels; c++)
        {
            scales[c] = gamma[c] / Math.Sqrt(variance[c] + kernel.Epsilon);
            shifts[c] = beta[c] + (scales[c] * ((bias?[c] ?? 0) - mean[c]));
        }
    }

    /// <summary>A unit is a row of a block of filters.</summary>
    public static void FoldWeights(FoldWeightsKernel kernel, KernelArguments arguments)
    {
        var weights = arguments.Memory();
        var scales = arguments.Memory();
        var folded = arguments.Memory();
        for (var row = arguments.From; row < arguments.To; row++)
        {
            for (var lane = 0; lane < kernel.Lanes; lane++)
                folded[(row * kernel.Lanes) + lane] = weights[(row * kernel.Lanes) + lane] * scales[(row / kernel.Rows * kernel.Lanes) + lane];
        }
    }

    private static void ForEach(Storage storage, Action<int, int, int> visit)
    {
        for (var c = 0; c < storage.Channels; c++)
        {
            for (var row = 0; row < storage.Height; row++)
            {
                for (var column = 0; column < storage.Width; column++)
                    visit(c, row, column);
            }
        }
    }

    public static void Means(KernelArguments arguments)
    {
        var sums = arguments.Memory();
        var count = arguments.Number();
        for (var (c, channels) = (0, arguments.Count()); c < channels; c++)
            sums[c] /= count;
    }

    /// <summary>Of the sums of squares: 1 / d, factors and addends, and running statistics that move by the momentum.</summary>
    public static void TrainingCoefficients(KernelArguments arguments)
    {
        var (means, squares) = (arguments.Memory(), arguments.Memory());
        var count = arguments.Number();
        var (gamma, beta) = (arguments.Memory(), arguments.Memory());
        var (epsilon, momentum) = (arguments.Number(), arguments.Number());
        var (runningMean, runningVariance) = (arguments.Memory(), arguments.Memory());
        var (scales, shifts) = (arguments.Memory(), arguments.Memory());
        for (var (c, channels) = (0, arguments.Count()); c < channels; c++)
        {
            runningMean[c] += momentum * (means[c] - runningMean[c]);
            runningVariance[c] += momentum * ((squares[c] / Math.Max(1, count - 1)) - runningVariance[c]);
            squares[c] = 1 / Math.Sqrt((squares[c] / count) + epsilon);
            scales[c] = gamma[c] * squares[c];
            shifts[c] = beta[c] - (means[c] * scales[c]);
        }
    }

    /// <summary>
    /// With n = (x - mean) / d: gradients of gamma, sum of g n, and of beta, sum of g; and a, b, d of gamma / d * (g - mean of g - n * mean of (g n)) = a g + b
    /// x + d.
    /// </summary>
    public static void BackwardCoefficients(KernelArguments arguments)
    {
        var (means, inverse, sums, products) = (arguments.Memory(), arguments.Memory(), arguments.Memory(), arguments.Memory());
        var count = arguments.Number();
        var gamma = arguments.Memory();
        var (gammaGradient, betaGradient) = (arguments.Memory(), arguments.Memory());
        var (a, b, d) = (arguments.Memory(), arguments.Memory(), arguments.Memory());
        for (var (c, channels) = (0, arguments.Count()); c < channels; c++)
        {
            gammaGradient[c] = products[c] * inverse[c];
            betaGradient[c] = sums[c];
            a[c] = gamma[c] * inverse[c];
            b[c] = -a[c] * inverse[c] * gammaGradient[c] / count;
            d[c] = (-a[c] * sums[c] / count) - (b[c] * means[c]);
        }
    }
}
