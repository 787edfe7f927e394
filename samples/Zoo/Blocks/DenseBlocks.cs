using CnnGen;

namespace ZooSample;

/// <summary>A layer of a dense block (Huang et al. 2017, section 3): what it computes is put behind what it read.</summary>
[Branch]
[Branch, BatchNorm(TensorName = "norm1"), ReLU, Conv2D("4 * growth", 1, Bias = false, TensorName = "conv1")]
[BatchNorm(TensorName = "norm2"), ReLU, Conv2D("growth", 3, Padding = 1, Bias = false, TensorName = "conv2")]
[Concat]
public sealed class DenseLayerAttribute : BlockAttribute
{
    /// <summary>Of so many filters.</summary>
    public DenseLayerAttribute(int growth)
    {
    }

    /// <inheritdoc cref="DenseLayerAttribute(int)"/>
    public DenseLayerAttribute(string growth)
    {
    }
}

/// <summary>Layers each of which reads the results of all before it.</summary>
[DenseLayer("growth", Repeat = "layers", TensorName = "denselayer1")]
public sealed class DenseBlockAttribute(int layers, int growth = 32) : BlockAttribute;

/// <summary>Half the channels, half the height and width.</summary>
[BatchNorm(TensorName = "norm"), ReLU, Conv2D("input.channels / 2", 1, Bias = false, TensorName = "conv"), AveragePool(2)]
public sealed class TransitionAttribute : BlockAttribute;
