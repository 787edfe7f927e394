namespace CnnGen.Generator.Planning.Cpu.Memory;

/// <summary>Where each buffer of a program lies among those of its kind.</summary>
internal sealed class BufferLayout
{
    private readonly Dictionary<PlanBuffer, int> _offsets = [];
    private readonly int[] _lengths = new int[(int)BufferKind.Shared + 1];

    public BufferLayout(IEnumerable<PlanBuffer> buffers)
    {
        var scratch = new List<PlanBuffer>();
        foreach (var buffer in buffers)
        {
            if (buffer.Kind == BufferKind.Scratch)
            {
                scratch.Add(buffer);
                continue;
            }

            var offset = LengthOf(buffer.Kind);
            _offsets.Add(buffer, offset);
            _lengths[(int)buffer.Kind] = checked(offset + buffer.Length);
        }

        // What single calls use for themselves lies in one place, behind the other buffers that each thread has: it is in the cache from the call before.
        var start = LengthOf(BufferKind.Worker);
        foreach (var buffer in scratch)
        {
            _offsets.Add(buffer, start);
            _lengths[(int)BufferKind.Worker] = Math.Max(LengthOf(BufferKind.Worker), checked(start + buffer.Length));
        }
    }

    public int OffsetOf(PlanBuffer buffer) => _offsets[buffer];

    /// <summary>Floats of one copy of all buffers of a kind.</summary>
    public int LengthOf(BufferKind kind) => _lengths[(int)kind];
}
