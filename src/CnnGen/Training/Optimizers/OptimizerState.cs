namespace CnnGen.Runtime;

/// <summary>What an optimiser keeps for one store between steps.</summary>
internal sealed class OptimizerState(ParameterStore parameters, IReadOnlyList<string> names, int scratchCount, ParameterSegment[] segments)
{
    private readonly MovableFloats?[] _buffers = new MovableFloats?[names.Count + scratchCount];
    private ParameterSegment[] _segments = segments;
    private SegmentSums? _sums;
    private List<Parameter>? _trained;

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

    /// <summary>The parameter of each segment.</summary>
    public List<Parameter> Trained => _trained ??= ParameterSegment.Trained(parameters);

    /// <summary>Whether the segments are to be asked for anew, since the optimiser is within another one by now.</summary>
    public bool IsRegrouped { get; set; }

    /// <summary>What an optimiser works in beside these.</summary>
    public object? Workspace { get; set; }

    /// <summary>The device that the step under way is taken on; null for the CPU.</summary>
    public UpdateDevice? Device { get; private set; }

    private SegmentSums Sums => _sums ??= new SegmentSums(_segments);

    /// <summary>The numbers of that index, element for element beside the parameters, zeros at first: those that are kept, and behind these those that last for a step only. Empty where there is no such index.</summary>
    public Span<float> this[int index] =>
        index < _buffers.Length ? Numbers(index).Span : default;

    /// <summary>The next step is taken on a device.</summary>
    public void Enter(UpdateDevice device) => Device = device;

    /// <summary>The step is over. The numbers stay on the device until they are asked for here.</summary>
    public void Leave() => Device = null;

    /// <summary>The numbers of that index on the device of the step; null where there is no such index.</summary>
    public DeviceFloats? OnDevice(int index) => index < _buffers.Length ? Numbers(index).On(Device!) : null;

    /// <summary>Copies what is kept between steps from where it lies to memory, where <see cref="Copied"/> has it.</summary>
    public void Refresh()
    {
        for (var i = 0; i < names.Count; i++)
            _buffers[i]?.Refresh();
    }

    /// <summary>The numbers of that index as the last <see cref="Refresh"/> found them.</summary>
    public Span<float> Copied(int index) => Numbers(index).Copy;

    /// <summary>The sums of squares of each parameter's weights.</summary>
    /// <param name="place">Where they are kept, 0 or 1, until they are asked for there again.</param>
    public ReadOnlySpan<double> SquaresOfValues(int place) => Device is { } device ? device.SumSquares(device.Values) : Sums.OfSquares(parameters.Values, place);

    /// <summary>Those of each parameter's gradients.</summary>
    /// <inheritdoc cref="SquaresOfValues"/>
    public ReadOnlySpan<double> SquaresOfGradients(int place) => Device is { } device ? device.SumSquares(device.Gradients) : Sums.OfSquares(parameters.Gradients, place);

    /// <summary>Those of the numbers of an index.</summary>
    /// <inheritdoc cref="SquaresOfValues"/>
    public ReadOnlySpan<double> SquaresOf(int index, int place) => Device is { } device ? device.SumSquares(OnDevice(index)!) : Sums.OfSquares(this[index], place);

    /// <summary>Gives the numbers of an index the weights.</summary>
    public void TakeValues(int index)
    {
        if (Device is { } device)
            OnDevice(index)!.CopyFrom(device.Values);
        else
            parameters.Values.CopyTo(this[index]);
    }

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
        Refresh();
        for (var i = 0; i < names.Count; i++)
        {
            if (_buffers[i] != null)
                Copied(i).CopyTo(other[i]);
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

    private MovableFloats Numbers(int index) => _buffers[index] ??= new MovableFloats(parameters.TrainedLength, hasStatistics: false);
}
