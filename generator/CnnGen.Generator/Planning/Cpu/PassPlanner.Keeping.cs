using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>What shows each layer's work: a part that computes all of it, one that computes gradients by it, and a step each that hands it out.</summary>
/// <param name="Forward">What the layers compute, as far as the caller wants it.</param>
/// <param name="Backward">The gradients by it, from the caller's seed on. Both parts have one list of buffers.</param>
/// <param name="Readings">The steps that hand out a layer's.</param>
internal sealed record PlanExplanation(PlanProgram Forward, PlanProgram Backward, IReadOnlyList<Reading> Readings)
{
    public IEnumerable<Step> Steps => [.. Forward.Steps, .. Backward.Steps, .. Readings.Select(reading => reading.Step)];
}

/// <summary>Hands out what a node computes, or the gradient by it.</summary>
internal sealed record Reading(int Node, bool IsGradient, Step Step);

internal sealed partial class PassPlanner
{
    private readonly List<Reading> _readings = [];

    /// <param name="operations">The pass, differentiated.</param>
    /// <param name="layout">Where tensors lie.</param>
    /// <param name="parameters">Where parameters lie.</param>
    /// <param name="network">Whose nodes the operations do the work of.</param>
    public static PlanExplanation Explain(IReadOnlyList<Operation> operations, TensorLayout layout, ParameterPlanner parameters, Network network)
    {
        var nodes = network.Nodes.ToDictionary(node => node.Name, node => node.Index);
        var planner = new PassPlanner(operations, layout, parameters, isTraining: true, name => nodes[name]);
        planner.PlanAll(operations.Where(operation => !operation.IsBackward));
        var forward = planner._program.BuildPart();
        planner.PlanAll(operations.Where(operation => operation.IsBackward));
        return new PlanExplanation(forward, planner._program.BuildPart(), planner._readings);
    }

    private void PlanKeep(Keep keep)
    {
        var step = StepOf(StepScope.Image, new Call(
            new CopyKernel(StorageOf(keep.Value), keep.Node == 0 ? _layout.OuterOf(keep.Value.Shape) : Dense(keep.Value.Shape), Size2.One),
            Read(keep.Value),
            new Argument.External(ExternalMemory.Result, checked((int)keep.Value.Shape.Length)))) with { When = null };
        _readings.Add(new Reading(keep.Node, keep.IsBackward, step));
    }

    private void PlanSeed(Seed seed)
    {
        var (shape, storage) = (seed.Result.Shape, StorageOf(seed.Result));
        var result = Write(seed.Result);
        _program.Add(StepOf(StepScope.Image, new Call(RunTimeMethod.Clear, result, new Argument.Integer(storage.Length))) with
        {
            When = new Condition.SeedOfOthers(seed.Node),
        });
        var copy = new Call(
            new CopyKernel(Dense(shape), storage, Size2.One), new Argument.External(ExternalMemory.Seed, checked((int)shape.Length)), result);
        _program.Add(StepOf(StepScope.Image, copy) with { When = new Condition.SeedOf(seed.Node) });
    }

    private void PlanRectifierGradient(RectifierGradient gradient)
    {
        var storage = StorageOf(gradient.Result);
        var (operands, arguments) = OperandsFor([gradient.Gradient, gradient.Output], storage, _ => true);
        var result = Write(gradient.Result);
        foreach (var rule in new[] { RectifierRule.Gradient, RectifierRule.Guided, RectifierRule.Deconvolution })
        {
            var (expression, read) = (RectifierGradient.ExpressionOf(rule), rule == RectifierRule.Deconvolution ? 1 : 2);
            var kernel = new PointwiseKernel(expression, operands.Take(read).ToEquatableArray(), storage);
            _program.Add(StepOf(StepScope.Image, new Call(kernel, [.. arguments.Take(read), result])) with { When = new Condition.By(rule) });
        }
    }
}
