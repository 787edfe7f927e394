namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>
/// The matrices of Winograd's F(2, 3), F(4, 3) and F(2, 5): what a tile is multiplied with from both sides. The points are the CPU's: 0, 1, -1 and infinity, or 0, +-a, +-b and infinity with a = sqrt(1/2) and
/// b = sqrt(2), whose products of numbers of like sizes keep rounding errors small.
/// </summary>
internal static class WinogradMatrices
{
    private const double SquareA = 0.5;
    private const double SquareB = 2;

    /// <summary>Inputs to points.</summary>
    public static IReadOnlyList<float[]> Input(int outputTile, int kernel)
    {
        if (outputTile + kernel - 1 == 4)
            return [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]];

        // a^2 b^2 is 1. At +-a: (d4 - b^2 d2) +- a (d3 - b^2 d1); at +-b with a and b exchanged.
        float[] At(double x, double square) => [0, (float)(-x * square), (float)-square, (float)x, 1, 0];
        var (a, b, sum) = (Math.Sqrt(SquareA), Math.Sqrt(SquareB), (float)(SquareA + SquareB));
        return [[1, 0, -sum, 0, 1, 0], At(a, SquareB), At(-a, SquareB), At(b, SquareA), At(-b, SquareA), [0, 1, 0, -sum, 0, 1]];
    }

    /// <summary>Taps to points: their polynomial's values, scaled.</summary>
    public static IReadOnlyList<float[]> Taps(int outputTile, int kernel)
    {
        float[] At(double x, double scale) => [.. Enumerable.Range(0, kernel).Select(i => (float)(scale * Math.Pow(x, i)))];
        float[] last = [.. Enumerable.Range(0, kernel).Select(i => i == kernel - 1 ? 1f : 0f)];
        if (outputTile + kernel - 1 == 4)
            return [At(0, 1), At(1, 0.5), At(-1, 0.5), last];
        var (a, scaleA) = (Math.Sqrt(SquareA), 1 / (2 * SquareA * (SquareA - SquareB)));
        var (b, scaleB) = (Math.Sqrt(SquareB), 1 / (2 * SquareB * (SquareB - SquareA)));
        return [At(0, 1), At(a, scaleA), At(-a, scaleA), At(b, scaleB), At(-b, scaleB), last];
    }

    /// <summary>Products to outputs.</summary>
    public static IReadOnlyList<float[]> Output(int outputTile, int kernel)
    {
        if (outputTile + kernel - 1 == 4)
            return [[1, 1, 1, 0], [0, 1, -1, -1]];
        var (a, b) = (Math.Sqrt(SquareA), Math.Sqrt(SquareB));
        return
        [
            .. Enumerable.Range(0, outputTile).Select(i => new[]
            {
                i == 0 ? 1 : 0, (float)Math.Pow(a, i), (float)Math.Pow(-a, i), (float)Math.Pow(b, i), (float)Math.Pow(-b, i), i == outputTile - 1 ? 1 : 0,
            }),
        ];
    }
}
