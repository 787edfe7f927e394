using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// Executes a prediction in the arena that the plan lays out. Each worker has an arena of its own; what a buffer's place holds before its first use, and after
/// its last one, is not a number. With
/// fewer images than threads all of them share the units of each image's calls, which then lie in the first arena.
/// </summary>
internal sealed class PredictionExecutor : IProgramMemory
{
    private readonly PlanProgram _program;
    private readonly IArenaPlaces _places;
    private readonly Scheduler _scheduler;
    private readonly double[] _arenas;
    private readonly double[] _prepared;
    private readonly Dictionary<Step, IReadOnlyList<PlanBuffer>> _begin = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Step, IReadOnlyList<PlanBuffer>> _end = new(ReferenceEqualityComparer.Instance);
    private double[] _batch = [];
    private int _capacity;

    public PredictionExecutor(PlanProgram program, IArenaPlaces places, Scheduler scheduler)
    {
        (_program, _places, _scheduler) = (program, places, scheduler);
        _arenas = new double[scheduler.Workers * places.Length];
        _prepared = new double[places.PreparedLength];
        var steps = program.Steps.ToList();
        foreach (var buffer in program.Buffers.Where(buffer => places.PlaceOf(buffer) is ArenaPlace.Image or ArenaPlace.Block))
        {
            var users = steps.Where(step => step.Call.Arguments.OfType<Argument.Buffer>().Any(argument => argument.Memory == buffer)).ToList();
            if (users.Count == 0)
                continue;
            _begin[users[0]] = [.. _begin.GetValueOrDefault(users[0]) ?? [], buffer];
            _end[users[^1]] = [.. _end.GetValueOrDefault(users[^1]) ?? [], buffer];
        }
    }

    public int ChunkStride => throw new InvalidOperationException("A prediction has no chunks.");

    /// <summary>What follows from the parameters alone.</summary>
    public void Prepare(Caller caller)
    {
        var calls = new CallMaker(this, caller, 0);
        foreach (var region in _program.Preparation)
            RunUnits(region.Step, calls, new CallPlace(0, caller.Count, -1, 0, 0));
    }

    /// <summary>Predicts the caller's images, each worker some of them.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="block">The most images that a worker takes at once.</param>
    public void Run(Caller caller, int block)
    {
        var calls = Begin(caller);
        foreach (var region in _program.Regions)
        {
            if (region is Region.Units { Step: var step })
            {
                RunUnits(step, calls, new CallPlace(0, caller.Count, -1, 0, 0));
                continue;
            }

            _scheduler.Run((caller.Count + block - 1) / block, (part, worker) =>
            {
                var first = part * block;
                var place = new CallPlace(first, Math.Min(block, caller.Count - first), -1, 0, worker);
                return ImageLoops.Calls(PlanProgram.StepsOf(region), place, (step, at) => Make(calls, step, at));
            });
        }
    }

    /// <summary>Predicts one image after the other, the units of whose calls all workers share.</summary>
    public void RunShared(Caller caller)
    {
        var calls = Begin(caller);
        foreach (var region in _program.Regions)
        {
            if (region is Region.Units { Step: var whole })
            {
                RunUnits(whole, calls, new CallPlace(0, caller.Count, -1, 0, 0));
                continue;
            }

            for (var image = 0; image < caller.Count; image++)
            {
                foreach (var step in PlanProgram.StepsOf(region))
                {
                    var place = new CallPlace(image, 1, step.Scope == StepScope.Image ? 0 : -1, 0, 0);
                    Fill(_begin, step, place, isEnd: false);
                    if (step.Call.Kernel is { HasUnits: true })
                        RunUnits(step, calls, place);
                    else
                        calls.Make(step, place);
                    Fill(_end, step, place, isEnd: true);
                }
            }
        }
    }

    public Piece Of(PlanBuffer buffer, CallPlace place)
    {
        var offset = _places.OffsetOf(buffer);
        var image = Math.Max(0, place.Image);
        return _places.PlaceOf(buffer) switch
        {
            ArenaPlace.Prepared => new Piece(_prepared, offset, buffer.Length),
            ArenaPlace.Batch => new Piece(_batch, (offset * _capacity) + ((place.First + image) * buffer.Length), place.Copies * buffer.Length),
            ArenaPlace.Block => new Piece(_arenas, ArenaOf(buffer, place) + offset + (image * buffer.Length), place.Copies * buffer.Length),
            _ => new Piece(_arenas, ArenaOf(buffer, place) + offset, buffer.Length),
        };
    }

    /// <summary>A call's own scratch is the worker's; what calls hand over lies in the arena of the loop that they are of.</summary>
    private int ArenaOf(PlanBuffer buffer, CallPlace place) => (place.IsShared && buffer.Kind != BufferKind.Scratch ? 0 : place.Worker) * _places.Length;

    /// <summary>
    /// What an earlier call has left is not a number but where a buffer has its memory for itself: there, zeros that are as they were allocated stay.
    /// </summary>
    private CallMaker Begin(Caller caller)
    {
        _capacity = caller.Count;
        _batch = new double[_places.BatchLength * caller.Count];
        Array.Fill(_batch, double.NaN);
        BatchExecutor.Spoil(_arenas);
        return new CallMaker(this, caller, 0);
    }

    private void Make(CallMaker calls, Step step, CallPlace place)
    {
        Fill(_begin, step, place, isEnd: false);
        calls.Make(step, place);
        Fill(_end, step, place, isEnd: true);
    }

    private void RunUnits(Step step, CallMaker calls, CallPlace place) => _scheduler.RunRanges(
        CallMaker.UnitsOf(step), (from, to, worker) => calls.Make(step, place with { Worker = worker, IsShared = true }, from, to));

    private void Fill(Dictionary<Step, IReadOnlyList<PlanBuffer>> buffers, Step step, CallPlace place, bool isEnd)
    {
        foreach (var buffer in buffers.GetValueOrDefault(step) ?? [])
        {
            var piece = Of(buffer, place);
            var floats = piece.Run(0, piece.Length);
            if (_places.SharesMemory(buffer))
                floats.Fill(double.NaN);
            else if (isEnd)
                BatchExecutor.Spoil(floats);
        }
    }
}

/// <summary>Where a prediction's buffers lie, as <see cref="ArenaLayout"/> says it or a test that moves one.</summary>
internal interface IArenaPlaces
{
    int Length { get; }

    int BatchLength { get; }

    int PreparedLength { get; }

    int OffsetOf(PlanBuffer buffer);

    ArenaPlace PlaceOf(PlanBuffer buffer);

    bool SharesMemory(PlanBuffer buffer);
}

/// <summary>As the plan says it.</summary>
internal class ArenaPlaces(ArenaLayout arena) : IArenaPlaces
{
    public virtual int Length => arena.Length;

    public virtual int BatchLength => arena.BatchLength;

    public virtual int PreparedLength => arena.PreparedLength;

    public virtual int OffsetOf(PlanBuffer buffer) => arena.OffsetOf(buffer);

    public virtual ArenaPlace PlaceOf(PlanBuffer buffer) => arena.PlaceOf(buffer);

    public virtual bool SharesMemory(PlanBuffer buffer) => arena.SharesMemory(buffer);
}
