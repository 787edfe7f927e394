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

/// <summary>Where a buffer of the prediction lies.</summary>
internal enum ArenaPlace
{
    /// <summary>In the thread's arena, used again for the next image.</summary>
    Image,

    /// <summary>In the thread's arena, a copy for each image of the block that the thread works on.</summary>
    Block,

    /// <summary>A copy for each image of the batch.</summary>
    Batch,
}

/// <summary>
/// Where each buffer lies when predicting. A buffer that passes from the steps of single images to a step over all rows of a block has a copy for each image of the
/// block, one that passes from region to region has a copy for each image of the batch; the others are used again for the next image.
/// </summary>
internal sealed class ArenaLayout
{
    private readonly Dictionary<PlanBuffer, int> _offsets = [];
    private readonly Dictionary<PlanBuffer, ArenaPlace> _places = [];

    public ArenaLayout(PlanProgram program, int block)
    {
        FindPlaces(program);
        foreach (var buffer in program.Buffers)
        {
            switch (PlaceOf(buffer))
            {
                case ArenaPlace.Batch:
                    _offsets.Add(buffer, BatchLength);
                    BatchLength = checked(BatchLength + buffer.Length);
                    break;
                case ArenaPlace.Block:
                    _offsets.Add(buffer, Length);
                    Length = checked(Length + (block * buffer.Length));
                    break;
                default:
                    _offsets.Add(buffer, Length);
                    Length = checked(Length + buffer.Length);
                    break;
            }
        }
    }

    /// <summary>Floats of a thread's arena.</summary>
    public int Length { get; private set; }

    /// <summary>Floats that each image of the batch takes beside the arenas.</summary>
    public int BatchLength { get; private set; }

    public int OffsetOf(PlanBuffer buffer) => _offsets[buffer];

    public ArenaPlace PlaceOf(PlanBuffer buffer) => _places.TryGetValue(buffer, out var place) ? place : ArenaPlace.Image;

    public bool HasCopyPerImage(PlanBuffer buffer) => PlaceOf(buffer) != ArenaPlace.Image;

    private void FindPlaces(PlanProgram program)
    {
        // Steps between two steps over rows are one loop over images; what leaves a loop needs a copy an image.
        var seen = new Dictionary<PlanBuffer, (int Region, int Loop)>();
        var loop = 0;
        for (var region = 0; region < program.Regions.Count; region++)
        {
            loop++;
            foreach (var step in PlanProgram.StepsOf(program.Regions[region]))
            {
                if (step.Scope == StepScope.Rows)
                    loop++;
                foreach (var buffer in step.Call.Arguments.OfType<Argument.Buffer>().Select(argument => argument.Memory))
                {
                    if (buffer.Kind != BufferKind.Image)
                        continue;
                    if (seen.TryGetValue(buffer, out var last) && last.Region != region)
                        _places[buffer] = ArenaPlace.Batch;
                    else if (PlaceOf(buffer) == ArenaPlace.Image && (step.Scope == StepScope.Rows || (last.Loop != 0 && last.Loop != loop)))
                        _places[buffer] = ArenaPlace.Block;
                    seen[buffer] = (region, loop);
                }

                if (step.Scope == StepScope.Rows)
                    loop++;
            }
        }
    }
}
