using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>
/// Batch normalisation (Ioffe, Szegedy 2015, algorithm 1) per channel, or per feature of a vector: the batch's statistics in training,
/// the running ones when predicting. Epsilon and momentum mean what they mean in PyTorch.
/// </summary>
internal sealed record BatchNormLayer(float Epsilon = 1e-5f, float Momentum = 0.1f) : Layer
{
    public override string Kind => "BatchNorm";

    public override string TensorBaseName => "bn";

    public override bool NeedsBatchStatistics => true;

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override bool? Rectifies => null;

    public override void Lower(Lowering to)
    {
        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        to.Add(new BatchNormalization(
            to.Label, to.Statistics, to.Input, new NormParameters(parameters[0], parameters[1], parameters[2], parameters[3], Epsilon, Momentum), to.Output));
    }

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input) =>
    [
        new ParameterSpec("weight", [input.Channels], Initializer.Ones),
        new ParameterSpec("bias", [input.Channels], Initializer.Zeros),
        new ParameterSpec("running_mean", [input.Channels], Initializer.Zeros, IsTrained: false),
        new ParameterSpec("running_var", [input.Channels], Initializer.Ones, IsTrained: false),
    ];
}
