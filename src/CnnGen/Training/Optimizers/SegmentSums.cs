using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnGen.Runtime;

/// <summary>
/// Sums of squares, a parameter each, on all threads. Each block of 4096 floats is summed in 16 strands of double precision, and the blocks are added in their order: the same
/// bits on any number of threads and on every machine.
/// </summary>
internal sealed unsafe class SegmentSums
{
    private const int BlockLength = 4096;
    private const int Grain = 8;

    private readonly Block[] _blocks;
    private readonly double[] _blockSums;
    private readonly double[][] _sums;

    public SegmentSums(ParameterSegment[] segments)
    {
        var blocks = new List<Block>();
        for (var segment = 0; segment < segments.Length; segment++)
        {
            for (var start = segments[segment].Start; start < segments[segment].End; start += BlockLength)
                blocks.Add(new Block(segment, start, Math.Min(start + BlockLength, segments[segment].End)));
        }

        _blocks = [.. blocks];
        _blockSums = new double[blocks.Count];
        _sums = [new double[segments.Length], new double[segments.Length]];
    }

    /// <summary>The sums of squares of each parameter.</summary>
    /// <param name="values">Numbers that lie as the parameters do.</param>
    /// <param name="place">Where they are kept, 0 or 1, until they are asked for there again.</param>
    /// <returns>A sum for each segment.</returns>
    public ReadOnlySpan<double> OfSquares(ReadOnlySpan<float> values, int place = 0)
    {
        fixed (float* first = values)
        fixed (Block* blocks = _blocks)
        fixed (double* blockSums = _blockSums)
        {
            var work = new Work { Values = first, Blocks = blocks, Sums = blockSums };
            WorkerTeam.Run(&Chunk, &work, _blocks.Length, Grain);
        }

        var sums = _sums[place];
        Array.Clear(sums);
        for (var i = 0; i < _blocks.Length; i++)
            sums[_blocks[i].Segment] += _blockSums[i];
        return sums;
    }

    private static void Chunk(void* argument, int worker, int from, int to)
    {
        ref readonly var work = ref *(Work*)argument;
        for (var i = from; i < to; i++)
            work.Sums[i] = Sum(work.Values + work.Blocks[i].Start, work.Blocks[i].End - work.Blocks[i].Start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(float* values, int count)
    {
        var (low, high) = (Vector512<double>.Zero, Vector512<double>.Zero);
        var i = 0;
        for (; i <= count - 16; i += 16)
        {
            // The product of two floats is a double without rounding, so that a fused sum and one that isn't are the same.
            var (a, b) = Vector512.Widen(Vector512.Load(values + i));
            low += a * a;
            high += b * b;
        }

        var sum = 0.0;
        for (var lane = 0; lane < 8; lane++)
            sum += low[lane] + high[lane];
        for (; i < count; i++)
            sum += (double)values[i] * values[i];
        return sum;
    }

    private readonly record struct Block(int Segment, int Start, int End);

    private struct Work
    {
        public float* Values;
        public Block* Blocks;
        public double* Sums;
    }
}
