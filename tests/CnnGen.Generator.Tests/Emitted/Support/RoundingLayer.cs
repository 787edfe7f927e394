using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Reference.Layers;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A layer of the oracle whose numbers, forward and backward, are off by about what a float's rounding makes of them.</summary>
internal sealed class RoundingLayer(ReferenceLayer exact, bool isBatchNorm, Random random) : ReferenceLayer
{
    private static readonly double Unit = Math.ScaleB(1, -23);

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
        var rounded = Array.ConvertAll(gradients, Round);
        if (isBatchNorm)
            Shift(inputs[0], outputGradients, rounded[0]);
        return rounded;
    }

    /// <summary>
    /// The gradient of a batch norm is a * gradient + b * input + d, with a rounded d for each channel: the same error at all pixels of all images, as large
    /// as the terms, which may cancel, and as b times the channel's mean. A sum over them (a bias before the batch norm, whose gradient is zero) adds it up.
    /// </summary>
    private void Shift(Tensor[] inputs, Tensor[] outputGradients, Tensor[] gradients)
    {
        var pixels = inputs[0].Shape.Height * inputs[0].Shape.Width;
        for (var channel = 0; channel < inputs[0].Shape.Channels; channel++)
        {
            var numbers = inputs.SelectMany(input => input.Data.Skip(channel * pixels).Take(pixels)).ToList();
            var largest = outputGradients.SelectMany(gradient => gradient.Data.Skip(channel * pixels).Take(pixels)).Max(Math.Abs);
            var mean = numbers.Average();
            var deviation = Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
            if (deviation == 0)
                continue;
            var shift = (random.Next(2) == 0 ? Unit : -Unit) * (largest / deviation) * (1 + (Math.Abs(mean) / deviation));
            foreach (var gradient in gradients)
            {
                for (var i = 0; i < pixels; i++)
                    gradient.Data[(channel * pixels) + i] += shift;
            }
        }
    }

    private Tensor[] Round(Tensor[] tensors) => Array.ConvertAll(tensors, tensor => new Tensor(tensor.Shape, Array.ConvertAll(tensor.Data, Round)));

    private double Round(double number) => number * (1 + ((random.Next(2) == 0 ? 1 : -1) * Unit));
}
