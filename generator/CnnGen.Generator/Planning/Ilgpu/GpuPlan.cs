using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>All that is decided about a network for a GPU before its text is printed.</summary>
internal sealed class GpuPlan
{
    private GpuPlan(Network network, GpuParameters parameters, GpuTables tables, GpuProgram prediction, GpuProgram training)
    {
        Network = network;
        Parameters = parameters;
        Tables = tables;
        Prediction = prediction;
        Training = training;
        PredictionMemory = new GpuArena(prediction);
        TrainingMemory = new GpuArena(training);
    }

    public Network Network { get; }

    public GpuParameters Parameters { get; }

    public GpuTables Tables { get; }

    public GpuProgram Prediction { get; }

    public GpuProgram Training { get; }

    /// <summary>Where the prediction's buffers lie.</summary>
    public GpuArena PredictionMemory { get; }

    /// <summary>Where the training step's buffers lie.</summary>
    public GpuArena TrainingMemory { get; }

    public IEnumerable<GpuKernel> Kernels => Prediction.Kernels.Concat(Training.Kernels).Distinct();

    public static GpuPlan Create(Network network)
    {
        var passes = new NetworkPasses(network);
        var parameters = new GpuParameters(network);
        var tables = new GpuTables();
        var rules = new GpuFusionRules();
        return new GpuPlan(
            network,
            parameters,
            tables,
            GpuPassPlanner.Plan(passes.Prediction(rules), network.Precision, parameters, tables, isTraining: false),
            network.IsTrainable ? GpuPassPlanner.Plan(passes.Training(rules), network.Precision, parameters, tables, isTraining: true) : GpuProgram.Empty);
    }
}

/// <summary>All parameters, in the order of a weights file and with its layout: the trained ones first, which an optimiser takes in one pass, then the others.</summary>
internal sealed class GpuParameters
{
    private readonly Dictionary<TensorKey, GpuParameter> _byName = [];

    public GpuParameters(Network network)
    {
        var specs = network.Nodes.SelectMany(node => node.Parameters.Select(spec => (node, spec))).ToList();
        foreach (var isTrained in new[] { true, false })
        {
            foreach (var (node, spec) in specs.Where(entry => entry.spec.IsTrained == isTrained))
            {
                var parameter = new GpuParameter(
                    Tensor.NameOf(node.Name) + spec.PropertyName, node.TensorName + "." + spec.Name, TotalLength, checked((int)spec.Length), isTrained);
                _byName.Add(new TensorKey(node.Index, spec.Name), parameter);
                TotalLength = checked(TotalLength + GpuArena.RoundUp(parameter.Length));
            }

            if (isTrained)
                TrainedLength = TotalLength;
        }

        All = [.. specs.Select(entry => _byName[new TensorKey(entry.node.Index, entry.spec.Name)])];
    }

    /// <summary>In the order in which a weights file lists them.</summary>
    public IReadOnlyList<GpuParameter> All { get; }

    public int TrainedLength { get; }

    public int TotalLength { get; }

    public GpuParameter this[ParameterTensor tensor] => _byName[new TensorKey(tensor.Node, tensor.Spec.Name)];
}
