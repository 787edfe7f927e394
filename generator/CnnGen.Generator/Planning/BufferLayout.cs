namespace CnnGen.Generator.Planning;

/// <summary>Where each buffer of a program lies among those of its kind.</summary>
internal sealed class BufferLayout
{
    private readonly Dictionary<PlanBuffer, int> _offsets = [];
    private readonly Dictionary<BufferKind, int> _lengths = [];

    public BufferLayout(IEnumerable<PlanBuffer> buffers)
    {
        foreach (var buffer in buffers)
        {
            // A call's own scratch lies among the other buffers that each thread has.
            var kind = buffer.Kind == BufferKind.Scratch ? BufferKind.Worker : buffer.Kind;
            var offset = LengthOf(kind);
            _offsets.Add(buffer, offset);
            _lengths[kind] = checked(offset + buffer.Length);
        }
    }

    public int OffsetOf(PlanBuffer buffer) => _offsets[buffer];

    /// <summary>Floats of one copy of all buffers of a kind.</summary>
    public int LengthOf(BufferKind kind) => _lengths.TryGetValue(kind, out var length) ? length : 0;
}
