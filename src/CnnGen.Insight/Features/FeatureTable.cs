using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnGen.Insight;

/// <summary>Checks and sums of feature vectors, one after the other.</summary>
internal static class FeatureTable
{
    /// <exception cref="ArgumentException">A number is below 1, there are not count x length floats, or one is not finite.</exception>
    public static void Check(ReadOnlySpan<float> features, int count, int length)
    {
        if (count < 1 || length < 1)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{count} feature vectors of {length} numbers: both must be 1 or more."));
        if (features.Length != Math.BigMul(count, length))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{count} feature vectors of {length} numbers are {Math.BigMul(count, length)} floats, but {features.Length} were given."), nameof(features));
        for (var i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Number {i % length} of feature vector {i / length} is {features[i]}, which is not finite."), nameof(features));
        }
    }

    /// <summary>The sum of products; in double, several sums side by side.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        var (first, second) = (Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i + 1 < va.Length; i += 2)
        {
            first += va[i] * vb[i];
            second += va[i + 1] * vb[i + 1];
        }

        if (i < va.Length)
            first += va[i] * vb[i];
        var sum = Vector.Sum(first + second);
        for (var rest = va.Length * Vector<double>.Count; rest < a.Length; rest++)
            sum += a[rest] * b[rest];
        return sum;
    }

    /// <summary>Adds factor x source to target.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var from = MemoryMarshal.Cast<double, Vector<double>>(source);
        var scale = new Vector<double>(factor);
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i] * scale;
        for (var rest = to.Length * Vector<double>.Count; rest < target.Length; rest++)
            target[rest] += factor * source[rest];
    }
}
