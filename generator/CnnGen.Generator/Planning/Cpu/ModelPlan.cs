using System.Runtime.CompilerServices;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;
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

    private static readonly ConditionalWeakTable<Network, ModelPlan> s_plans = new();

    private ModelPlan(
        Network network, ParameterPlanner parameters, PlanPrediction outputs, IReadOnlyList<PlanPrediction> features, PlanProgram training, PlanExplanation? explanation)
    {
        Network = network;
        Parameters = parameters;
        Outputs = outputs;
        Features = features;
        Training = training;
        TrainingBuffers = new BufferLayout(training.Buffers);
        Explanation = explanation;
        ExplanationBuffers = new BufferLayout(explanation?.Forward.Buffers ?? []);
    }

    public Network Network { get; }

    public ParameterPlanner Parameters { get; }

    /// <summary>The prediction of the model's outputs.</summary>
    public PlanPrediction Outputs { get; }

    /// <summary>A prediction for each layer whose features are wanted.</summary>
    public IReadOnlyList<PlanPrediction> Features { get; }

    public PlanProgram Prediction => Outputs.Program;

    public PlanProgram Training { get; }

    /// <summary>Where the prediction's buffers lie.</summary>
    public ArenaLayout Arena => Outputs.Arena;

    /// <summary>Where the training step's buffers lie.</summary>
    public BufferLayout TrainingBuffers { get; }

    /// <summary>What shows each layer's work; null where nobody asks for it.</summary>
    public PlanExplanation? Explanation { get; }

    /// <summary>Where its buffers lie.</summary>
    public BufferLayout ExplanationBuffers { get; }

    public int InputLength => checked((int)Network.Input.OutputShape.Length);

    /// <summary>The numbers of one image's regions.</summary>
    public int RegionsLength => checked(Network.Regions * RegionSpec.RegionLength);

    public int OutputLength => Outputs.OutputLength;

    /// <summary>
    /// The plan of a network: one for all that asks for it (the bytes that the network needs, its members, its kernels, its passes), kept as long as the network is.
    /// </summary>
    public static ModelPlan Of(Network network) => s_plans.GetValue(network, Create);

    public static ModelPlan Create(Network network)
    {
        var passes = new NetworkPasses(network);
        var layout = new TensorLayout(passes.All, network.Precision, network.Layout);
        var parameters = new ParameterPlanner(network, passes.All, layout);
        var rules = new FusionRules(layout);
        return new ModelPlan(
            network,
            parameters,
            new PlanPrediction(network.Output, PassPlanner.Plan(passes.Prediction(rules), layout, parameters, isTraining: false)),
            [.. network.Features.Select(node => new PlanPrediction(network.Nodes[node], PassPlanner.Plan(passes.Prediction(rules, node), layout, parameters, isTraining: false)))],
            network.IsTrainable ? PassPlanner.Plan(passes.Training(rules), layout, parameters, isTraining: true) : new ProgramBuilder().Build(),
            network.IsExplainable ? PassPlanner.Explain(passes.Explanation(rules), layout, parameters, network) : null);
    }
}
