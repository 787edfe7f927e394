namespace CnnGen.Generator.Emitting;

/// <summary>
/// The matrices of Winograd's F(2, 3), F(4, 3) and F(2, 5): what a tile is multiplied with from both sides, on all targets. The points are 0, 1, -1 and infinity, or 0, +-a, +-b and infinity with a = sqrt(1/2) and
/// b = sqrt(2): the usual 1 and 2 make numbers of more different sizes, whose rounding errors are larger (docs/kernels.md has the measurements).
/// </summary>
internal static class WinogradMatrices
{
    public const double SquareA = 0.5;
    public const double SquareB = 2;

    public static readonly double A = Math.Sqrt(SquareA);
    public static readonly double B = Math.Sqrt(SquareB);

    /// <summary>What the taps' polynomial is scaled by at +-a, and at +-b.</summary>
    public static readonly double ScaleA = 1 / (2 * SquareA * (SquareA - SquareB));

    /// <inheritdoc cref="ScaleA"/>
    public static readonly double ScaleB = 1 / (2 * SquareB * (SquareB - SquareA));

    /// <summary>Inputs to points.</summary>
    public static IReadOnlyList<float[]> Input(int outputTile, int kernel)
    {
        if (outputTile + kernel - 1 == 4)
            return [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]];

        // a^2 b^2 is 1. At +-a: (d4 - b^2 d2) +- a (d3 - b^2 d1); at +-b with a and b exchanged.
        float[] At(double x, double square) => [0, (float)(-x * square), (float)-square, (float)x, 1, 0];
        const float Sum = (float)(SquareA + SquareB);
        return [[1, 0, -Sum, 0, 1, 0], At(A, SquareB), At(-A, SquareB), At(B, SquareA), At(-B, SquareA), [0, 1, 0, -Sum, 0, 1]];
    }

    /// <summary>Taps to points: their polynomial's values, scaled.</summary>
    public static IReadOnlyList<float[]> Taps(int outputTile, int kernel)
    {
        float[] At(double x, double scale) => [.. Enumerable.Range(0, kernel).Select(i => (float)(scale * Math.Pow(x, i)))];
        float[] last = [.. Enumerable.Range(0, kernel).Select(i => i == kernel - 1 ? 1f : 0f)];
        if (outputTile + kernel - 1 == 4)
            return [At(0, 1), At(1, 0.5), At(-1, 0.5), last];
        return [At(0, 1), At(A, ScaleA), At(-A, ScaleA), At(B, ScaleB), At(-B, ScaleB), last];
    }

    /// <summary>Products to outputs.</summary>
    public static IReadOnlyList<float[]> Output(int outputTile, int kernel)
    {
        if (outputTile + kernel - 1 == 4)
            return [[1, 1, 1, 0], [0, 1, -1, -1]];
        return
        [
            .. Enumerable.Range(0, outputTile).Select(i => new[]
            {
                i == 0 ? 1 : 0, (float)Math.Pow(A, i), (float)Math.Pow(-A, i), (float)Math.Pow(B, i), (float)Math.Pow(-B, i), i == outputTile - 1 ? 1 : 0,
            }),
        ];
    }
}
