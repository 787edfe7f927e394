namespace CnnGen.Insight;

/// <summary>
/// What the methods of this library ask of a network: the activations of each layer for images, and the gradient of any sum of activations by the image and by any layer's activations. Layers are known by their places:
/// 0 is the image, 1 the first layer. Running statistics are used and nothing is dropped, as in a prediction. An object is for one thread at a time.
/// </summary>
public interface IExplainable
{
    /// <summary>The number of layers; the last one has this place.</summary>
    int LayerCount { get; }

    /// <summary>The layer whose activations are the model's outputs: what <c>Predict</c> gives.</summary>
    int OutputLayer { get; }

    /// <summary>The layer whose activations are the classes' scores as they are before a softmax: what "the score of a class" means.</summary>
    int ScoreLayer { get; }

    /// <summary>The shape of one image's activations in a layer; a vector's features are its channels.</summary>
    /// <param name="layer">0 for the image, to <see cref="LayerCount"/>.</param>
    ImageShape ShapeOf(int layer);

    /// <summary>Computes the activations of images and keeps them until the next call.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    void Forward(ReadOnlySpan<float> images, int count);

    /// <summary>Copies a layer's kept activations out.</summary>
    /// <param name="layer">1 to <see cref="LayerCount"/>.</param>
    /// <param name="activations">Receives count x C x H x W floats of the layer's shape.</param>
    void CopyActivations(int layer, Span<float> activations);

    /// <summary>Computes the gradients of the sum of a layer's activations, each multiplied with its seed, at the kept activations.</summary>
    /// <param name="layer">The layer of the seed, 1 to <see cref="LayerCount"/>.</param>
    /// <param name="seed">count x C x H x W floats of the layer's shape.</param>
    /// <param name="rule">How the gradient passes ReLUs.</param>
    void Backward(int layer, ReadOnlySpan<float> seed, RectifierRule rule = RectifierRule.Gradient);

    /// <summary>Copies the gradients by a layer's activations, or by the image, out.</summary>
    /// <param name="layer">A layer before that of the seed; 0 for the image.</param>
    /// <param name="gradients">Receives count x C x H x W floats of the layer's shape.</param>
    void CopyGradients(int layer, Span<float> gradients);
}

/// <summary>One activation of a network: what is explained or maximised.</summary>
/// <param name="Layer">The layer's place, from 1.</param>
/// <param name="Index">The activation in the layer's C x H x W, from 0.</param>
public readonly record struct Unit(int Layer, int Index)
{
    /// <summary>The score of a class, before the softmax.</summary>
    /// <param name="network">The network.</param>
    /// <param name="index">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public static Unit OfClass(IExplainable network, int index)
    {
        ArgumentNullException.ThrowIfNull(network);
        var unit = new Unit(network.ScoreLayer, index);
        unit.Check(network);
        return unit;
    }

    /// <summary>The element of a feature map.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer's place, from 1.</param>
    /// <param name="channel">The map.</param>
    /// <param name="y">The row.</param>
    /// <param name="x">The column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or element.</exception>
    public static Unit Of(IExplainable network, int layer, int channel, int y, int x)
    {
        ArgumentNullException.ThrowIfNull(network);
        new Unit(layer, 0).Check(network);
        var shape = network.ShapeOf(layer);
        if ((uint)channel >= (uint)shape.Channels || (uint)y >= (uint)shape.Height || (uint)x >= (uint)shape.Width)
            throw new ArgumentOutOfRangeException(nameof(channel), FormattableString.Invariant($"Layer {layer} is {shape}: it has no element ({channel}, {y}, {x})."));
        return new Unit(layer, (((channel * shape.Height) + y) * shape.Width) + x);
    }

    internal void Check(IExplainable network)
    {
        if (Layer < 1 || Layer > network.LayerCount)
            throw new ArgumentOutOfRangeException(nameof(Layer), Layer, FormattableString.Invariant($"The network's layers are numbered from 1 to {network.LayerCount}."));
        var shape = network.ShapeOf(Layer);
        if ((uint)Index >= (uint)shape.Length)
            throw new ArgumentOutOfRangeException(nameof(Index), Index, FormattableString.Invariant($"Layer {Layer} is {shape}: its activations are numbered from 0 to {shape.Length - 1}."));
    }

    /// <summary>The seed that has a 1 at this activation of each of some images.</summary>
    internal float[] Seed(IExplainable network, int count)
    {
        var length = network.ShapeOf(Layer).Length;
        var seed = new float[count * length];
        for (var i = 0; i < count; i++)
            seed[(i * length) + Index] = 1;
        return seed;
    }
}
