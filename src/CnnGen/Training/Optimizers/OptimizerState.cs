namespace CnnGen.Runtime;

/// <summary>What an optimiser keeps for one store between steps.</summary>
internal sealed class OptimizerState(ParameterStore parameters, IReadOnlyList<string> names, int scratchCount, ParameterSegment[] segments)
{
    private readonly PinnedBuffer?[] _buffers = new PinnedBuffer?[names.Count + scratchCount];
    private ParameterSegment[] _segments = segments;
    private SegmentSums? _sums;

    /// <summary>The steps begun.</summary>
    public long Steps { get; set; }

    /// <summary>A number that goes with the steps: Nadam's product of momenta.</summary>
    public double Product { get; set; } = 1;

    /// <summary>The parameters, in the order of memory.</summary>
    public ParameterSegment[] Segments
    {
        get => _segments;
        set => (_segments, _sums, IsRegrouped) = (value, null, false);
    }

    /// <summary>Whether the segments are to be asked for anew, since the optimiser is within another one by now.</summary>
    public bool IsRegrouped { get; set; }

    /// <summary>What an optimiser works in beside these.</summary>
    public object? Workspace { get; set; }

    public SegmentSums Sums => _sums ??= new SegmentSums(_segments);

    /// <summary>The numbers of that index, element for element beside the parameters, zeros at first: those that are kept, and behind these those that last for a step only. Empty where there is no such index.</summary>
    public Span<float> this[int index] =>
        index < _buffers.Length ? (_buffers[index] ??= new PinnedBuffer(parameters.TrainedLength)).Span : default;

    /// <summary>The same numbers in memory of their own.</summary>
    public OptimizerState Copy()
    {
        var copy = new OptimizerState(parameters, names, _buffers.Length - names.Count, [.. _segments]);
        CopyTo(copy);
        return copy;
    }

    /// <summary>Gives another state of the same kind these numbers.</summary>
    public void CopyTo(OptimizerState other)
    {
        (other.Steps, other.Product) = (Steps, Product);
        for (var i = 0; i < names.Count; i++)
        {
            if (_buffers[i] != null)
                this[i].CopyTo(other[i]);
            else
                other[i].Clear();
        }
    }

    /// <summary>Counts a step, and gives each parameter its rate.</summary>
    public void Begin(float learningRate)
    {
        Steps++;
        foreach (ref var segment in _segments.AsSpan())
        {
            segment.Rate = learningRate * segment.RateFactor;
            if (Steps < segment.WarmUpSteps)
                segment.Rate *= Steps / (float)segment.WarmUpSteps;
        }
    }
}
