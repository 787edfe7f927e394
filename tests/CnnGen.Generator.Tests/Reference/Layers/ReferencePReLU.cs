namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>x where x is positive, else the channel's slope times x.</summary>
internal sealed class ReferencePReLU(ParametersOfNode parameters) : ReferenceLayer
{
    private readonly double[] _slopes = parameters.Get("weight");

    public override Tensor[] Forward(Tensor[][] inputs) => Array.ConvertAll(inputs[0], x =>
    {
        var y = new Tensor(x.Shape);
        for (var i = 0; i < x.Data.Length; i++)
            y.Data[i] = x.Data[i] > 0 ? x.Data[i] : _slopes[ChannelOf(x, i)] * x.Data[i];
        return y;
    });

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var slopeGradients = Gradients["weight"] = new double[_slopes.Length];
        var inputGradients = new Tensor[inputs[0].Length];
        for (var image = 0; image < inputs[0].Length; image++)
        {
            var (x, by) = (inputs[0][image], outputGradients[image]);
            inputGradients[image] = new Tensor(x.Shape);
            for (var i = 0; i < x.Data.Length; i++)
            {
                var isBelow = x.Data[i] <= 0;
                inputGradients[image].Data[i] = by.Data[i] * (isBelow ? _slopes[ChannelOf(x, i)] : 1);
                if (isBelow)
                    slopeGradients[ChannelOf(x, i)] += by.Data[i] * x.Data[i];
            }
        }

        return [inputGradients];
    }

    private static int ChannelOf(Tensor x, int index) => index / (x.Shape.Height * x.Shape.Width);
}
