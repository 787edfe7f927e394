namespace CnnGen.Insight;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub, Van Loan, "Matrix Computations", 4th edition, section 8.5): exact to rounding, and the same bits again for the same matrix.
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Solves.</summary>
    /// <param name="matrix">n x n numbers, of which the upper triangle is read; they are overwritten.</param>
    /// <param name="n">Its size.</param>
    /// <returns>The eigenvalues, falling, and n x n numbers, a row an eigenvector of length 1.</returns>
    public static (double[] Values, double[] Vectors) Solve(double[] matrix, int n)
    {
        var vectors = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            vectors[(i * n) + i] = 1;
            for (var j = 0; j < i; j++)
                matrix[(i * n) + j] = matrix[(j * n) + i];
        }

        var whole = 0.0;
        foreach (var number in matrix)
            whole += number * number;
        for (var sweep = 0; sweep < MostSweeps && Off(matrix, n) > 1e-28 * whole; sweep++)
        {
            for (var p = 0; p < n - 1; p++)
            {
                for (var q = p + 1; q < n; q++)
                    Rotate(matrix, vectors, n, p, q);
            }
        }

        var order = new int[n];
        for (var i = 0; i < n; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => matrix[(b * n) + b].CompareTo(matrix[(a * n) + a]) is var sign and not 0 ? sign : a.CompareTo(b));
        var (values, sorted) = (new double[n], new double[n * n]);
        for (var i = 0; i < n; i++)
        {
            values[i] = matrix[(order[i] * n) + order[i]];
            vectors.AsSpan(order[i] * n, n).CopyTo(sorted.AsSpan(i * n));
        }

        return (values, sorted);
    }

    private static double Off(double[] matrix, int n)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
                sum += 2 * matrix[(i * n) + j] * matrix[(i * n) + j];
        }

        return sum;
    }

    private static void Rotate(double[] matrix, double[] vectors, int n, int p, int q)
    {
        var apq = matrix[(p * n) + q];
        if (apq == 0)
            return;
        var theta = (matrix[(q * n) + q] - matrix[(p * n) + p]) / (2 * apq);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var i = 0; i < n; i++)
        {
            var (a, b) = (matrix[(i * n) + p], matrix[(i * n) + q]);
            (matrix[(i * n) + p], matrix[(i * n) + q]) = ((c * a) - (s * b), (s * a) + (c * b));
        }

        var rowP = matrix.AsSpan(p * n, n);
        var rowQ = matrix.AsSpan(q * n, n);
        var vectorP = vectors.AsSpan(p * n, n);
        var vectorQ = vectors.AsSpan(q * n, n);
        for (var i = 0; i < n; i++)
        {
            (rowP[i], rowQ[i]) = ((c * rowP[i]) - (s * rowQ[i]), (s * rowP[i]) + (c * rowQ[i]));
            (vectorP[i], vectorQ[i]) = ((c * vectorP[i]) - (s * vectorQ[i]), (s * vectorP[i]) + (c * vectorQ[i]));
        }

        (rowP[q], rowQ[p]) = (0, 0);
    }
}
