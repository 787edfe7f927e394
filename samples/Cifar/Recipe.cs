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

    /// <summary>The pixels by which an image is shifted at most, unless the user says otherwise.</summary>
    public const int Shift = 2;

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
    /// <param name="shape">The images' shape.</param>
    /// <param name="shift">The pixels by which one is shifted at most; 0: by none.</param>
    /// <param name="erase">The side of the square that is erased; 0: none.</param>
    public static ImageAugmentation Augmentation(ImageShape shape, int shift, int erase)
    {
        var shifted = shift > 0 ? Augment.Crop(shape, shift) : Augment.None;
        return erase > 0 ? Augment.All(shifted, Augment.Erase(shape, erase)) : shifted;
    }

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
