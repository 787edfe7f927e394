namespace CnnGen.Runtime;

/// <summary>The mean of several models' outputs, or of one model's for several views, summed in the order in which they come.</summary>
internal ref struct ScoreMean
{
    private readonly Span<float> _sums;
    private int _count;

    /// <param name="scores">Receives the mean.</param>
    public ScoreMean(Span<float> scores)
    {
        scores.Clear();
        _sums = scores;
    }

    /// <param name="scores">As many outputs as the mean has.</param>
    public void Add(ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < _sums.Length; i++)
            _sums[i] += scores[i];
        _count++;
    }

    /// <summary>Makes the mean of the sums.</summary>
    public readonly void Finish()
    {
        foreach (ref var sum in _sums)
            sum /= _count;
    }
}
