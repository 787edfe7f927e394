namespace CnnGen.Tests.Training.State;

/// <summary>Small, with all that a training may have to keep beside weights: running statistics, dropout.</summary>
[Model(1, 6, 6)]
[Conv2D(4, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), Dropout(0.25f), Dense(3), Softmax]
internal sealed partial class StateNet;

/// <summary>Another network of the same shapes of images.</summary>
[Model(1, 6, 6)]
[Conv2D(5, 3, Padding = 1), ReLU, Dense(3), Softmax]
internal sealed partial class OtherNet;

/// <summary>Trainings to be interrupted.</summary>
internal static class StateTraining
{
    public static ImageDataset Images(int count = 50, int shift = 0)
    {
        var (pixels, labels) = (new float[36 * count], new int[count]);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = MathF.Sin((i + shift) * (1 + (i / 36 % 3)));
        for (var i = 0; i < labels.Length; i++)
            labels[i] = i % 3;
        return new FloatImageDataset(StateNet.InputShape, pixels, labels, 3);
    }

    /// <summary>A trainer with all there is; each call makes the same.</summary>
    public static Trainer<StateNet> Full(string optimizer, params ITrainingCallback[] callbacks) => new(StateNet.Create(1), Create(optimizer), new WarmUpSchedule(0.5, new ReduceOnPlateauSchedule(0.5, 0)), seed: 3)
    {
        Averaging = new WeightAverage(0.9),
        AccumulationSteps = 3,
        Clipping = GradientClipping.ByNorm(0.5),
        Sampling = ImageSampling.Balanced(),
        LabelSmoothing = 0.1,
        AlternatingFlip = true,
        Mixing = ImageMixing.MixUp(),
        ClassWeights = [1, 2, 0.5f],
        Augmentation = (image, _, seed) => image[(int)(seed % 36)] = 0,
        Callbacks = [new EarlyStopping(20), .. callbacks],
    };

    public static Optimizer Create(string name) => name switch
    {
        "Nadam" => new Nadam(0.01),
        "Muon" => new Lookahead(new Muon(0.02, inner: new RmsProp(0.01, momentum: 0.5, centered: true)), 2),
        "Frozen" => new Lamb(0.01) { Groups = [ParameterGroup.UpTo("conv1") with { IsFrozen = true }] },
        _ => new Sgd(0.05, 0.9),
    };

    public static uint[] Bits(Trainer<StateNet> trainer)
    {
        var average = StateNet.Create();
        trainer.Averaging!.CopyTo(average.Parameters);
        return [.. trainer.Model.Parameters.ValuesAndStatistics.ToArray().Concat(average.Parameters.ValuesAndStatistics.ToArray()).Select(BitConverter.SingleToUInt32Bits)];
    }

    /// <summary>All of a history but the times.</summary>
    public static string[] Lines(TrainingHistory history) =>
        [.. history.Epochs.Select(e => FormattableString.Invariant($"{e.Epoch} {e.Loss:R} {e.Accuracy:R} {e.ValidationLoss:R} {e.ValidationAccuracy:R} {e.LearningRate:R}"))];
}

/// <summary>Does something after a number of batches.</summary>
internal sealed class AtBatch(int number, Action<ITraining> action) : ITrainingCallback
{
    private int _batches;

    public void OnBatch(ITraining training, TrainingProgress progress)
    {
        if (++_batches == number)
            action(training);
    }
}
