using CnnGen.Runtime;

namespace CnnGen;

/// <summary>What training minimises.</summary>
public enum Loss
{
    /// <summary>The negative logarithm of the softmax at the label, mean over the batch. The model ends in Softmax.</summary>
    CrossEntropy,

    /// <summary>Half the squared error, summed over the outputs, mean over the batch.</summary>
    HalfSquaredError,
}

/// <summary>
/// What the generator gives every class that carries <c>[Model]</c>. Code that works for any model (the trainer) goes through
/// its static members, so that nothing needs reflection and training publishes with NativeAOT too.
/// </summary>
/// <typeparam name="TSelf">The model class itself.</typeparam>
public interface IModel<TSelf> where TSelf : class, IModel<TSelf>
{
    /// <summary>The shape of one image.</summary>
    static abstract ImageShape InputShape { get; }

    /// <summary>The number of scores of one image.</summary>
    static abstract int OutputLength { get; }

    /// <summary>What training minimises.</summary>
    static abstract Loss Loss { get; }

    /// <summary>What becomes of bytes before the first layer sees them, wherever they come in: from a data set, in training, when measuring and predicting.</summary>
    static abstract Normalization Normalization { get; }

    /// <summary>Whether the outputs of an image are the probabilities of its classes: with cross-entropy they always are.</summary>
    static virtual bool GivesProbabilities => TSelf.Loss == global::CnnGen.Loss.CrossEntropy;

    /// <summary>The table of layers, with totals.</summary>
    static abstract ModelSummary Summary { get; }

    /// <summary>Makes a model with initialised parameters; the same seed gives the same bits again.</summary>
    static abstract TSelf Create(int seed = 0);

    /// <summary>The model's parameters and their gradients.</summary>
    ParameterStore Parameters { get; }

    /// <summary>
    /// Makes ready what the next calls need, so that the first is as fast as any: compiles the kernels, allocates the working memory,
    /// prepares the weights. Generated classes do; a model without anything to make ready does nothing.
    /// </summary>
    /// <param name="purpose">Predictions, or training steps.</param>
    /// <param name="count">The images of the calls to come, 1 or more.</param>
    void Warmup(WarmupFor purpose = WarmupFor.Prediction, int count = 1)
    {
    }

    /// <summary>Computes the scores of <paramref name="count"/> images.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for.</exception>
    void Predict(ReadOnlySpan<float> images, Span<float> scores, int count);

    /// <summary>Computes the scores of <paramref name="count"/> images of bytes, to which <see cref="Normalization"/> is applied. Generated classes allocate nothing for it.</summary>
    /// <param name="pixels">count x H x W x C bytes: the channels of a pixel one after the other.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for.</exception>
    void Predict(ReadOnlySpan<byte> pixels, Span<float> scores, int count)
    {
        ModelChecks.Pixels(typeof(TSelf).Name, TSelf.InputShape, TSelf.OutputLength, pixels.Length, scores.Length, count);
        if (count > 0)
            Predict(new PixelImages().Convert(TSelf.Normalization, pixels, count), scores, count);
    }

    /// <summary>
    /// One forward pass as training runs it (dropout, batch statistics), the loss, and the backward pass: leaves the mean gradient over the batch
    /// in <see cref="ParameterStore.Gradients"/>, and changes no trained parameter (running statistics do move).
    /// </summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="targets">count x <see cref="OutputLength"/> floats: the wanted outputs (for cross-entropy the classes' probabilities, one-hot or soft).</param>
    /// <param name="count">The number of images, 1 or more.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros; the same seed gives the same bits again.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats, or is empty.</param>
    /// <param name="imageGradients">Receives count x C x H x W floats, the loss's gradient by the images, or is empty.</param>
    /// <returns>The mean loss over the batch.</returns>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for.</exception>
    double ComputeGradients(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores = default,
        Span<float> imageGradients = default);
}
