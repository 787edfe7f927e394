using System.Globalization;
using CnnGen.Benchmarks.Processes;
using ZooSample;

namespace CnnGen.Benchmarks.Measuring;

/// <summary>Whether two sides computed the same. Nothing is timed before it is known.</summary>
internal static class Agreement
{
    /// <summary>The largest difference that is taken for rounding, relative to the largest magnitude.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>A probability of which no more than this is known: a float's smaller ones lose their places, and are 0 in the end.</summary>
    private const double LeastLogarithm = -80;

    /// <summary>Compares two files of scores.</summary>
    /// <param name="network">Where it ends in softmax, the peer's scores are those before it, and logarithms of probabilities are compared.</param>
    /// <param name="batch">The images.</param>
    /// <param name="ownPath">This project's.</param>
    /// <param name="peerPath">The peer's.</param>
    /// <param name="peer">Who it is, for the message.</param>
    /// <param name="peerHasSoftmax">Whether the peer's scores are those after the softmax, as this project's.</param>
    /// <returns>The largest difference, relative to the peer's largest magnitude.</returns>
    /// <exception cref="InvalidDataException">It is above <see cref="Tolerance"/>.</exception>
    public static double CheckScores(Network network, int batch, string ownPath, string peerPath, string peer, bool peerHasSoftmax)
    {
        var length = network.OutputLength;
        var own = Array.ConvertAll(Floats.Read(ownPath, batch * length), score => (double)score);
        var other = Array.ConvertAll(Floats.Read(peerPath, batch * length), score => (double)score);
        if (!peerHasSoftmax && network.Summary.Layers[^1].Kind.StartsWith("Softmax", StringComparison.Ordinal))
        {
            for (var i = 0; i < own.Length; i++)
                own[i] = Math.Max(LeastLogarithm, Math.Log(own[i]));
            for (var image = 0; image < batch; image++)
                LogSoftmax(other.AsSpan(image * length, length));
            for (var i = 0; i < other.Length; i++)
                other[i] = Math.Max(LeastLogarithm, other[i]);
        }

        return Check(own, other, peer, network.Name);
    }

    /// <summary>Compares the losses of the first training steps.</summary>
    /// <returns>The largest difference, relative to the peer's largest magnitude.</returns>
    /// <exception cref="InvalidDataException">It is above <see cref="Tolerance"/>.</exception>
    public static double CheckLosses(Network network, double[] own, double[] other, string peer) => Check(own, other, peer, network.Name);

    private static double Check(double[] own, double[] other, string peer, string network)
    {
        var largest = 0.0;
        var difference = 0.0;
        for (var i = 0; i < own.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(other[i]));
            difference = Math.Max(difference, Math.Abs(own[i] - other[i]));
        }

        // Written so that NaN is no agreement.
        if (!(difference <= Tolerance * largest))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{network}: CnnGen and {peer} differ by {difference:G3} where the largest magnitude is {largest:G3}; up to {Tolerance:G3} of it is rounding."));
        }

        return difference / largest;
    }

    private static void LogSoftmax(Span<double> scores)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores)
            largest = Math.Max(largest, score);
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score - largest);
        foreach (ref var score in scores)
            score -= largest + Math.Log(sum);
    }
}
