using CnnGen.Runtime;

namespace CnnGen;

/// <summary>What training minimises.</summary>
public enum Loss
{
    /// <summary>
    /// The negative logarithm of the softmax at the label, mean over the batch. The model ends in Softmax. Where that is over a map each pixel has a label (segmentation), and the mean
    /// is over the pixels too.
    /// </summary>
    CrossEntropy,

    /// <summary>Half the squared error, summed over the outputs, mean over the batch.</summary>
    HalfSquaredError,

    /// <summary>
    /// -(t ln p + (1 - t) ln(1 - p)) of each output p and its target t from 0 to 1, summed over the outputs, mean over the batch: labels that don't exclude one
    /// another. The model ends in Sigmoid, and the two are computed as one.
    /// </summary>
    BinaryCrossEntropy,

    /// <summary>
    /// max(0, 1 + y[j] - y[label]) summed over the outputs j other than the label, mean over the batch: a linear layer with it is a support vector machine (Weston,
    /// Watkins 1999). Of a map, over the channels at each pixel, and the mean over the pixels.
    /// </summary>
    Hinge,

    /// <summary>The absolute error, summed over the outputs, mean over the batch.</summary>
    AbsoluteError,

    /// <summary>Half the squared error where the error is at most <c>HuberDelta</c>, linear beyond (Huber 1964), summed over the outputs, mean over the batch.</summary>
    Huber,

    /// <summary>
    /// That of detectors (Girshick 2015, section 2.3): the model ends in Concat of a Softmax over K classes and of 4 K numbers, a box for each class. The cross-entropy of the classes, and, where the
    /// label is not class 0 (the background), the Huber loss with a delta of 1 of the label's box, summed over its 4 numbers; mean over the regions or pixels, and over the batch.
    /// </summary>
    ClassesAndBoxes,
}

/// <summary>The numbers of a loss, as <c>[Model]</c> has them.</summary>
/// <param name="LabelSmoothing">Of cross-entropy: the share of a target that goes to all classes evenly, from 0 to below 1.</param>
/// <param name="HuberDelta">Of the Huber loss: the error at which it becomes linear, above 0.</param>
public readonly record struct LossSettings(float LabelSmoothing, float HuberDelta)
{
    /// <summary>Those of a model that sets none: no smoothing, and 1.</summary>
    public static LossSettings Default => new(0, 1);

    /// <summary>Of cross-entropy: what each class's target is multiplied with, finite and 0 or more; null where all count alike.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }
}

/// <summary>
/// What the generator gives every class that carries <c>[Model]</c>. Code that works for any model goes through its static members, so that nothing needs
/// reflection, and publishes with NativeAOT too. What can be trained is an <see cref="ITrainableModel{TSelf}"/> as well.
/// </summary>
/// <typeparam name="TSelf">The model class itself.</typeparam>
public interface IModel<TSelf> where TSelf : class, IModel<TSelf>
{
    /// <summary>The shape of one image.</summary>
    static abstract ImageShape InputShape { get; }

    /// <summary>The number of scores of one image.</summary>
    static abstract int OutputLength { get; }

    /// <summary>The shape of one image's outputs; a vector's features are its channels.</summary>
    static virtual ImageShape OutputShape => new(TSelf.OutputLength, 1, 1);

    /// <summary>How the floats of images lie, and of outputs that are maps, wherever a member of the model takes or gives them: <c>[Model(..., Layout = Layout.ChannelsLast)]</c>.</summary>
    static virtual Layout Layout => Layout.ChannelsFirst;

    /// <summary>What training minimises.</summary>
    static abstract Loss Loss { get; }

    /// <summary>The loss's numbers.</summary>
    static virtual LossSettings LossSettings => LossSettings.Default;

    /// <summary>What becomes of bytes before the first layer sees them, wherever they come in: from a data set, in training, when measuring and predicting.</summary>
    static abstract Normalization Normalization { get; }

    /// <summary>Whether the outputs of an image are the probabilities of its classes: with cross-entropy they are, unless each pixel of a map has probabilities of its own.</summary>
    static virtual bool GivesProbabilities => TSelf.Loss == global::CnnGen.Loss.CrossEntropy && !TSelf.OutputShape.IsMap;

    /// <summary>The table of layers, with totals.</summary>
    static abstract ModelSummary Summary { get; }

    /// <summary>
    /// The fewest images that <c>ComputeGradients</c> of an <see cref="ITrainableModel{TSelf}"/> takes: 2 where a batch normalisation has one value of each feature an image (behind a dense layer, or over a map of
    /// one pixel), else 1.
    /// </summary>
    static virtual int MinimumBatch => 1;

    /// <summary>The regions that come with each image, as <c>[Model(..., Regions = n)]</c> has it; 0 where images come alone.</summary>
    static virtual int RegionCount => 0;

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
    /// <param name="images">count x C x H x W floats; H x W x C where <see cref="IModel{TSelf}.Layout"/> says so.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object: each takes one of its own.</exception>
    void Predict(ReadOnlySpan<float> images, Span<float> scores, int count);

    /// <summary>Computes the scores of <paramref name="count"/> images of bytes, to which <see cref="Normalization"/> is applied. Generated classes allocate nothing for it.</summary>
    /// <param name="pixels">count x H x W x C bytes: the channels of a pixel one after the other.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for, or the spans overlap.</exception>
    void Predict(ReadOnlySpan<byte> pixels, Span<float> scores, int count)
    {
        ModelChecks.Pixels(typeof(TSelf).Name, TSelf.InputShape, TSelf.OutputLength, pixels, scores, count);
        if (count > 0)
            Predict(new PixelImages().Convert(TSelf.Normalization, TSelf.Layout, pixels, count), scores, count);
    }

    /// <summary>Computes the scores of <paramref name="count"/> images with their regions, of a model that takes these; of any other model without, where none are given.</summary>
    /// <param name="images">count x C x H x W floats; H x W x C where <see cref="IModel{TSelf}.Layout"/> says so.</param>
    /// <param name="regions">count x <see cref="RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image. A region with x2 &lt;= x1 or y2 &lt;= y1 is empty.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object: each takes one of its own.</exception>
    void Predict(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count)
    {
        ModelChecks.NoRegions(typeof(TSelf).Name, regions);
        Predict(images, scores, count);
    }

    /// <summary>
    /// Computes what a layer makes of images, as a prediction does (running statistics, no dropout), and nothing behind the layer. The layer is one of those that <c>[Model(..., Features = "Conv3")]</c> names.
    /// <see cref="FeatureExtraction"/> has the methods to call.
    /// </summary>
    /// <param name="layer">A handle of the model's.</param>
    /// <param name="images">count x C x H x W floats; H x W x C where <see cref="IModel{TSelf}.Layout"/> says so.</param>
    /// <param name="regions">Their regions, of a model that takes some; else empty.</param>
    /// <param name="features">Receives count x the length of <see cref="LayerHandle.OutputShape"/> floats, maps as <see cref="IModel{TSelf}.Layout"/> says.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">The model was not compiled with the features of the layer, a span's length is not what <paramref name="count"/> asks for, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object: each takes one of its own.</exception>
    void Features(LayerHandle layer, ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> features, int count) =>
        throw ModelChecks.NoFeatures(typeof(TSelf), "", layer);
}

/// <summary>
/// A model that can be trained: what the generator gives every class that carries <c>[Model]</c>, unless it says <c>Passes = Passes.Predict</c>.
/// <see cref="Trainer{TModel}"/> asks for it.
/// </summary>
/// <typeparam name="TSelf">The model class itself.</typeparam>
public interface ITrainableModel<TSelf> : IModel<TSelf> where TSelf : class, ITrainableModel<TSelf>
{
    /// <summary>
    /// One forward pass as training runs it (dropout, batch statistics), the loss, and the backward pass: leaves the mean gradient over the batch
    /// in <see cref="ParameterStore.Gradients"/>, and changes no trained parameter (running statistics do move).
    /// </summary>
    /// <param name="images">count x C x H x W floats; H x W x C where <see cref="IModel{TSelf}.Layout"/> says so.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats: the wanted outputs (for cross-entropy the classes' probabilities, one-hot or soft; of a map a plane
    /// for each class, all 0 at pixels that have none, in the order that <see cref="IModel{TSelf}.Layout"/> says).</param>
    /// <param name="count">The number of images, <see cref="IModel{TSelf}.MinimumBatch"/> or more.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros; the same seed gives the same bits again.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats, or is empty.</param>
    /// <param name="imageGradients">Receives the loss's gradient by the images, as many floats in the same order, or is empty.</param>
    /// <returns>The mean loss over the batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than <see cref="IModel{TSelf}.MinimumBatch"/>.</exception>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for, or one that is written overlaps another.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object, or computes gradients by one that shares its parameters.</exception>
    double ComputeGradients(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores = default,
        Span<float> imageGradients = default);

    /// <summary>The same of images with their regions, by a model that takes these; by any other model without, where none are given.</summary>
    /// <param name="images">count x C x H x W floats; H x W x C where <see cref="IModel{TSelf}.Layout"/> says so.</param>
    /// <param name="regions">count x <see cref="IModel{TSelf}.RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image. A region with x2 &lt;= x1 or y2 &lt;= y1 is empty.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats. Where the loss compares classes, an empty region's are all 0, and it adds nothing to the loss.</param>
    /// <param name="count">The number of images, <see cref="IModel{TSelf}.MinimumBatch"/> or more.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros; the same seed gives the same bits again.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats, or is empty.</param>
    /// <param name="imageGradients">Receives the loss's gradient by the images, as many floats in the same order, or is empty.</param>
    /// <returns>The mean loss over the batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than <see cref="IModel{TSelf}.MinimumBatch"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A span's length is not what <paramref name="count"/> asks for, or one that is written overlaps another; an empty region has targets that are not 0.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object, or computes gradients by one that shares its parameters.</exception>
    double ComputeGradients(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> regions,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores = default,
        Span<float> imageGradients = default)
    {
        ModelChecks.NoRegions(typeof(TSelf).Name, regions);
        return ComputeGradients(images, targets, count, dropoutSeed, scores, imageGradients);
    }
}
