using CnnGen;

namespace CifarSample;

/// <summary>How a network is trained unless the user says otherwise.</summary>
/// <param name="Epochs">How often training sees every image.</param>
/// <param name="BatchSize">The images of one step.</param>
/// <param name="LearningRate">Muon's first rate, which falls to 0 in a line.</param>
internal sealed record Recipe(int Epochs, int BatchSize, float LearningRate)
{
    /// <summary>What is taken from each target and shared out to all classes.</summary>
    public const double LabelSmoothing = 0.2;

    /// <summary>The pixels by which an image is shifted at most.</summary>
    private const int Padding = 2;

    private const double Momentum = 0.6;
    private const double WeightDecay = 0.08;

    /// <summary>Steps that are this rough are as good here, and take three fifths of the time.</summary>
    private const int Iterations = 3;

    /// <summary>The rate of what is no matrix.</summary>
    private const double InnerRate = 0.01;

    /// <summary>The classifier's part of the rate: its outputs are no maps that a normalisation brings back to one size.</summary>
    private const double ClassifierRate = 0.1;

    /// <summary>About 9 minutes on two cores with AVX-512.</summary>
    public static Recipe Small { get; } = new(8, 500, 0.12f);

    /// <summary>About 10 minutes on two cores with AVX-512.</summary>
    public static Recipe Large { get; } = new(7, 500, 0.12f);

    /// <summary>What becomes of each image, beside the flip in every second epoch.</summary>
    public static ImageAugmentation Augmentation(ImageShape shape) => Augment.Crop(shape, Padding);

    /// <summary>Muon, and AdamW for biases and norms; the whitening layer's weights stay.</summary>
    public static Optimizer Optimizer(float rate) => new Muon(rate, Momentum, weightDecay: WeightDecay, iterations: Iterations, inner: new AdamW(InnerRate))
    {
        Groups =
        [
            ParameterGroup.Named("conv1.weight") with { IsFrozen = true },
            ParameterGroup.Named("dense1.weight") with { RateFactor = ClassifierRate, WeightDecay = 0 },
            ParameterGroup.BiasesAndNorms() with { WeightDecay = 0 },
        ],
    };
}
