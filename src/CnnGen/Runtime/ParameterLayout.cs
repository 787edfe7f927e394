using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Runtime;

/// <summary>Values by their logical index, such as random numbers.</summary>
internal interface IParameterSource
{
    /// <summary>Computes the values from logical index <paramref name="start"/> on. Called from several threads at once.</summary>
    void Fill(int start, Span<float> values);
}

/// <summary>
/// Moves a parameter's numbers between logical order and the kernels'. What makes it fast: among the logical index's digits there is one whose neighbours
/// are neighbours in memory too, the lane (filters side by side). All indices below it are its run, and the lanes' runs are a <em>unit</em>: a matrix of
/// lanes x run that has to be transposed. Where there is no such digit, numbers move one by one.
/// </summary>
internal sealed unsafe class ParameterLayout
{
    /// <summary>Floats that are worth a thread's time.</summary>
    private const int WorthSharing = 1 << 17;

    /// <summary>Floats of a run that are computed or moved at a time: for 32 lanes they stay in the first cache.</summary>
    private const int Segment = 256;

    private const int LeastChunk = 1 << 14;
    private const int LargestUnit = 1 << 22;

    private readonly ParameterDefinition _definition;
    private readonly Axis[] _axes;

    /// <summary>Lanes of a unit; 0 where numbers move one by one.</summary>
    private readonly int _lanes;

    /// <summary>The logical length of a lane's run.</summary>
    private readonly int _run;

    /// <summary>Where each number of a run lies, from its lane's first on.</summary>
    private readonly int[] _offsets = [0];

    public ParameterLayout(ParameterDefinition definition)
    {
        _definition = definition;
        _axes = definition.Axes;
        var lane = Array.FindIndex(_axes, axis => axis is { Stride: 1, Count: > 1 });
        _run = 1;
        if (lane < 0)
            return;
        var below = _axes.AsSpan(lane + 1);
        foreach (var axis in below)
            _run *= axis.Count;
        _lanes = _axes[lane].Count;
        if ((long)_lanes * _run > LargestUnit)
        {
            _lanes = 0;
            return;
        }

        _offsets = new int[_run];
        for (var i = 0; i < _run; i++)
            _offsets[i] = Offset(below, i);
    }

    /// <summary>How many values, from a multiple of them on, are best moved at a time.</summary>
    public int ChunkLength => _lanes == 0 ? LeastChunk : Math.Max(1, LeastChunk / Unit) * Unit;

    private int Unit => _lanes * _run;

    /// <summary>Where the number of a logical index lies.</summary>
    public int PackedIndex(int logical) => _definition.Offset + Offset(_axes, logical);

    public void Gather(float* memory, Span<float> logical, int start)
    {
        var walk = new Walk(this, start);
        for (var i = 0; i < logical.Length; i++, walk.Next())
            logical[i] = memory[walk.Packed];
    }

    /// <summary>Moves <paramref name="count"/> values, of which the first has the logical index <paramref name="start"/>, into the kernels' order.</summary>
    public void Scatter(float* values, int start, int count, float* memory)
    {
        while (count > 0)
        {
            var within = _lanes == 0 ? 1 : start % Unit;
            var moved = count;
            if (_lanes > 0 && _run == 1)
            {
                moved = Math.Min(count, Unit - within);
                Buffer.MemoryCopy(values, memory + PackedIndex(start), moved * (long)sizeof(float), moved * (long)sizeof(float));
            }
            else if (within == 0 && count >= _run)
            {
                var lanes = Math.Min(_lanes, count / _run);
                moved = lanes * _run;
                fixed (int* offsets = _offsets)
                    Transpose(values, _run, lanes, memory + PackedIndex(start), offsets, _run);
            }
            else
            {
                if (_lanes > 0 && within > 0)
                    moved = Math.Min(count, Unit - within);
                var walk = new Walk(this, start);
                for (var i = 0; i < moved; i++, walk.Next())
                    memory[walk.Packed] = values[i];
            }

            values += moved;
            start += moved;
            count -= moved;
        }
    }

    /// <summary>Moves all values into the kernels' order, on all threads where there are many.</summary>
    public void ScatterAll(float* values, float* memory) => Share(new Pointer(values), memory, &ScatterChunks);

    /// <summary>Computes all values where they belong, on all threads where there are many.</summary>
    public void ScatterAll<TSource>(TSource source, float* memory) where TSource : unmanaged, IParameterSource =>
        Share(source, memory, &FillChunks<TSource>);

    private void Share<TSource>(TSource source, float* memory, delegate*<void*, int, int, int, void> job) where TSource : unmanaged
    {
        var handle = GCHandle.Alloc(this);
        try
        {
            var work = new Work<TSource> { Layout = GCHandle.ToIntPtr(handle), Source = source, Memory = memory };
            var chunks = (int)(((long)_definition.Length + ChunkLength - 1) / ChunkLength);
            WorkerTeam.Run(job, &work, chunks, _definition.Length < WorthSharing ? Math.Max(1, chunks) : Math.Max(1, WorthSharing / ChunkLength));
        }
        finally
        {
            handle.Free();
        }
    }

    private static void ScatterChunks(void* argument, int worker, int from, int to)
    {
        var work = (Work<Pointer>*)argument;
        var layout = (ParameterLayout)GCHandle.FromIntPtr(work->Layout).Target!;
        var start = from * layout.ChunkLength;
        var end = (int)Math.Min((long)to * layout.ChunkLength, layout._definition.Length);
        layout.Scatter(work->Source.Values + start, start, end - start, work->Memory);
    }

    private static void FillChunks<TSource>(void* argument, int worker, int from, int to) where TSource : unmanaged, IParameterSource
    {
        var work = (Work<TSource>*)argument;
        var layout = (ParameterLayout)GCHandle.FromIntPtr(work->Layout).Target!;
        var start = from * layout.ChunkLength;
        layout.Fill(work->Source, start, (int)Math.Min((long)to * layout.ChunkLength, layout._definition.Length), work->Memory);
    }

    [SkipLocalsInit]
    private void Fill<TSource>(TSource source, int start, int end, float* memory) where TSource : IParameterSource
    {
        const int Lanes = 32;
        var buffer = stackalloc float[Lanes * Segment];
        if (_lanes == 0 || _run == 1)
        {
            for (; start < end; start += Segment)
            {
                var count = Math.Min(Segment, end - start);
                source.Fill(start, new Span<float>(buffer, count));
                Scatter(buffer, start, count, memory);
            }

            return;
        }

        // A chunk is whole units, but for the last, which may have fewer lanes.
        fixed (int* offsets = _offsets)
        {
            for (; start < end; start += Unit)
            {
                var lanes = Math.Min(_lanes, (end - start) / _run);
                for (var lane = 0; lane < lanes; lane += Lanes)
                {
                    var rows = Math.Min(Lanes, lanes - lane);
                    var target = memory + PackedIndex(start) + lane;
                    for (var column = 0; column < _run; column += Segment)
                    {
                        var columns = Math.Min(Segment, _run - column);
                        for (var row = 0; row < rows; row++)
                            source.Fill(start + ((lane + row) * _run) + column, new Span<float>(buffer + (row * Segment), columns));
                        Transpose(buffer, Segment, rows, target, offsets + column, columns);
                    }
                }
            }
        }
    }

    /// <summary>target[offsets[column] + row] = source[row * rowStride + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, nint rowStride, int rows, float* target, int* offsets, int columns)
    {
        var column = 0;
        var wholeRows = 0;
        if (Avx.IsSupported)
        {
            wholeRows = rows & ~7;
            for (; column + 8 <= columns; column += 8)
            {
                for (var row = 0; row < wholeRows; row += 8)
                    Transpose8x8(source + (row * rowStride) + column, rowStride, target + row, offsets + column);
            }
        }

        // What is left: the last columns of all rows, and the last rows of all columns.
        for (var i = 0; i < columns; i++)
        {
            var to = target + offsets[i];
            for (var row = i < column ? wholeRows : 0; row < rows; row++)
                to[row] = source[(row * rowStride) + i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x8(float* source, nint stride, float* target, int* offsets)
    {
        // Rows 0 and 4, 1 and 5, ... side by side, then four 4x4 transpositions in each half of the registers.
        var a = Pair(source, stride, 0);
        var b = Pair(source, stride, 1);
        var c = Pair(source, stride, 2);
        var d = Pair(source, stride, 3);
        Store4(a, b, c, d, target, offsets);
        a = Pair(source + 4, stride, 0);
        b = Pair(source + 4, stride, 1);
        c = Pair(source + 4, stride, 2);
        d = Pair(source + 4, stride, 3);
        Store4(a, b, c, d, target, offsets + 4);
    }

    /// <summary>Four numbers of a row, and four of the row four below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* source, nint stride, int row) =>
        Avx.InsertVector128(Sse.LoadVector128(source + (row * stride)).ToVector256Unsafe(), Sse.LoadVector128(source + ((row + 4) * stride)), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float* target, int* offsets)
    {
        var ab = Avx.UnpackLow(a, b).AsDouble();
        var cd = Avx.UnpackLow(c, d).AsDouble();
        Avx.Store(target + offsets[0], Avx.UnpackLow(ab, cd).AsSingle());
        Avx.Store(target + offsets[1], Avx.UnpackHigh(ab, cd).AsSingle());
        ab = Avx.UnpackHigh(a, b).AsDouble();
        cd = Avx.UnpackHigh(c, d).AsDouble();
        Avx.Store(target + offsets[2], Avx.UnpackLow(ab, cd).AsSingle());
        Avx.Store(target + offsets[3], Avx.UnpackHigh(ab, cd).AsSingle());
    }

    private static int Offset(ReadOnlySpan<Axis> axes, int index)
    {
        var offset = 0;
        for (var i = axes.Length - 1; i > 0; i--)
        {
            index = Math.DivRem(index, axes[i].Count, out var digit);
            offset += digit * axes[i].Stride;
        }

        return axes.IsEmpty ? offset : offset + (index * axes[0].Stride);
    }

    private readonly struct Pointer(float* values)
    {
        public readonly float* Values = values;
    }

    private struct Work<TSource> where TSource : unmanaged
    {
        public nint Layout;
        public TSource Source;
        public float* Memory;
    }

    /// <summary>Steps through the logical indices and keeps the packed one beside them, with no division but at the start.</summary>
    private struct Walk
    {
        private readonly Axis[] _axes;
        private readonly int[] _digits;

        public Walk(ParameterLayout layout, int start)
        {
            _axes = layout._axes;
            _digits = new int[_axes.Length];
            Packed = layout._definition.Offset;
            for (var i = _axes.Length - 1; i > 0; i--)
            {
                start = Math.DivRem(start, _axes[i].Count, out _digits[i]);
                Packed += _digits[i] * _axes[i].Stride;
            }

            _digits[0] = start;
            Packed += start * _axes[0].Stride;
        }

        public int Packed { get; private set; }

        public void Next()
        {
            for (var i = _axes.Length - 1; i >= 0; i--)
            {
                Packed += _axes[i].Stride;
                if (++_digits[i] < _axes[i].Count || i == 0)
                    return;
                Packed -= _axes[i].Stride * _axes[i].Count;
                _digits[i] = 0;
            }
        }
    }
}
