using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>
/// y[c] = x[c] / d[c]^beta with d[c] = k + alpha / size * sum of x[j]^2 over the window of channels around c (Krizhevsky 2012, section 3.3;
/// alpha / size as in PyTorch). An even window has its extra channel before c, as PyTorch pads size / 2 before and (size - 1) / 2 after.
/// </summary>
internal sealed class ReferenceLocalResponseNorm(LocalResponseNormLayer layer) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input)
    {
        var output = new Tensor(input.Shape);
        ForEach(input, (channel, row, column) => output[channel, row, column] =
            input[channel, row, column] * Math.Pow(Divisor(input, channel, row, column), -layer.Beta));
        return output;
    }

    /// <summary>d y[c] / d x[j] = (c == j) d[c]^-beta - [j in window(c)] x[c] beta d[c]^(-beta - 1) * 2 alpha / size * x[j].</summary>
    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        ForEach(input, (channel, row, column) =>
        {
            var divisor = Divisor(input, channel, row, column);
            var gradient = outputGradient[channel, row, column];
            inputGradient[channel, row, column] += gradient * Math.Pow(divisor, -layer.Beta);
            foreach (var j in WindowAround(channel, input.Shape.Channels))
            {
                inputGradient[j, row, column] -= gradient * input[channel, row, column]
                    * layer.Beta * Math.Pow(divisor, -(double)layer.Beta - 1)
                    * 2 * layer.Alpha / layer.Size * input[j, row, column];
            }
        });
        return inputGradient;
    }

    private double Divisor(Tensor input, int channel, int row, int column)
    {
        var sum = WindowAround(channel, input.Shape.Channels).Sum(j => input[j, row, column] * input[j, row, column]);
        return layer.K + ((double)layer.Alpha / layer.Size * sum);
    }

    private IEnumerable<int> WindowAround(int channel, int channels)
    {
        var first = channel - (layer.Size / 2);
        return Enumerable.Range(first, layer.Size).Where(j => j >= 0 && j < channels);
    }

    private static void ForEach(Tensor tensor, Action<int, int, int> visit)
    {
        for (var channel = 0; channel < tensor.Shape.Channels; channel++)
            for (var row = 0; row < tensor.Shape.Height; row++)
                for (var column = 0; column < tensor.Shape.Width; column++)
                    visit(channel, row, column);
    }
}
