namespace CnnGen.Images.Tests.Training;

/// <summary>The program of docs/training.md, letter by letter.</summary>
public static class Photographs
{
    public static void Train(string folder)
    {
        var pictures = ImageFileDataset.Open(Path.Combine(folder, "flowers"), width: 32, height: 32);
        foreach (var damaged in pictures.Damaged)
            Console.WriteLine($"left out: {damaged}");
        var (training, validation) = pictures.Split(validation: 0.25, seed: 1);
        var trainer = new Trainer<Flowers>(Flowers.Create(seed: 1), new AdamW(2e-3), new OneCycleSchedule(), seed: 1)
        {
            AlternatingFlip = true,
            Augmentation = Augment.RandomResizedCrop(Flowers.InputShape, leastArea: 0.5),
        };
        var checkpoint = Path.Combine(folder, "run1");
        Console.WriteLine(trainer.Fit(training, epochs: 10, batchSize: 16, validation, checkpoint: checkpoint));
        Console.WriteLine(trainer.Evaluate(validation).ConfusionMatrix);
        trainer.Model.Save(Path.Combine(folder, "flowers.safetensors"));
    }
}

[Model(3, 32, 32)]
[Conv2D(16, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), Conv2D(32, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2)]
[GlobalAveragePool, Dense(3), Softmax]
public sealed partial class Flowers;
