using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>
/// y = weight * (x - mean) / sqrt(variance + epsilon) + bias per channel. In training the mean and the biased variance are the batch's
/// (Ioffe, Szegedy 2015, algorithm 1), and the running ones move by the momentum towards the batch's mean and unbiased variance, as in PyTorch.
/// </summary>
internal sealed class ReferenceBatchNorm : ReferenceLayer
{
    private readonly BatchNormLayer _layer;
    private readonly Node _node;
    private readonly bool _isTraining;
    private readonly double[] _weight;
    private readonly double[] _bias;
    private readonly double[] _runningMean;
    private readonly double[] _runningVariance;

    public ReferenceBatchNorm(BatchNormLayer layer, Node node, ParametersOfNode parameters, bool isTraining)
    {
        _layer = layer;
        _node = node;
        _isTraining = isTraining;
        _weight = parameters.Get("weight");
        _bias = parameters.Get("bias");
        _runningMean = parameters.Get("running_mean");
        _runningVariance = parameters.Get("running_var");
    }

    public override Tensor[] Forward(Tensor[][] inputs)
    {
        var batch = inputs[0];
        var outputs = Array.ConvertAll(batch, x => new Tensor(x.Shape));
        var count = CountPerChannel(batch);
        double[] newMean = [.. _runningMean], newVariance = [.. _runningVariance];
        for (var channel = 0; channel < _weight.Length; channel++)
        {
            var (mean, variance) = Statistics(batch, channel);
            var scale = _weight[channel] / Math.Sqrt(variance + _layer.Epsilon);
            for (var image = 0; image < batch.Length; image++)
            {
                foreach (var i in Elements(batch[image], channel))
                    outputs[image].Data[i] = (scale * (batch[image].Data[i] - mean)) + _bias[channel];
            }

            if (_isTraining)
            {
                var unbiased = variance * count / (count - 1.0);
                newMean[channel] += _layer.Momentum * (mean - _runningMean[channel]);
                newVariance[channel] += _layer.Momentum * (unbiased - _runningVariance[channel]);
            }
        }

        RunningStatistics["running_mean"] = newMean;
        RunningStatistics["running_var"] = newVariance;
        return outputs;
    }

    /// <summary>
    /// With n = (x - mean) / deviation: dweight = sum of dy n, dbias = sum of dy, and
    /// dx = weight / deviation * (dy - mean of dy - n * mean of (dy n)), the last two terms being the way through the batch's statistics.
    /// </summary>
    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var batch = inputs[0];
        var inputGradients = Array.ConvertAll(batch, x => new Tensor(x.Shape));
        if (!_isTraining)
        {
            // Running statistics don't depend on the input: each channel is scaled.
            for (var channel = 0; channel < _weight.Length; channel++)
            {
                var scale = _weight[channel] / Math.Sqrt(_runningVariance[channel] + _layer.Epsilon);
                for (var image = 0; image < batch.Length; image++)
                {
                    foreach (var i in Elements(batch[image], channel))
                        inputGradients[image].Data[i] = scale * outputGradients[image].Data[i];
                }
            }

            return [inputGradients];
        }

        var count = CountPerChannel(batch);
        Gradients["weight"] = new double[_weight.Length];
        Gradients["bias"] = new double[_bias.Length];
        for (var channel = 0; channel < _weight.Length; channel++)
        {
            var (mean, variance) = Statistics(batch, channel);
            var deviation = Math.Sqrt(variance + _layer.Epsilon);
            double sum = 0, sumOfProducts = 0;
            for (var image = 0; image < batch.Length; image++)
            {
                foreach (var i in Elements(batch[image], channel))
                {
                    var normalised = (batch[image].Data[i] - mean) / deviation;
                    sum += outputGradients[image].Data[i];
                    sumOfProducts += outputGradients[image].Data[i] * normalised;
                }
            }

            Gradients["bias"][channel] = sum;
            Gradients["weight"][channel] = sumOfProducts;
            for (var image = 0; image < batch.Length; image++)
            {
                foreach (var i in Elements(batch[image], channel))
                {
                    var normalised = (batch[image].Data[i] - mean) / deviation;
                    inputGradients[image].Data[i] = _weight[channel] / deviation
                        * (outputGradients[image].Data[i] - (sum / count) - (normalised * sumOfProducts / count));
                }
            }
        }

        return [inputGradients];
    }

    private (double Mean, double Variance) Statistics(Tensor[] batch, int channel)
    {
        if (!_isTraining)
            return (_runningMean[channel], _runningVariance[channel]);
        var numbers = batch.SelectMany(image => Elements(image, channel).Select(i => image.Data[i])).ToArray();
        if (numbers.Length < 2)
            throw new ArgumentException($"{_node.Name}: batch statistics need more than one number a channel; train with a larger batch.");
        var mean = numbers.Average();
        return (mean, numbers.Average(x => (x - mean) * (x - mean)));
    }

    private static int CountPerChannel(Tensor[] batch) => batch.Length * batch[0].Shape.Height * batch[0].Shape.Width;

    /// <summary>The indices of one channel's elements.</summary>
    private static IEnumerable<int> Elements(Tensor image, int channel)
    {
        var pixels = image.Shape.Height * image.Shape.Width;
        return Enumerable.Range(channel * pixels, pixels);
    }
}
