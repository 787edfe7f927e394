using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Where each buffer of a program lies among those of its kind.</summary>
internal sealed class BufferLayout
{
    private readonly Dictionary<PlanBuffer, int> _offsets = [];
    private readonly Dictionary<BufferKind, int> _lengths = [];

    public BufferLayout(PlanProgram program)
    {
        foreach (var buffer in program.Buffers)
        {
            var offset = LengthOf(buffer.Kind);
            _offsets.Add(buffer, offset);
            _lengths[buffer.Kind] = checked(offset + buffer.Length);
        }
    }

    public int OffsetOf(PlanBuffer buffer) => _offsets[buffer];

    /// <summary>Floats of one copy of all buffers of a kind.</summary>
    public int LengthOf(BufferKind kind) => _lengths.TryGetValue(kind, out var length) ? length : 0;
}

/// <summary>
/// Where each buffer lies in the arena of one thread's prediction. A buffer that passes from the steps of single images to a step over
/// all rows of a block has a copy for each image of the block; the others are used again for the next image.
/// </summary>
internal sealed class ArenaLayout
{
    private readonly Dictionary<PlanBuffer, int> _offsets = [];
    private readonly HashSet<PlanBuffer> _perImage = [];

    public ArenaLayout(PlanProgram program, int block)
    {
        // Steps between two steps over rows are one loop over images; what leaves a loop needs a copy an image.
        var loops = new Dictionary<PlanBuffer, int>();
        var loop = 0;
        foreach (var step in program.Steps)
        {
            if (step.Scope == StepScope.Rows)
                loop++;
            foreach (var buffer in step.Call.Arguments.OfType<Argument.Buffer>().Select(argument => argument.Memory))
            {
                if (buffer.Kind != BufferKind.Image)
                    continue;
                if (step.Scope == StepScope.Rows || (loops.TryGetValue(buffer, out var first) && first != loop))
                    _perImage.Add(buffer);
                loops[buffer] = loop;
            }

            if (step.Scope == StepScope.Rows)
                loop++;
        }

        foreach (var buffer in program.Buffers)
        {
            if (buffer.Kind == BufferKind.Shared)
            {
                _offsets.Add(buffer, PreparedLength);
                PreparedLength = checked(PreparedLength + buffer.Length);
                continue;
            }

            _offsets.Add(buffer, Length);
            Length = checked(Length + (_perImage.Contains(buffer) ? block * buffer.Length : buffer.Length));
        }
    }

    /// <summary>Floats of the whole arena.</summary>
    public int Length { get; }

    /// <summary>Floats of what is computed from the parameters alone: once for all threads, outside the arena.</summary>
    public int PreparedLength { get; }

    public int OffsetOf(PlanBuffer buffer) => _offsets[buffer];

    public bool HasCopyPerImage(PlanBuffer buffer) => _perImage.Contains(buffer);
}
