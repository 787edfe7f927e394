using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>
/// The directions along which feature vectors vary most (principal component analysis; Hotelling 1933): the eigenvectors of their covariance with the largest eigenvalues. Where the smaller of
/// the numbers of vectors and features is at most 256 it is solved exactly, else by orthogonal iteration (Golub, Van Loan, 4th edition, section 8.2.4). The same features give the same bits again.
/// </summary>
public sealed class PrincipalComponents
{
    private const int MostExact = 256;
    private const int Extra = 8;
    private const int MostIterations = 300;

    private readonly double[] _mean;
    private readonly double[] _components;

    private PrincipalComponents(double[] mean, double[] components, double[] variances, double total)
    {
        (_mean, _components, Variances) = (mean, components, variances);
        ExplainedShares = [.. variances.Select(variance => total > 0 ? variance / total : 0)];
    }

    /// <summary>The numbers of a feature vector.</summary>
    public int FeatureLength => _mean.Length;

    /// <summary>The number of components.</summary>
    public int Count => Variances.Count;

    /// <summary>The variance along each component, falling (with divisor n - 1).</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>The part of the whole variance that lies along each component, 0 to 1; 0 where all vectors are equal.</summary>
    public IReadOnlyList<double> ExplainedShares { get; }

    /// <summary>The mean of the vectors.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>A component: a direction of length 1, its largest number (in size) positive.</summary>
    /// <param name="index">0 for the one of most variance, up to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public ReadOnlySpan<double> Component(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _components.AsSpan(index * FeatureLength, FeatureLength);
    }

    /// <summary>Finds the components.</summary>
    /// <param name="features">count x length floats, a vector after the other.</param>
    /// <param name="count">The number of vectors, 2 or more.</param>
    /// <param name="length">The numbers of each, 1 or more.</param>
    /// <param name="components">How many components, from 1 to the smaller of <paramref name="count"/> and <paramref name="length"/>.</param>
    /// <exception cref="ArgumentException">There are not count x length floats, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static PrincipalComponents Of(ReadOnlySpan<float> features, int count, int length, int components = 2)
    {
        FeatureTable.Check(features, count, length);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (components < 1 || components > Math.Min(count, length))
        {
            throw new ArgumentOutOfRangeException(
                nameof(components), components, string.Create(CultureInfo.InvariantCulture, $"{count} vectors of {length} numbers have 1 to {Math.Min(count, length)} components."));
        }

        var mean = new double[length];
        for (var i = 0; i < features.Length; i++)
            mean[i % length] += features[i];
        for (var j = 0; j < length; j++)
            mean[j] /= count;
        var centred = new double[features.Length];
        var total = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            centred[i] = features[i] - mean[i % length];
            total += centred[i] * centred[i];
        }

        var (directions, variances) = Math.Min(count, length) > MostExact ? Iterate(centred, count, length, components)
            : length <= count ? OfCovariance(centred, count, length, components)
            : OfProducts(centred, count, length, components);
        Orient(directions, components, length);
        for (var i = 0; i < components; i++)
            variances[i] = Math.Max(0, variances[i]) / (count - 1);
        return new PrincipalComponents(mean, directions, variances, total / (count - 1));
    }

    /// <summary>The places of vectors along the components.</summary>
    /// <param name="features">Any number of vectors of <see cref="FeatureLength"/> floats.</param>
    /// <returns>As many vectors of <see cref="Count"/> floats.</returns>
    /// <exception cref="ArgumentException">The length is no multiple of <see cref="FeatureLength"/>.</exception>
    public float[] Project(ReadOnlySpan<float> features)
    {
        if (features.Length % FeatureLength != 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A feature vector has {FeatureLength} numbers, but {features.Length} floats were given, which is no multiple."), nameof(features));
        var places = new float[features.Length / FeatureLength * Count];
        var vector = new double[FeatureLength];
        for (var i = 0; i < features.Length / FeatureLength; i++)
        {
            for (var j = 0; j < FeatureLength; j++)
                vector[j] = features[(i * FeatureLength) + j] - _mean[j];
            for (var k = 0; k < Count; k++)
                places[(i * Count) + k] = (float)FeatureTable.Dot(vector, Component(k));
        }

        return places;
    }

    private static (double[] Directions, double[] Variances) OfCovariance(double[] centred, int count, int length, int components)
    {
        var covariance = new double[length * length];
        for (var i = 0; i < count; i++)
        {
            var row = centred.AsSpan(i * length, length);
            for (var j = 0; j < length; j++)
                FeatureTable.AddScaled(covariance.AsSpan((j * length) + j, length - j), row[j..], row[j]);
        }

        var (values, vectors) = SymmetricEigen.Solve(covariance, length);
        return (vectors[..(components * length)], values[..components]);
    }

    /// <summary>With fewer vectors than features: an eigenvector u of the products of all pairs of vectors gives the direction X'u.</summary>
    private static (double[] Directions, double[] Variances) OfProducts(double[] centred, int count, int length, int components)
    {
        var products = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = i; j < count; j++)
                products[(i * count) + j] = FeatureTable.Dot(centred.AsSpan(i * length, length), centred.AsSpan(j * length, length));
        }

        var (values, vectors) = SymmetricEigen.Solve(products, count);
        var directions = new double[components * length];
        for (var k = 0; k < components; k++)
        {
            for (var i = 0; i < count; i++)
                FeatureTable.AddScaled(directions.AsSpan(k * length, length), centred.AsSpan(i * length, length), vectors[(k * count) + i]);
        }

        Orthonormalize(directions, components, length);
        return (directions, values[..components]);
    }

    private static (double[] Directions, double[] Variances) Iterate(double[] centred, int count, int length, int components)
    {
        var block = Math.Min(components + Extra, Math.Min(count, length));
        var random = new CounterRandom(1, 0);
        var basis = new double[block * length];
        for (var i = 0; i < basis.Length; i++)
            basis[i] = random.NextDouble() - 0.5;
        Orthonormalize(basis, block, length);
        var values = new double[block];
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            var next = new double[block * length];
            for (var i = 0; i < count; i++)
            {
                var row = centred.AsSpan(i * length, length);
                for (var k = 0; k < block; k++)
                    FeatureTable.AddScaled(next.AsSpan(k * length, length), row, FeatureTable.Dot(row, basis.AsSpan(k * length, length)));
            }

            // Rayleigh and Ritz: within the span of the block the problem is solved exactly.
            var small = new double[block * block];
            for (var a = 0; a < block; a++)
            {
                for (var b = a; b < block; b++)
                    small[(a * block) + b] = FeatureTable.Dot(basis.AsSpan(a * length, length), next.AsSpan(b * length, length));
            }

            var (ritz, turn) = SymmetricEigen.Solve(small, block);
            var turned = new double[block * length];
            for (var a = 0; a < block; a++)
            {
                for (var b = 0; b < block; b++)
                    FeatureTable.AddScaled(turned.AsSpan(a * length, length), next.AsSpan(b * length, length), turn[(a * block) + b]);
            }

            Orthonormalize(turned, block, length);
            var change = 0.0;
            for (var k = 0; k < components; k++)
                change = Math.Max(change, Math.Abs(ritz[k] - values[k]));
            (basis, values) = (turned, ritz);
            if (change <= 1e-12 * ritz[0])
                break;
        }

        return (basis[..(components * length)], values[..components]);
    }

    /// <summary>Gram and Schmidt, twice, which is enough (Giraud et al. 2005); a direction that is none becomes the first axis that is not spanned yet.</summary>
    private static void Orthonormalize(double[] directions, int count, int length)
    {
        var axis = 0;
        for (var k = 0; k < count; k++)
        {
            var direction = directions.AsSpan(k * length, length);
            var before = Math.Sqrt(FeatureTable.Dot(direction, direction));
            while (true)
            {
                for (var pass = 0; pass < 2; pass++)
                {
                    for (var earlier = 0; earlier < k; earlier++)
                    {
                        var other = directions.AsSpan(earlier * length, length);
                        FeatureTable.AddScaled(direction, other, -FeatureTable.Dot(direction, other));
                    }
                }

                var size = Math.Sqrt(FeatureTable.Dot(direction, direction));
                if (size > 1e-10 * before && size > 0)
                {
                    for (var j = 0; j < length; j++)
                        direction[j] /= size;
                    break;
                }

                direction.Clear();
                direction[axis++] = 1;
                before = 1;
            }
        }
    }

    private static void Orient(double[] directions, int count, int length)
    {
        for (var k = 0; k < count; k++)
        {
            var direction = directions.AsSpan(k * length, length);
            var largest = 0;
            for (var j = 1; j < length; j++)
            {
                // A rounding error must not decide which of two equal numbers it is.
                if (Math.Abs(direction[j]) > Math.Abs(direction[largest]) * (1 + 1e-9))
                    largest = j;
            }

            var sign = direction[largest] < 0 ? -1 : 1;
            for (var j = 0; j < length; j++)
                direction[j] *= sign;
        }
    }
}
