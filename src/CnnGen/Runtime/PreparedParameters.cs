namespace CnnGen.Runtime;

/// <summary>
/// What a model computes from its parameters alone (transformed weights), once for all objects that share the parameters. It is current until
/// <see cref="ParameterStore.MarkChanged"/> is called.
/// </summary>
public sealed class PreparedParameters
{
    private readonly ParameterStore _store;
    private readonly PinnedBuffer _buffer;
    private long _version = -1;

    internal PreparedParameters(ParameterStore store, int length)
    {
        _store = store;
        _buffer = new PinnedBuffer(length);
        Length = length;
    }

    /// <summary>The number of floats.</summary>
    public int Length { get; }

    /// <summary>The floats, aligned to 64 bytes in memory that never moves.</summary>
    public Span<float> Values => _buffer.Span;

    /// <summary>Whether it was computed from the parameters as they are.</summary>
    public bool IsCurrent => Volatile.Read(ref _version) == _store.Version;

    /// <summary>Says that it was computed from the parameters of a version.</summary>
    public void MarkCurrent(long version) => Volatile.Write(ref _version, version);
}
