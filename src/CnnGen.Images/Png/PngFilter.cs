using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnGen.Images.Png;

/// <summary>The five filters of PNG's rows (ISO/IEC 15948, 9.2).</summary>
internal static class PngFilter
{
    /// <summary>Turns a filtered row into the row, in place.</summary>
    /// <param name="kind">0 none, 1 left, 2 above, 3 average, 4 Paeth.</param>
    /// <param name="row">The row.</param>
    /// <param name="above">The row above as it was before filtering; empty for the first of a pass, which counts as zeros.</param>
    /// <param name="distance">From a byte to the one on its left.</param>
    /// <returns>False where there is no such filter.</returns>
    public static bool Undo(int kind, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (kind)
        {
            case 0:
                return true;
            case 1:
                Left(row, distance);
                return true;
            case 2:
                if (!above.IsEmpty)
                    Above(row, above[..row.Length]);
                return true;
            case 3:
                Average(row, above, distance);
                return true;
            case 4:
                if (above.IsEmpty)
                    Left(row, distance);
                else
                    Paeth(row, above[..row.Length], distance);
                return true;
            default:
                return false;
        }
    }

    private static void Left(Span<byte> row, int distance)
    {
        for (var i = distance; i < row.Length; i++)
            row[i] += row[i - distance];
    }

    private static void Above(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var rows = MemoryMarshal.Cast<byte, Vector<byte>>(row);
        var aboves = MemoryMarshal.Cast<byte, Vector<byte>>(above);
        for (var i = 0; i < rows.Length; i++)
            rows[i] += aboves[i];
        for (var i = rows.Length * Vector<byte>.Count; i < row.Length; i++)
            row[i] += above[i];
    }

    private static void Average(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        if (above.IsEmpty)
        {
            for (var i = distance; i < row.Length; i++)
                row[i] += (byte)(row[i - distance] >> 1);
            return;
        }

        above = above[..row.Length];
        for (var i = 0; i < Math.Min(distance, row.Length); i++)
            row[i] += (byte)(above[i] >> 1);
        for (var i = distance; i < row.Length; i++)
            row[i] += (byte)((row[i - distance] + above[i]) >> 1);
    }

    /// <summary>Adds whichever of left, above and above left is nearest to left + above - above left.</summary>
    private static void Paeth(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        // Without a left neighbour the nearest is the one above.
        for (var i = 0; i < Math.Min(distance, row.Length); i++)
            row[i] += above[i];
        for (var first = 0; first < distance; first++)
        {
            if (first + distance >= row.Length)
                break;
            int left = row[first], corner = above[first];
            for (var i = first + distance; i < row.Length; i += distance)
            {
                int up = above[i];
                var (a, b) = (up - corner, left - corner);
                var c = Math.Abs(a + b);
                (a, b) = (Math.Abs(a), Math.Abs(b));
                left = (byte)(row[i] + (a <= b && a <= c ? left : b <= c ? up : corner));
                row[i] = (byte)left;
                corner = up;
            }
        }
    }
}
