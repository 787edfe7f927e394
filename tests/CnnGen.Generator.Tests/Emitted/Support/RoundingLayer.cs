using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Reference.Layers;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A layer of the oracle whose numbers, forward and backward, are off by about what a float's rounding makes of them.</summary>
internal sealed class RoundingLayer(ReferenceLayer exact, Random random) : ReferenceLayer
{
    public override Tensor[] Forward(Tensor[][] inputs)
    {
        var outputs = Round(exact.Forward(inputs));
        foreach (var (name, statistic) in exact.RunningStatistics)
            RunningStatistics[name] = statistic;
        return outputs;
    }

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var gradients = exact.Backward(inputs, outputs, outputGradients);
        foreach (var (name, gradient) in exact.Gradients)
            Gradients[name] = gradient;
        return Array.ConvertAll(gradients, Round);
    }

    private Tensor[] Round(Tensor[] tensors) => Array.ConvertAll(tensors, tensor => new Tensor(tensor.Shape, Array.ConvertAll(tensor.Data, Round)));

    private double Round(double number) => number * (1 + ((random.Next(2) == 0 ? 1 : -1) * Math.ScaleB(1, -23)));
}
