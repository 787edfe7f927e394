using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Planning;

/// <summary>All that is decided about a network before its text is printed.</summary>
internal sealed class ModelPlan
{
    /// <summary>Images of a block when predicting: the rows that a dense layer multiplies at once.</summary>
    public const int PredictionBlock = 8;

    /// <summary>Images that are predicted together where layers with many weights take all of them at once.</summary>
    public const int PredictionBatch = 64;

    private ModelPlan(Network network, TensorPlanner tensors, ParameterPlanner parameters, PlanProgram prediction, PlanProgram training)
    {
        Network = network;
        Tensors = tensors;
        Parameters = parameters;
        Arena = new ArenaLayout(prediction, PredictionBlock);
        Prediction = WithoutNeedlessClears(prediction, Arena);
        Training = training;
        TrainingBuffers = new BufferLayout(training);
    }

    public Network Network { get; }

    public TensorPlanner Tensors { get; }

    public ParameterPlanner Parameters { get; }

    public PlanProgram Prediction { get; }

    public PlanProgram Training { get; }

    /// <summary>Where the prediction's buffers lie.</summary>
    public ArenaLayout Arena { get; }

    /// <summary>Where the training step's buffers lie.</summary>
    public BufferLayout TrainingBuffers { get; }

    public int InputLength => checked((int)Network.Input.OutputShape.Length);

    public int OutputLength => checked((int)Network.Output.OutputShape.Length);

    public static ModelPlan Create(Network network)
    {
        var tensors = new TensorPlanner(network, isPrediction: false);
        var parameters = new ParameterPlanner(network, tensors);
        return new ModelPlan(
            network,
            tensors,
            parameters,
            PlanPrediction(network, new TensorPlanner(network, isPrediction: true), parameters),
            network.IsTrainable ? PlanTraining(network, tensors, parameters) : new ProgramBuilder().Build());
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

    private static PlanProgram PlanPrediction(Network network, TensorPlanner tensors, ParameterPlanner parameters)
    {
        var program = new ProgramBuilder();
        var forward = new ForwardPlanner(tensors, parameters, program, isTraining: false);
        foreach (var node in network.Nodes)
            forward.Plan(node);
        var output = network.Output;
        var length = checked((int)output.OutputShape.Length);
        program.Image(
            output,
            new CopyKernel(tensors.StorageOf(output), ForwardPlanner.Dense(output.OutputShape), Size2.One),
            new Argument.Buffer(forward.BufferOf(output)),
            new Argument.External(ExternalMemory.Scores, length));
        return program.Build();
    }

    private static PlanProgram PlanTraining(Network network, TensorPlanner tensors, ParameterPlanner parameters)
    {
        var program = new ProgramBuilder();
        var forward = new ForwardPlanner(tensors, parameters, program, isTraining: true);
        var backward = new BackwardPlanner(tensors, parameters, program, forward);

        // Cross-entropy takes the logits: the softmax at the end is part of the loss.
        var last = network.Output;
        var isFused = network.Loss == LossKind.CrossEntropy && last.Layer is SoftmaxLayer;
        var source = isFused ? tensors.InputOf(last) : last;
        foreach (var node in network.Nodes)
        {
            if (!(isFused && node == last))
                forward.Plan(node);
        }

        PlanLoss(network, tensors, program, forward, backward, source, isFused);
        for (var i = source.Index; i > 0; i--)
            backward.Plan(network.Nodes[i]);

        var input = network.Input;
        program.Add(new Step(
            StepScope.Image,
            input.Name,
            new Call(
                new CopyKernel(tensors.StorageOf(input), ForwardPlanner.Dense(input.OutputShape), Size2.One),
                new Argument.Buffer(backward.GradientOf(input)),
                new Argument.External(ExternalMemory.ImageGradients, checked((int)input.OutputShape.Length))),
            ForImageGradients: true));
        return program.Build();
    }

    /// <summary>The outputs in C x H x W order, the scores, the loss, and the gradient back in the output's own layout.</summary>
    private static void PlanLoss(
        Network network, TensorPlanner tensors, ProgramBuilder program, ForwardPlanner forward, BackwardPlanner backward, Node source, bool isFused)
    {
        var shape = source.OutputShape;
        var storage = tensors.StorageOf(source);
        var dense = ForwardPlanner.Dense(shape);
        var length = checked((int)shape.Length);
        var scores = new Argument.External(ExternalMemory.Scores, length);
        var outputs = forward.BufferOf(source);
        var gradient = backward.GradientOf(source);
        var isVector = storage.Kind == StorageKind.Vector || (storage.Kind == StorageKind.Pixels && storage.Height * storage.Width == 1 && storage.Halo == default);
        if (!isVector)
        {
            outputs = program.Buffer("outputs", dense.Length, BufferKind.Image);
            gradient = program.Buffer("outputGradient", dense.Length, BufferKind.Image);
            program.Image(source, new CopyKernel(storage, dense, Size2.One), new Argument.Buffer(forward.BufferOf(source)), new Argument.Buffer(outputs));
        }

        program.Add(new Step(
            StepScope.Image,
            network.Output.Name,
            isFused
                ? new Call(new SoftmaxKernel(dense, PassKind.Forward), new Argument.Buffer(outputs), scores)
                : new Call(new CopyKernel(dense, dense, Size2.One), new Argument.Buffer(outputs), scores),
            ForScores: true));
        program.Image(
            network.Output,
            new LossKernel(network.Loss, length),
            new Argument.Buffer(outputs),
            new Argument.External(ExternalMemory.Targets, length),
            new Argument.Buffer(gradient),
            new Argument.External(ExternalMemory.Losses, 1),
            new Argument.Value(RunTimeValue.LossScale));
        if (!isVector)
            program.Image(source, new CopyKernel(dense, storage, Size2.One), new Argument.Buffer(gradient), new Argument.Buffer(backward.GradientOf(source)));
    }
}
