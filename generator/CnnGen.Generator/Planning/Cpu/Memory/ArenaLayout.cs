namespace CnnGen.Generator.Planning.Cpu.Memory;

/// <summary>Where a buffer of the prediction lies.</summary>
internal enum ArenaPlace
{
    /// <summary>In the thread's arena, used again for the next image.</summary>
    Image,

    /// <summary>In the thread's arena, a copy for each image of the block that the thread works on.</summary>
    Block,

    /// <summary>A copy for each image of the batch.</summary>
    Batch,

    /// <summary>Once for all threads: it follows from the parameters alone.</summary>
    Prepared,
}

/// <summary>
/// Where each buffer lies when predicting. A buffer that passes from the steps of single images to a step over all rows of a block has a copy for each image of the
/// block, one that passes from region to region has a copy for each image of the batch; the others are used again for the next image.
/// In the arena, buffers that are never needed at once share memory.
/// </summary>
internal sealed class ArenaLayout
{
    private readonly Dictionary<PlanBuffer, int> _offsets = [];
    private readonly Dictionary<PlanBuffer, ArenaPlace> _places = [];
    private readonly Dictionary<PlanBuffer, Lifetime> _lifetimes = [];
    private readonly int _block;

    public ArenaLayout(PlanProgram program, int block)
    {
        _block = block;
        FindPlaces(program);
        FindLifetimes(program);
        Place(program);
    }

    /// <summary>The steps, by their order, from the first that writes a buffer to the last that reads it.</summary>
    private sealed record Lifetime(int First, int Last)
    {
        public bool Meets(Lifetime other) => First <= other.Last && other.First <= Last;
    }

    /// <summary>Floats of a thread's arena.</summary>
    public int Length { get; private set; }

    /// <summary>Floats that each image of the batch takes beside the arenas.</summary>
    public int BatchLength { get; private set; }

    /// <summary>Floats of what is computed from the parameters alone: once for all threads, outside the arena.</summary>
    public int PreparedLength { get; private set; }

    /// <summary>The most floats of the arena's buffers that are needed at once: no layout is smaller.</summary>
    public int LargestLiveLength
    {
        get
        {
            var largest = 0;
            foreach (var step in new HashSet<int>(_lifetimes.Values.Select(lifetime => lifetime.First)))
            {
                var live = _lifetimes.Where(entry => entry.Value.First <= step && step <= entry.Value.Last && IsInArena(entry.Key));
                largest = Math.Max(largest, live.Sum(entry => SizeOf(entry.Key)));
            }

            return largest;
        }
    }

    public int OffsetOf(PlanBuffer buffer) => _offsets[buffer];

    public ArenaPlace PlaceOf(PlanBuffer buffer) =>
        buffer.Kind == BufferKind.Shared ? ArenaPlace.Prepared
        : _places.TryGetValue(buffer, out var place) ? place
        : ArenaPlace.Image;

    public bool HasCopyPerImage(PlanBuffer buffer) => PlaceOf(buffer) is ArenaPlace.Block or ArenaPlace.Batch;

    private bool IsInArena(PlanBuffer buffer) => PlaceOf(buffer) is ArenaPlace.Image or ArenaPlace.Block;

    /// <summary>
    /// Whether something else uses some of the same memory at another time, so that zeros in it don't last: another buffer, or, where each image of the batch has a copy, copies
    /// of a batch of another size, which lie elsewhere.
    /// </summary>
    public bool SharesMemory(PlanBuffer buffer) => PlaceOf(buffer) == ArenaPlace.Batch || (IsInArena(buffer) && _offsets.Any(entry =>
        entry.Key != buffer
        && IsInArena(entry.Key)
        && entry.Value < _offsets[buffer] + SizeOf(buffer)
        && _offsets[buffer] < entry.Value + SizeOf(entry.Key)));

    private int SizeOf(PlanBuffer buffer) => PlaceOf(buffer) == ArenaPlace.Block ? checked(_block * buffer.Length) : buffer.Length;

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
                foreach (var buffer in BuffersOf(step).Where(buffer => buffer.Kind == BufferKind.Image))
                {
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

    /// <summary>
    /// What lasts longer than one image (a block's copies, what is computed once before the images) lives as long as the loops over images that use it.
    /// </summary>
    private void FindLifetimes(PlanProgram program)
    {
        var position = 0;
        foreach (var region in program.Regions)
        {
            var steps = PlanProgram.StepsOf(region);
            for (var i = 0; i < steps.Count; i++)
            {
                var (start, end) = (i, i);
                while (start > 0 && steps[start].Scope != StepScope.Rows && steps[start - 1].Scope != StepScope.Rows)
                    start--;
                while (end < steps.Count - 1 && steps[end].Scope != StepScope.Rows && steps[end + 1].Scope != StepScope.Rows)
                    end++;
                foreach (var buffer in BuffersOf(steps[i]))
                {
                    var isLasting = HasCopyPerImage(buffer) || steps[i].Scope == StepScope.Chunk || IsSetBeforeImages(buffer, steps);
                    var use = isLasting ? new Lifetime(position + start, position + end) : new Lifetime(position + i, position + i);
                    _lifetimes[buffer] = _lifetimes.TryGetValue(buffer, out var known)
                        ? new Lifetime(Math.Min(known.First, use.First), Math.Max(known.Last, use.Last))
                        : use;
                }
            }

            position += steps.Count;
        }
    }

    private static bool IsSetBeforeImages(PlanBuffer buffer, IReadOnlyList<Step> steps) =>
        buffer.Kind == BufferKind.Worker && steps.Any(step => step.Scope == StepScope.Chunk && BuffersOf(step).Contains(buffer));

    private void Place(PlanProgram program)
    {
        var used = program.Buffers.Where(_lifetimes.ContainsKey).ToList();
        foreach (var buffer in used.Where(buffer => PlaceOf(buffer) == ArenaPlace.Batch))
        {
            _offsets.Add(buffer, BatchLength);
            BatchLength = checked(BatchLength + buffer.Length);
        }

        foreach (var buffer in program.Buffers.Where(buffer => PlaceOf(buffer) == ArenaPlace.Prepared))
        {
            _offsets.Add(buffer, PreparedLength);
            PreparedLength = checked(PreparedLength + buffer.Length);
        }

        // No order is best for every network: the smallest of a few layouts is taken.
        var arena = used.Where(IsInArena).ToList();
        var best = new[]
        {
            Pack(arena.OrderByDescending(SizeOf)),
            Pack(arena.OrderByDescending(buffer => (long)SizeOf(buffer) * (_lifetimes[buffer].Last - _lifetimes[buffer].First + 1))),
            Pack(arena.OrderBy(buffer => _lifetimes[buffer].First).ThenByDescending(SizeOf)),
            PackAlternating(arena),
        }.OrderBy(layout => layout.Length).First();
        foreach (var entry in best.Offsets)
            _offsets.Add(entry.Key, entry.Value);
        Length = best.Length;
    }

    /// <summary>Puts each buffer at the lowest place that is free for its whole lifetime.</summary>
    private (Dictionary<PlanBuffer, int> Offsets, int Length) Pack(IEnumerable<PlanBuffer> order)
    {
        var offsets = new Dictionary<PlanBuffer, int>();
        var length = 0;
        foreach (var buffer in order)
        {
            var offset = 0;
            foreach (var other in offsets.Keys.Where(other => _lifetimes[other].Meets(_lifetimes[buffer])).OrderBy(other => offsets[other]))
            {
                if (offset + SizeOf(buffer) <= offsets[other])
                    break;
                offset = Math.Max(offset, offsets[other] + SizeOf(other));
            }

            offsets.Add(buffer, offset);
            length = Math.Max(length, checked(offset + SizeOf(buffer)));
        }

        return (offsets, length);
    }

    /// <summary>
    /// In a chain of layers, puts buffers in turn at the bottom and at the top of as much memory as is needed at once, so that each pair of neighbours fits.
    /// </summary>
    private (Dictionary<PlanBuffer, int> Offsets, int Length) PackAlternating(IReadOnlyList<PlanBuffer> buffers)
    {
        var offsets = new Dictionary<PlanBuffer, int>();
        var room = checked((int)LargestLiveLength);
        var isTop = false;
        foreach (var buffer in buffers.OrderBy(buffer => _lifetimes[buffer].First))
        {
            var offset = isTop ? room - SizeOf(buffer) : 0;
            isTop = !isTop;
            if (offsets.Any(entry => _lifetimes[entry.Key].Meets(_lifetimes[buffer])
                && entry.Value < offset + SizeOf(buffer)
                && offset < entry.Value + SizeOf(entry.Key)))
            {
                return ([], int.MaxValue);
            }

            offsets.Add(buffer, offset);
        }

        return (offsets, room);
    }

    private static IEnumerable<PlanBuffer> BuffersOf(Step step) =>
        step.Call.Arguments.OfType<Argument.Buffer>().Select(argument => argument.Memory);
}
