using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// Executes the programs of a training step or of an explanation: chunks of images, in an order that is drawn, whose calls are mixed with those of the chunks
/// under way; single calls; sums and units
/// in parts. Memory is as the plan lays it out, zeros when it is new, as the library allocates it.
/// </summary>
internal sealed class BatchExecutor : IProgramMemory
{
    private readonly Func<PlanBuffer, int> _offsetOf;
    private readonly Scheduler _scheduler;
    private readonly int _capacity;
    private readonly int _chunkSize;
    private readonly Dictionary<BufferKind, (double[] Floats, int CopyLength)> _memory = [];

    /// <param name="layout">Where buffers lie.</param>
    /// <param name="scheduler">Who runs the loops.</param>
    /// <param name="capacity">Images that there is room for.</param>
    /// <param name="chunkSize">Images of a chunk; the last one may have fewer.</param>
    /// <param name="offsetOf">Where a buffer lies, if elsewhere.</param>
    public BatchExecutor(BufferLayout layout, Scheduler scheduler, int capacity, int chunkSize, Func<PlanBuffer, int>? offsetOf = null)
    {
        (_offsetOf, _scheduler, _capacity, _chunkSize) = (offsetOf ?? layout.OffsetOf, scheduler, capacity, chunkSize);
        foreach (var (kind, copies) in new[]
        {
            (BufferKind.Image, capacity), (BufferKind.Worker, scheduler.Workers), (BufferKind.Chunk, Chunks(capacity)), (BufferKind.Shared, 1),
        })
        {
            _memory[kind] = (new double[copies * layout.LengthOf(kind)], layout.LengthOf(kind));
        }
    }

    public int ChunkStride => _memory[BufferKind.Chunk].CopyLength;

    private int Chunks(int images) => (images + _chunkSize - 1) / _chunkSize;

    /// <summary>
    /// Makes what an earlier step has left not a number: only what still is as it was allocated, or a zero that was stored, may be read before it is written.
    /// </summary>
    public void Spoil()
    {
        foreach (var (floats, _) in _memory.Values)
            Spoil(floats);
    }

    /// <summary>Makes all that isn't zero not a number.</summary>
    public static void Spoil(Span<double> floats)
    {
        foreach (ref var one in floats)
            one = one == 0 ? 0 : double.NaN;
    }

    public void Run(PlanProgram program, Caller caller)
    {
        var calls = new CallMaker(this, caller, Chunks(caller.Count));
        var whole = new CallPlace(0, caller.Count, -1, 0, 0);
        foreach (var region in program.Regions)
        {
            switch (region)
            {
                case Region.Chunks chunks:
                    RunChunks(chunks.Steps, calls, caller.Count);
                    break;
                case Region.Once once:
                    foreach (var step in once.Steps.Where(calls.IsWanted))
                        calls.Make(step, whole);
                    break;
                case Region.Sums sums:
                    foreach (var step in sums.Steps.Where(calls.IsWanted))
                        _scheduler.RunRanges((int)((Argument.Integer)step.Call.Arguments[^1]).Number, (from, to, worker) => calls.Make(step, whole with { Worker = worker }, from, to));
                    break;
                case Region.Units { Step: var step } when calls.IsWanted(step):
                    _scheduler.RunRanges(CallMaker.UnitsOf(step), (from, to, worker) => calls.Make(step, whole with { Worker = worker }, from, to));
                    break;
            }
        }
    }

    /// <summary>Steps over chunks of images.</summary>
    public void RunChunks(IReadOnlyList<Step> steps, Caller caller) => RunChunks(steps, new CallMaker(this, caller, Chunks(caller.Count)), caller.Count);

    private void RunChunks(IReadOnlyList<Step> steps, CallMaker calls, int count) => _scheduler.Run(Chunks(count), (chunk, worker) =>
    {
        var first = chunk * _chunkSize;
        return ImageLoops.Calls(steps, new CallPlace(first, Math.Min(_chunkSize, count - first), -1, chunk, worker), (step, place) =>
        {
            if (calls.IsWanted(step))
                calls.Make(step, place);
        });
    });

    public Piece Of(PlanBuffer buffer, CallPlace place)
    {
        var kind = buffer.Kind == BufferKind.Scratch ? BufferKind.Worker : buffer.Kind;
        var (floats, copy) = _memory[kind];
        var offset = _offsetOf(buffer);
        return kind switch
        {
            BufferKind.Image => new Piece(floats, (offset * _capacity) + ((place.First + Math.Max(0, place.Image)) * buffer.Length), place.Copies * buffer.Length),
            BufferKind.Worker => new Piece(floats, (place.Worker * copy) + offset, buffer.Length),

            // Who adds up all chunks' sums goes from the first one's to the others'.
            BufferKind.Chunk when place is { Chunk: 0, Image: < 0 } => new Piece(floats, offset, floats.Length - offset),
            BufferKind.Chunk => new Piece(floats, (place.Chunk * copy) + offset, buffer.Length),
            _ => new Piece(floats, offset, buffer.Length),
        };
    }
}

/// <summary>The loops around steps: neighbours that are for single images are one loop over images.</summary>
internal static class ImageLoops
{
    /// <summary>Makes the calls of a chunk, or of a block of images, one at each step of the iteration.</summary>
    public static IEnumerable<bool> Calls(IReadOnlyList<Step> steps, CallPlace place, Action<Step, CallPlace> make)
    {
        for (var first = 0; first < steps.Count;)
        {
            if (steps[first].Scope != StepScope.Image)
            {
                make(steps[first++], place);
                yield return true;
                continue;
            }

            var end = first;
            while (end < steps.Count && steps[end].Scope == StepScope.Image)
                end++;
            for (var image = 0; image < place.Rows; image++)
            {
                for (var i = first; i < end; i++)
                {
                    make(steps[i], place with { Image = image });
                    yield return true;
                }
            }

            first = end;
        }
    }
}
