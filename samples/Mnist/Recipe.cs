using CnnGen;

namespace MnistSample;

/// <summary>How a network is trained unless the user says otherwise.</summary>
/// <param name="Epochs">How often training sees every image.</param>
/// <param name="BatchSize">The images of one step.</param>
/// <param name="LearningRate">The highest rate of the schedule.</param>
/// <param name="MakeOptimizer">The optimiser at a rate.</param>
/// <param name="Augmentation">Changes each image, or null.</param>
internal sealed record Recipe(int Epochs, int BatchSize, float LearningRate, Func<float, Optimizer> MakeOptimizer, ImageAugmentation? Augmentation)
{
    /// <summary>LeNet-5 in a few seconds.</summary>
    public static Recipe LeNet { get; } = new(5, 64, 0.04f, rate => new Sgd(rate, 0.9f, weightDecay: 0.001f), null);

    /// <summary>Few parameters learn slowly, and don't learn images by heart.</summary>
    public static Recipe Small { get; } = new(
        20,
        128,
        0.02f,
        rate => new AdamW(rate, weightDecay: 0.01) { Groups = [ParameterGroup.BiasesAndNorms() with { WeightDecay = 0 }] },
        Augment.All(Augment.Affine(SmallNet.InputShape, degrees: 8, leastScale: 0.92, mostScale: 1.08, shear: 6), Augment.Crop(SmallNet.InputShape, 1)));
}
