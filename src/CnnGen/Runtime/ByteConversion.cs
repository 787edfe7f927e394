using System.Numerics;

namespace CnnGen.Runtime;

/// <summary>Bytes as normalised floats: the one way in which data sets and predictions compute them, so that they agree bit for bit.</summary>
internal static class ByteConversion
{
    /// <summary>The factor and the summand that make <c>(value / 255 - mean) / deviation</c> of a byte.</summary>
    public static (float Scale, float Offset) Factors(float mean, float deviation) =>
        ((float)(1 / (255.0 * deviation)), (float)(-(double)mean / deviation));

    /// <summary>A product and a sum, each rounded, in the loop and in its remainder: the same bits whatever the vectors' width.</summary>
    public static void Convert(ReadOnlySpan<byte> source, Span<float> destination, float scale, float offset)
    {
        var i = 0;
        var scales = new Vector<float>(scale);
        var offsets = new Vector<float>(offset);
        for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(source[i..]), out var low, out var high);
            Vector.Widen(low, out var part0, out var part1);
            Vector.Widen(high, out var part2, out var part3);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(part0)) * scales) + offsets).CopyTo(destination[i..]);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(part1)) * scales) + offsets).CopyTo(destination[(i + Vector<float>.Count)..]);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(part2)) * scales) + offsets).CopyTo(destination[(i + (2 * Vector<float>.Count))..]);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(part3)) * scales) + offsets).CopyTo(destination[(i + (3 * Vector<float>.Count))..]);
        }

        for (; i < source.Length; i++)
            destination[i] = (source[i] * scale) + offset;
    }
}
