using System.Globalization;

namespace CnnGen.Insight;

/// <summary>How far apart feature vectors are.</summary>
public enum FeatureDistance
{
    /// <summary>The length of their difference, 0 or more.</summary>
    Euclidean,

    /// <summary>1 - the cosine of the angle between them, 0 to 2; a vector of zeros is at distance 1 from all.</summary>
    Cosine,
}

/// <summary>A feature vector that was found.</summary>
/// <param name="Index">Its place among those searched.</param>
/// <param name="Distance">How far it is.</param>
public readonly record struct Neighbor(int Index, double Distance);

/// <summary>Finds the images whose features are closest to those of another (retrieval): exactly, by comparing with all.</summary>
public sealed class NearestNeighbors
{
    private readonly float[] _features;
    private readonly double[] _norms;

    /// <summary>Keeps feature vectors to search in.</summary>
    /// <param name="features">count x length floats, a vector after the other; they are copied.</param>
    /// <param name="count">The number of vectors, 1 or more.</param>
    /// <param name="length">The numbers of each, 1 or more.</param>
    /// <param name="distance">How distances are measured.</param>
    /// <exception cref="ArgumentException">There are not count x length floats, or one is not finite.</exception>
    public NearestNeighbors(ReadOnlySpan<float> features, int count, int length, FeatureDistance distance = FeatureDistance.Cosine)
    {
        FeatureTable.Check(features, count, length);
        if (distance is not (FeatureDistance.Euclidean or FeatureDistance.Cosine))
            throw new ArgumentOutOfRangeException(nameof(distance), distance, "There is no such distance.");
        (_features, Count, FeatureLength, Distance) = (features.ToArray(), count, length, distance);
        _norms = new double[count];
        for (var i = 0; i < count; i++)
            _norms[i] = Math.Sqrt(Dot(Vector(i), Vector(i)));
    }

    /// <summary>The number of vectors.</summary>
    public int Count { get; }

    /// <summary>The numbers of each.</summary>
    public int FeatureLength { get; }

    /// <summary>How distances are measured.</summary>
    public FeatureDistance Distance { get; }

    /// <summary>The closest vectors, the closest first; of equally distant ones that of the lower index.</summary>
    /// <param name="query">The vector to compare with.</param>
    /// <param name="most">How many, 1 or more; all where there are fewer.</param>
    /// <exception cref="ArgumentException">The query has another length, or a number that is not finite.</exception>
    public Neighbor[] Find(ReadOnlySpan<float> query, int most = 9)
    {
        FeatureTable.Check(query, 1, FeatureLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        most = Math.Min(most, Count);
        var norm = Math.Sqrt(Dot(query, query));
        var found = new List<Neighbor>(most + 1);
        for (var i = 0; i < Count; i++)
        {
            var distance = DistanceTo(query, norm, i);
            if (found.Count == most && distance >= found[^1].Distance)
                continue;
            var at = found.Count;
            while (at > 0 && found[at - 1].Distance > distance)
                at--;
            found.Insert(at, new Neighbor(i, distance));
            if (found.Count > most)
                found.RemoveAt(most);
        }

        return [.. found];
    }

    /// <summary>The closest to one of the vectors itself, that one left out.</summary>
    /// <param name="index">The vector, from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="most">How many, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such vector, or <paramref name="most"/> is below 1.</exception>
    public Neighbor[] FindOf(int index, int most = 9)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, string.Create(CultureInfo.InvariantCulture, $"Vectors are numbered from 0 to {Count - 1}."));
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var all = Find(Vector(index), Math.Min(most, Count - 1) + 1);

        // Where several equal the query, the one that is left out need not be the first.
        var others = all.Where(neighbor => neighbor.Index != index).ToArray();
        return others[..Math.Min(most, others.Length)];
    }

    private double DistanceTo(ReadOnlySpan<float> query, double norm, int index)
    {
        var vector = Vector(index);
        if (Distance == FeatureDistance.Cosine)
            return norm == 0 || _norms[index] == 0 ? 1 : 1 - Math.Clamp(Dot(query, vector) / (norm * _norms[index]), -1, 1);
        var sum = 0.0;
        for (var i = 0; i < vector.Length; i++)
        {
            var difference = (double)query[i] - vector[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    private ReadOnlySpan<float> Vector(int index) => _features.AsSpan(index * FeatureLength, FeatureLength);

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (first, second) = (0.0, 0.0);
        var i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            first += (double)a[i] * b[i];
            second += (double)a[i + 1] * b[i + 1];
        }

        return i < a.Length ? first + second + ((double)a[i] * b[i]) : first + second;
    }
}
