namespace CnnGen.Runtime;

/// <summary>
/// Brings a matrix's singular values to about 1 by iterations of Newton and Schulz, on all threads; a matrix is copied from and to the parameters on one. Each number is summed in one order whoever computes it: the same bits on any
/// number of threads.
/// </summary>
internal sealed unsafe class Orthogonalizer
{
    private const float Epsilon = 1e-7f;
    public const float First = 3.4445f;
    public const float Second = -4.7750f;
    public const float Third = 2.0315f;

    private readonly List<Parameter> _parameters;

    /// <summary>A parameter's numbers in logical order.</summary>
    private readonly float[] _logical;
    private readonly float[] _gradients;

    /// <summary>The matrix (no more rows than columns), the next one, its products.</summary>
    private readonly PinnedBuffer _matrix;
    private readonly PinnedBuffer _next;
    private readonly PinnedBuffer _square;
    private readonly PinnedBuffer _polynomial;

    private readonly int _panelLength;

    /// <summary>Where each thread packs columns.</summary>
    private PinnedBuffer? _panels;

    private int _rows;
    private int _columns;
    private bool _isTransposed;

    /// <summary>Whether the matrix is in <see cref="_next"/>.</summary>
    private bool _isInNext;

    public Orthogonalizer(ParameterStore store)
    {
        _parameters = ParameterSegment.Trained(store);
        var (matrix, panel, square, logical) = (0L, 0L, 0L, 0);
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (!_parameters[i].IsMatrix)
                continue;
            var (rows, columns) = Size(_parameters[i]);
            (rows, columns) = (Math.Min(rows, columns), Math.Max(rows, columns));
            matrix = Math.Max(matrix, (long)MatrixProduct.PaddedRows(rows) * MatrixProduct.Stride(columns));
            panel = Math.Max(panel, MatrixProduct.PanelLength(columns));
            square = Math.Max(square, (long)MatrixProduct.PaddedRows(rows) * MatrixProduct.Stride(rows));
            logical = Math.Max(logical, _parameters[i].Length);
        }

        _panelLength = checked((int)panel);
        _logical = new float[logical];
        _gradients = new float[logical];
        _matrix = new PinnedBuffer(checked((int)matrix));
        _next = new PinnedBuffer(checked((int)matrix));
        _square = new PinnedBuffer(checked((int)square));
        _polynomial = new PinnedBuffer(checked((int)square));
    }

    /// <summary>A parameter as a matrix: its first dimension, and the product of the others.</summary>
    public static (int Rows, int Columns) Size(Parameter parameter) => (parameter.Dimensions[0], parameter.Length / parameter.Dimensions[0]);

    /// <summary>Takes (1 - part) * gradient + part * momentum, over its length or, where that is less, over 1e-7.</summary>
    public void Load(int index, ReadOnlySpan<float> momentum, float part)
    {
        var parameter = _parameters[index];
        var (rows, columns) = Size(parameter);
        _isTransposed = rows > columns;
        (_rows, _columns) = _isTransposed ? (columns, rows) : (rows, columns);
        var values = _logical.AsSpan(0, parameter.Length);
        var gradients = _gradients.AsSpan(0, parameter.Length);
        parameter.Gather(momentum, values);
        if (part != 1)
        {
            parameter.CopyGradientTo(gradients);
            for (var i = 0; i < values.Length; i++)
                values[i] = MathF.FusedMultiplyAdd(part, values[i], (1 - part) * gradients[i]);
        }

        var sum = 0.0;
        foreach (var value in values)
            sum += (double)value * value;
        var factor = 1 / MathF.Max((float)Math.Sqrt(sum), Epsilon);
        var stride = MatrixProduct.Stride(_columns);
        var matrix = _matrix.Span[..(MatrixProduct.PaddedRows(_rows) * stride)];
        matrix.Clear();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                matrix[_isTransposed ? (column * stride) + row : (row * stride) + column] = values[(row * columns) + column] * factor;
        }

        _isInNext = false;
    }

    public void Iterate(int count)
    {
        var (wide, narrow) = (MatrixProduct.Stride(_columns), MatrixProduct.Stride(_rows));
        var workers = Threads.Count;
        if (_panels == null || _panels.Length < (long)workers * _panelLength)
            _panels = new PinnedBuffer(checked(workers * _panelLength));
        fixed (float* first = _matrix.Span, second = _next.Span, square = _square.Span, polynomial = _polynomial.Span, panels = _panels.Span)
        {
            for (var i = 0; i < count; i++)
            {
                var matrix = _isInNext ? second : first;
                var next = _isInNext ? first : second;
                MatrixProduct.Compute(matrix, wide, matrix, wide, true, square, narrow, _rows, _columns, _rows, 1, null, 0, panels, workers);
                MatrixProduct.Compute(square, narrow, square, narrow, false, polynomial, narrow, _rows, _rows, _rows, Third, square, Second, panels, workers);
                MatrixProduct.Compute(polynomial, narrow, matrix, wide, false, next, wide, _rows, _rows, _columns, 1, matrix, First, panels, workers);
                _isInNext = !_isInNext;
            }
        }
    }

    /// <summary>weights = shrinking * weights - rate * matrix.</summary>
    public void Apply(int index, float shrinking, float rate)
    {
        var parameter = _parameters[index];
        var (rows, columns) = Size(parameter);
        var matrix = (_isInNext ? _next : _matrix).Span;
        var stride = MatrixProduct.Stride(_columns);
        var values = _logical.AsSpan(0, parameter.Length);
        parameter.CopyTo(values);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                ref var value = ref values[(row * columns) + column];
                value = MathF.FusedMultiplyAdd(-rate, matrix[_isTransposed ? (column * stride) + row : (row * stride) + column], shrinking * value);
            }
        }

        parameter.Set(values);
    }
}
