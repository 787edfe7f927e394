using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>What a kernel does to each element before it stores it.</summary>
internal sealed class EpilogueMeaning
{
    private readonly Func<double[], double> _each;
    private readonly Piece[] _operands;
    private readonly double[] _elements;

    /// <summary>Takes the further tensors from the call's arguments.</summary>
    public EpilogueMeaning(KernelEpilogue after, KernelArguments arguments)
    {
        _each = ExpressionMeaning.Of(after.Each);
        _operands = [.. Enumerable.Range(0, after.Operands).Select(_ => arguments.Memory())];
        _elements = new double[1 + after.Operands];
        Pool = after.Pool;
    }

    /// <summary>The pooling whose windows are stored as one element.</summary>
    public TilingPool? Pool { get; }

    /// <summary>Rows and columns of sums for one stored element.</summary>
    public Size2 Window => Pool?.Size ?? Size2.One;

    /// <summary>What is stored for the sums of one window.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="place">Where in the output's memory it is stored.</param>
    public double Of(ReadOnlySpan<double> sums, int place)
    {
        for (var i = 0; i < _operands.Length; i++)
            _elements[1 + i] = _operands[i][place];
        var (largest, total) = (double.NegativeInfinity, 0.0);
        foreach (var sum in sums)
        {
            _elements[0] = sum;
            var one = _each(_elements);
            largest = Math.Max(largest, one);
            total += one;
        }

        return Pool is { Function: PoolFunction.Max } ? largest : total / sums.Length;
    }
}
