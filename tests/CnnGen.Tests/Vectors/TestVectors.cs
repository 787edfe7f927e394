using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

/// <summary>Data and comparisons that the kernels' tests share.</summary>
internal static unsafe class TestVectors
{
    public static float[] Normal(int seed, int length, double deviation = 1, double mean = 0)
    {
        var random = new CounterRandom((ulong)seed, 5);
        var values = new float[length];
        for (var i = 0; i < length; i++)
            values[i] = (float)(mean + (deviation * random.NextNormal()));
        return values;
    }

    public static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);

    public static float[] Run(Operation operation, float[] a, float[]? b = null) => Run(operation, a, b, out _);

    public static float[] Run(Operation operation, float[] a, float[]? b, out double value)
    {
        var y = new float[a.Length];
        fixed (float* pa = a, pb = b ?? a, py = y)
            value = operation(pa, pb, py, a.Length);
        return y;
    }

    /// <summary>Asserts |actual - expected| &lt;= tolerance * max(|expected|, scale) for every element.</summary>
    public static void Close(double[] expected, float[] actual, double tolerance, double scale)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * Math.Max(Math.Abs(expected[i]), scale);
            Assert.True(
                Math.Abs(actual[i] - expected[i]) <= allowed,
                FormattableString.Invariant($"Element {i} is {actual[i]:R}; {expected[i]:R} was expected, within {allowed:R}."));
        }
    }
}
