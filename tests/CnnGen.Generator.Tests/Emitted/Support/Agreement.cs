using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>How far emitted code is from the oracle, and how far it may be.</summary>
internal static class Agreement
{
    /// <summary>
    /// Floats have 6e-8 of relative rounding; a sum of a few thousand products in several layers loses two decimal digits more. Errors are taken
    /// relative to the tensor's largest number, since a sum that cancels is only as exact as its terms.
    /// </summary>
    public const double Forward = 1e-5;

    /// <summary>Gradients go through twice as many layers, and batch norm's subtract means that are close to what they are subtracted from.</summary>
    public const double Backward = 1e-4;

    public static float[] ToFloats(this double[] numbers) => Array.ConvertAll(numbers, n => (float)n);

    public static float[] Flat(this double[][] rows) => [.. rows.SelectMany(row => row).Select(n => (float)n)];

    public static void SetParameters(this EmittedModel model, IReadOnlyDictionary<string, double[]> parameters)
    {
        Assert.Equal(parameters.Keys.Order(), model.Parameters.All.Select(p => p.Name).Order());
        foreach (var (name, numbers) in parameters)
            model.Parameters[name].Set(numbers.ToFloats());
    }

    /// <summary>The largest difference, relative to the largest expected number (or to <paramref name="scale"/> where that is larger).</summary>
    public static double Error(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double scale = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        var (difference, largest) = (0.0, scale);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!float.IsFinite(actual[i]))
                return double.PositiveInfinity;
            difference = Math.Max(difference, Math.Abs(expected[i] - actual[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }

        return difference == 0 ? 0 : difference / largest;
    }

    /// <summary>
    /// What dropout multiplies each element with, and the number in [0, 1) by which a stochastic pooling draws each: functions of the seed, the layer's place among those that draw, the image
    /// and the element's index in C x H x W order, whatever the layout.
    /// </summary>
    public static unsafe DropoutMask MaskOf(Network network, ulong seed)
    {
        var streams = network.Nodes.Where(node => node.Layer.DrawsAtRandom).Select((node, i) => (node.Index, i)).ToDictionary(pair => pair.Index, pair => pair.i);
        return (node, image, element) =>
        {
            var one = 1f;
            var key = seed + ((ulong)streams[node.Index] * 0x9E3779B97F4A7C15UL);
            if (node.Layer is StochasticPoolLayer)
                return ChannelKernels.Uniform(key, image, element);
            ScalarKernels.Dropout(&one, &one, 1, key, image, element, ((DropoutLayer)node.Layer).Rate);
            return one;
        };
    }
}
