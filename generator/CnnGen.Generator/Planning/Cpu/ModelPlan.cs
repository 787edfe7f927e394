using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>All that is decided about a network before its text is printed.</summary>
internal sealed class ModelPlan
{
    /// <summary>Images of a block when predicting: the rows that a dense layer multiplies at once.</summary>
    public const int PredictionBlock = 8;

    /// <summary>Images that are predicted together where layers with many weights take all of them at once.</summary>
    public const int PredictionBatch = 64;

    private ModelPlan(Network network, ParameterPlanner parameters, PlanProgram prediction, PlanProgram training, PlanExplanation? explanation)
    {
        Network = network;
        Parameters = parameters;
        Arena = new ArenaLayout(prediction, PredictionBlock);
        Prediction = WithoutNeedlessClears(prediction, Arena);
        Training = training;
        TrainingBuffers = new BufferLayout(training.Buffers);
        Explanation = explanation;
        ExplanationBuffers = new BufferLayout(explanation?.Forward.Buffers ?? []);
    }

    public Network Network { get; }

    public ParameterPlanner Parameters { get; }

    public PlanProgram Prediction { get; }

    public PlanProgram Training { get; }

    /// <summary>Where the prediction's buffers lie.</summary>
    public ArenaLayout Arena { get; }

    /// <summary>Where the training step's buffers lie.</summary>
    public BufferLayout TrainingBuffers { get; }

    /// <summary>What shows each layer's work; null where nobody asks for it.</summary>
    public PlanExplanation? Explanation { get; }

    /// <summary>Where its buffers lie.</summary>
    public BufferLayout ExplanationBuffers { get; }

    public int InputLength => checked((int)Network.Input.OutputShape.Length);

    /// <summary>The numbers of one image's regions.</summary>
    public int RegionsLength => checked(Network.Regions * RegionSpec.RegionLength);

    public int OutputLength => checked((int)Network.Output.OutputShape.Length);

    public static ModelPlan Create(Network network)
    {
        var passes = new NetworkPasses(network);
        var layout = new TensorLayout(passes.All, network.Precision, network.Layout);
        var parameters = new ParameterPlanner(network, passes.All, layout);
        var rules = new FusionRules(layout);
        return new ModelPlan(
            network,
            parameters,
            PassPlanner.Plan(passes.Prediction(rules), layout, parameters, isTraining: false),
            network.IsTrainable ? PassPlanner.Plan(passes.Training(rules), layout, parameters, isTraining: true) : new ProgramBuilder().Build(),
            network.IsExplainable ? PassPlanner.Explain(passes.Explanation(rules), layout, parameters, network) : null);
    }

    /// <summary>A halo whose memory nothing else uses stays as zero as it was allocated.</summary>
    private static PlanProgram WithoutNeedlessClears(PlanProgram program, ArenaLayout arena)
    {
        return program with { Regions = [.. program.Regions.Select(Filter)] };

        Region Filter(Region region) => region is Region.Chunks chunks
            ? new Region.Chunks([.. chunks.Steps.Where(step => !IsNeedless(step))])
            : region;

        bool IsNeedless(Step step) => step.Call.Kernel is ClearHaloKernel
            && step.Call.Arguments[0] is Argument.Buffer buffer
            && !arena.SharesMemory(buffer.Memory);
    }
}
