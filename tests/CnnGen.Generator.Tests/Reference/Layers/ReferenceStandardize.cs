using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>y[c] = (x[c] - mean[c]) / deviation[c]; one number stands for all channels.</summary>
internal sealed class ReferenceStandardize(StandardizeLayer layer) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input) => ForEach(input, (x, mean, deviation) => (x - mean) / deviation);

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient) => ForEach(outputGradient, (g, _, deviation) => g / deviation);

    private Tensor ForEach(Tensor tensor, Func<double, double, double, double> of)
    {
        var perChannel = tensor.Data.Length / tensor.Shape.Channels;
        return new Tensor(tensor.Shape, [.. tensor.Data.Select((x, i) => of(x, Of(layer.Mean, i / perChannel), Of(layer.Deviation, i / perChannel)))]);
    }

    private static double Of(IReadOnlyList<float> numbers, int channel) => numbers[numbers.Count == 1 ? 0 : channel];
}
