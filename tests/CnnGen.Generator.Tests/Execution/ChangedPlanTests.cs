using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Memory;
using CnnGen.Generator.Tests.Support;
using Network = CnnGen.Generator.Graph.Network;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// That the executor sees what is wrong with a plan: each call left out, memory that two buffers take at once, zeros that aren't there, loops in another order.
/// </summary>
public sealed class ChangedPlanTests
{
    /// <summary>Planes and pixels, strides, a join, a norm, products, a concatenation, several readers.</summary>
    private static readonly Network s_network = GeneratorHarness.ParseNetwork("""
        [Model(3, 7, 6)]
        [Conv2D(6, 3, Padding = 1, Bias = false), BatchNorm, ReLU(Name = "Early")]
        [Branch, Conv2D(17, 3, Stride = 2, Padding = 1), Tanh, Conv2D(17, 3, Padding = 1)]
        [Branch, Shortcut(17, Stride = 2)]
        [Add, ReLU]
        [Branch, MaxPool(3, Stride = 1, Padding = 1)]
        [Branch, Conv2D(5, 3, Padding = 1), Sigmoid]
        [Concat]
        [Dropout(0.25f), Conv2D(16, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2), Dense(9), Tanh, Dense(4), Softmax]
        public partial class Net;
        """);

    private static readonly PlanRun s_plan = new(s_network, 1);

    /// <summary>What is read again much later.</summary>
    private static readonly Network s_skipping = GeneratorHarness.ParseNetwork("""
        [Model(3, 6, 6)]
        [Conv2D(8, 3, Padding = 1), Tanh(Name = "First"), Conv2D(8, 3, Padding = 1), Sigmoid(Name = "Second")]
        [Conv2D(8, 3, Padding = 1), Tanh, Conv2D(8, 3, Padding = 1), Tanh, Conv2D(8, 3, Padding = 1)]
        [Branch]
        [Branch(From = "First")]
        [Branch(From = "Second")]
        [Concat, Conv2D(3, 1)]
        public partial class Net;
        """);

    [Fact]
    public void The_plan_as_it_is_agrees()
    {
        for (var seed = 0; seed < 5; seed++)
            Assert.Empty(Run(seed).Wrong());
    }

    [Fact]
    public void A_call_that_training_leaves_out_is_seen()
    {
        var unseen = Calls(s_plan.Plan.Training).Where(step => Run(1, training: program => Without(program, step)).Wrong().Count == 0);

        Assert.Empty(unseen.Select(Text));
    }

    /// <summary>Halos that are not cleared among them.</summary>
    [Fact]
    public void A_call_that_a_prediction_leaves_out_is_seen()
    {
        var calls = Calls(s_plan.Plan.Prediction).ToList();
        Assert.Contains(calls, step => step.Call.Kernel is ClearHaloKernel);

        var unseen = calls.Where(step => Run(1, prediction: program => Without(program, step)).Wrong().Count == 0);

        // The halo of what no convolution reads is for gradients, which a prediction has none of.
        Assert.Empty(unseen.Where(step => !(step.Call.Kernel is ClearHaloKernel && !calls.Any(other => ReadsHalo(other, step)))).Select(Text));
    }

    [Fact]
    public void Statistics_before_the_loop_that_sums_for_them_are_seen()
    {
        var regions = s_plan.Plan.Training.Regions;
        var statistics = Enumerable.Range(1, regions.Count - 1).Where(i => regions[i] is Region.Once && regions[i - 1] is Region.Chunks).ToList();
        Assert.True(statistics.Count >= 4);

        Assert.All(statistics, i => Assert.NotEmpty(Run(1, training: program =>
            program with { Regions = [.. program.Regions.Take(i - 1), program.Regions[i], program.Regions[i - 1], .. program.Regions.Skip(i + 1)] }).Wrong()));
    }

    [Fact]
    public void What_a_convolution_stores_in_the_place_of_what_it_reads_is_seen()
    {
        var (convolutions, arena) = (0, s_plan.Plan.Arena);
        foreach (var step in Calls(s_plan.Plan.Prediction).Where(step => step.Call.Kernel is ConvPixelsKernel or ConvPlanarKernel or WinogradKernel))
        {
            var buffers = BuffersOf(step).Where(buffer => arena.PlaceOf(buffer) is ArenaPlace.Image or ArenaPlace.Block).ToList();
            if (buffers.Count < 2 || buffers[0] == buffers[1])
                continue;
            convolutions++;
            Assert.NotEmpty(Run(1, places: places => new Moved(places, buffers[1], places.OffsetOf(buffers[0]))).Wrong());
        }

        Assert.True(convolutions >= 4);
    }

    [Fact]
    public void Memory_of_training_that_two_buffers_take_is_seen()
    {
        var layout = s_plan.Plan.TrainingBuffers;
        foreach (var step in Calls(s_plan.Plan.Training).Where(step => step.Call.Kernel is ConvPixelsKernel or ConvPlanarKernel or WinogradKernel))
        {
            var buffers = BuffersOf(step).Where(buffer => buffer.Kind == BufferKind.Image).ToList();
            if (buffers.Count < 2 || buffers[0] == buffers[1])
                continue;
            var end = layout.LengthOf(BufferKind.Image) - Math.Max(buffers[0].Length, buffers[1].Length);
            var place = Math.Min(layout.OffsetOf(buffers[0]), end);
            Assert.NotEmpty(Run(1, trainingPlaces: buffer => buffer == buffers[1] || buffer == buffers[0] ? place : layout.OffsetOf(buffer)).Wrong());
        }
    }

    /// <summary>
    /// A prediction's memory is laid out as if a buffer's last reader weren't: where something else then takes its place too early, its reader finds that.
    /// </summary>
    [Fact]
    public void A_lifetime_that_is_cut_short_is_seen()
    {
        var skipping = new PlanRun(s_skipping, 1);
        var (program, cuts) = (skipping.Plan.Prediction, 0);
        Assert.Empty(skipping.Wrong());
        var steps = program.Steps.ToList();
        foreach (var buffer in program.Buffers.Where(buffer => skipping.Plan.Arena.PlaceOf(buffer) == ArenaPlace.Image && buffer.Kind == BufferKind.Image))
        {
            var users = steps.Where(step => Takes(step, buffer)).ToList();
            if (users.Count < 2)
                continue;
            var cut = new ArenaLayout(Replaced(program, users[^1], step => step with { Call = WithoutArgument(step.Call, buffer) }), ModelPlan.PredictionBlock);
            if (!program.Buffers.Any(other => other != buffer && Overlap(cut, buffer, other) && Meet(steps, buffer, other)))
                continue;
            cuts++;
            Assert.NotEmpty(new PlanRun(s_skipping, 1) { Plan = skipping.Plan, Places = _ => new ArenaPlaces(cut) }.Wrong());
        }

        Assert.True(cuts >= 2);
    }

    private static PlanRun Run(
        int seed,
        Func<PlanProgram, PlanProgram>? prediction = null,
        Func<PlanProgram, PlanProgram>? training = null,
        Func<ArenaLayout, IArenaPlaces>? places = null,
        Func<PlanBuffer, int>? trainingPlaces = null) => new(s_network, seed)
    {
        AsksForAll = true,
        // Buffers are a plan's own: what is changed is those of the one that the change is for.
        Plan = s_plan.Plan,
        Prediction = prediction ?? (program => program),
        Training = training ?? (program => program),
        Places = places ?? (arena => new ArenaPlaces(arena)),
        TrainingPlaces = trainingPlaces,
    };

    private static Call WithoutArgument(Call call, PlanBuffer buffer) =>
        call with { Arguments = [.. call.Arguments.Where(argument => !(argument is Argument.Buffer used && used.Memory == buffer))] };

    /// <summary>Whether a call reads what another one clears around the map that it reads.</summary>
    private static bool ReadsHalo(Step step, Step clearing) =>
        step.Call.Kernel is ConvPixelsKernel or ConvPlanarKernel or WinogradKernel or DepthwiseKernel && step.Call.Arguments[0] is Argument.Buffer read
        && clearing.Call.Arguments[0] is Argument.Buffer cleared && read.Memory == cleared.Memory;

    private static IEnumerable<Step> Calls(PlanProgram program) => program.Steps;

    private static string Text(Step step) => $"{step.Description}: {step.Call.Kernel?.Name ?? step.Call.Method.ToString()}";

    private static PlanProgram Without(PlanProgram program, Step left) => Replaced(program, left, _ => null);

    private static PlanProgram Replaced(PlanProgram program, Step replaced, Func<Step, Step?> by)
    {
        return program with { Regions = [.. program.Regions.Select(Changed).OfType<Region>()] };

        Region? Changed(Region region) => region switch
        {
            Region.Chunks chunks => new Region.Chunks(Steps(chunks.Steps)),
            Region.Once once => new Region.Once(Steps(once.Steps)),
            Region.Sums sums => new Region.Sums(Steps(sums.Steps)),
            Region.Units units => Steps([units.Step]) is [var step] ? new Region.Units(step) : null,
            _ => region,
        };

        IReadOnlyList<Step> Steps(IReadOnlyList<Step> steps) => [.. steps.Select(step => ReferenceEquals(step, replaced) ? by(step) : step).OfType<Step>()];
    }

    private static IEnumerable<PlanBuffer> BuffersOf(Step step) => step.Call.Arguments.OfType<Argument.Buffer>().Select(argument => argument.Memory);

    private static bool Takes(Step step, PlanBuffer buffer) => BuffersOf(step).Contains(buffer);

    private static bool Overlap(ArenaLayout arena, PlanBuffer a, PlanBuffer b) =>
        arena.PlaceOf(b) == ArenaPlace.Image && arena.OffsetOf(a) < arena.OffsetOf(b) + b.Length && arena.OffsetOf(b) < arena.OffsetOf(a) + a.Length;

    /// <summary>Whether both are needed at once.</summary>
    private static bool Meet(List<Step> steps, PlanBuffer a, PlanBuffer b)
    {
        var (first, last) = (steps.FindIndex(step => Takes(step, a)), steps.FindLastIndex(step => Takes(step, a)));
        return steps.FindIndex(step => Takes(step, b)) <= last && steps.FindLastIndex(step => Takes(step, b)) >= first;
    }

    /// <summary>One buffer elsewhere.</summary>
    private sealed class Moved(ArenaLayout arena, PlanBuffer moved, int offset) : ArenaPlaces(arena)
    {
        public override int Length => base.Length + moved.Length;

        public override int OffsetOf(PlanBuffer buffer) => buffer == moved ? offset : base.OffsetOf(buffer);
    }
}
