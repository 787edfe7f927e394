namespace ClassifySample.Images;

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
                for (var i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                return true;
            case 2:
                for (var i = 0; i < above.Length; i++)
                    row[i] += above[i];
                return true;
            case 3:
                for (var i = 0; i < row.Length; i++)
                    row[i] += (byte)((Left(row, i, distance) + Above(above, i)) / 2);
                return true;
            case 4:
                for (var i = 0; i < row.Length; i++)
                    row[i] += Paeth(Left(row, i, distance), Above(above, i), i < distance ? 0 : Above(above, i - distance));
                return true;
            default:
                return false;
        }
    }

    private static int Left(ReadOnlySpan<byte> row, int i, int distance) => i < distance ? 0 : row[i - distance];

    private static int Above(ReadOnlySpan<byte> above, int i) => above.IsEmpty ? 0 : above[i];

    /// <summary>Whichever of left, above and above left is nearest to left + above - above left.</summary>
    private static byte Paeth(int left, int above, int corner)
    {
        var estimate = left + above - corner;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return (byte)(a <= b && a <= c ? left : b <= c ? above : corner);
    }
}
