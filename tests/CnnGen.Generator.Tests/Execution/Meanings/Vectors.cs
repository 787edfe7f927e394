using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Sums of products of neighbours, which most of the executor's time goes to.</summary>
internal static class Vectors
{
    /// <summary>sums[i] += x * factors[i].</summary>
    public static void AddProduct(double x, ReadOnlySpan<double> factors, Span<double> sums)
    {
        var from = MemoryMarshal.Cast<double, Vector<double>>(factors);
        var to = MemoryMarshal.Cast<double, Vector<double>>(sums);
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i] * x;
        for (var i = to.Length * Vector<double>.Count; i < sums.Length; i++)
            sums[i] += x * factors[i];
    }

    /// <summary>sums[i] += x[0] * rows[0][i] + x[1] * rows[1][i] + ..., the rows one after the other.</summary>
    public static void AddProducts(ReadOnlySpan<double> x, ReadOnlySpan<double> rows, Span<double> sums)
    {
        for (var k = 0; k < x.Length; k++)
            AddProduct(x[k], rows.Slice(k * sums.Length, sums.Length), sums);
    }

    /// <summary>The sum of a[i] * b[i].</summary>
    public static double Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>sums[i] += a[i] * b[i].</summary>
    public static void AddEach(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> sums)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += a[i] * b[i];
    }
}
