namespace CnnGen;

/// <summary>
/// Makes a partial class a network. The layers are the class's other attributes of this namespace, read top to bottom and left to right;
/// they all stand on one declaration of the class, and the generator writes the rest of it (see <see cref="IModel{TSelf}"/>).
/// </summary>
/// <param name="channels">Channels of one image, 1 or more: 1 for grey, 3 for RGB.</param>
/// <param name="height">Rows of one image, 1 or more.</param>
/// <param name="width">Columns of one image, 1 or more.</param>
/// <example>
/// <code>
/// [Model(1, 28, 28)]
/// [Conv2D(6, 5, Padding = 2), Tanh, AveragePool(2)]
/// [Conv2D(16, 5), Tanh, AveragePool(2)]
/// [Dense(120), Tanh, Dense(84), Tanh, Dense(10), Softmax]
/// public partial class LeNet5;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class ModelAttribute(int channels, int height, int width) : Attribute
{
    /// <summary>Channels of one image.</summary>
    public int Channels { get; } = channels;

    /// <summary>Rows of one image.</summary>
    public int Height { get; } = height;

    /// <summary>Columns of one image.</summary>
    public int Width { get; } = width;

    /// <summary>
    /// What training minimises. Where it isn't set, <see cref="Loss.CrossEntropy"/> for a network that ends in <see cref="SoftmaxAttribute"/> and
    /// <see cref="Loss.HalfSquaredError"/> for any other.
    /// </summary>
    public Loss Loss { get; set; }

    /// <summary>
    /// The share of a target that cross-entropy gives to all classes evenly, from 0 to below 1: a wanted probability t counts as (1 - share) * t + share / classes
    /// (Szegedy et al. 2016, section 7).
    /// </summary>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// A weight for each class, finite and 0 or more, with which cross-entropy multiplies the class's target: for classes of which there are few images, or pixels. The mean is over all images (and
    /// pixels); PyTorch's divides by the sum of their weights.
    /// </summary>
    public double[]? ClassWeights { get; set; }

    /// <summary>The error at which <see cref="Loss.Huber"/> becomes linear: finite, above 0.</summary>
    public double HuberDelta { get; set; } = 1;

    /// <summary>
    /// What is emitted: predictions, with or without training. A program that only predicts (its weights come from a file) says <see cref="Passes.Predict"/>: its
    /// class has less than half the code and no gradients, and is no <see cref="ITrainableModel{TSelf}"/>.
    /// </summary>
    public Passes Passes { get; set; } = Passes.Predict | Passes.Train;

    /// <summary>
    /// What the class is emitted for: the CPU, or with <see cref="Targets.Ilgpu"/> GPUs as well. Its class then has <c>OnGpu</c>, and the project references CnnGen.Ilgpu and ILGPU.
    /// </summary>
    public Targets Targets { get; set; } = Targets.Cpu;

    /// <summary>
    /// The regions that come with each image, 1 or more: what <see cref="RoIPoolAttribute"/> and <see cref="RoIAlignAttribute"/> read. Predictions and training then take them beside the images, four
    /// numbers each: x1, y1, x2, y2 in pixels of the image. Where an image has fewer, the others are zeros, which is an empty region. Unset, there are none.
    /// </summary>
    public int Regions { get; set; }

    /// <summary>
    /// The layers whose features are wanted, by the names of their handles, with commas between several: <c>"Conv3"</c>, <c>"Stage1.Conv2, Stage2"</c> (of a block, what it hands on). For each the class has a
    /// prediction that ends there, of which nothing behind the layer is emitted: <see cref="FeatureExtraction"/> computes them for images or a data set. Unset, there are none.
    /// </summary>
    public string? Features { get; set; }

    /// <summary>
    /// How the floats of an image lie, where predictions and training take them and give gradients by them, and those of outputs that are maps and of their targets. The order of
    /// <c>[Model]</c>'s numbers stays channels, height, width, and so do shapes and weights files. Data sets give their images as C x H x W to models of either layout.
    /// </summary>
    public Layout Layout { get; set; }

    /// <summary>Which algorithms the compiler may choose: how exact the result has to be.</summary>
    public Precision Precision { get; set; }

    /// <summary>The rounding of every convolution and pooling that doesn't set its own.</summary>
    public Rounding Rounding { get; set; }
}
