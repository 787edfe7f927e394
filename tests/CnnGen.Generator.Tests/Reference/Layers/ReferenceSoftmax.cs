namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>x - log(sum of exp(x)) over the channels at each pixel.</summary>
internal sealed class ReferenceLogSoftmax : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input) => ReferenceSoftmax.LogSoftmax(input);

    /// <summary>d y[c] / d x[j] = (c == j) - exp(y[j]), so dx[c] = dy[c] - exp(y[c]) * sum over j of dy[j].</summary>
    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        for (var row = 0; row < input.Shape.Height; row++)
        {
            for (var column = 0; column < input.Shape.Width; column++)
            {
                double sum = 0;
                for (var j = 0; j < input.Shape.Channels; j++)
                    sum += outputGradient[j, row, column];
                for (var c = 0; c < input.Shape.Channels; c++)
                    inputGradient[c, row, column] = outputGradient[c, row, column] - (Math.Exp(output[c, row, column]) * sum);
            }
        }

        return inputGradient;
    }
}

/// <summary>exp(x) / sum of exp(x) over the channels at each pixel (a vector is one pixel).</summary>
internal sealed class ReferenceSoftmax : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input)
    {
        var output = LogSoftmax(input);
        for (var i = 0; i < output.Data.Length; i++)
            output.Data[i] = Math.Exp(output.Data[i]);
        return output;
    }

    /// <summary>d y[c] / d x[j] = y[c] * ((c == j) - y[j]), so dx[c] = y[c] * (dy[c] - sum over j of dy[j] y[j]).</summary>
    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        ForEachPixel(input, (row, column) =>
        {
            double sum = 0;
            for (var j = 0; j < input.Shape.Channels; j++)
                sum += outputGradient[j, row, column] * output[j, row, column];
            for (var c = 0; c < input.Shape.Channels; c++)
                inputGradient[c, row, column] = output[c, row, column] * (outputGradient[c, row, column] - sum);
        });
        return inputGradient;
    }

    /// <summary>x - log(sum of exp(x)), with the largest x taken out first, so that nothing overflows.</summary>
    public static Tensor LogSoftmax(Tensor input)
    {
        var output = new Tensor(input.Shape);
        ForEachPixel(input, (row, column) =>
        {
            var largest = double.NegativeInfinity;
            for (var c = 0; c < input.Shape.Channels; c++)
                largest = Math.Max(largest, input[c, row, column]);
            double sum = 0;
            for (var c = 0; c < input.Shape.Channels; c++)
                sum += Math.Exp(input[c, row, column] - largest);
            for (var c = 0; c < input.Shape.Channels; c++)
                output[c, row, column] = input[c, row, column] - largest - Math.Log(sum);
        });
        return output;
    }

    private static void ForEachPixel(Tensor tensor, Action<int, int> visit)
    {
        for (var row = 0; row < tensor.Shape.Height; row++)
            for (var column = 0; column < tensor.Shape.Width; column++)
                visit(row, column);
    }
}
