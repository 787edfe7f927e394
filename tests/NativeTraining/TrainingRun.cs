using System.Globalization;
using CnnGen;
using CnnGen.Runtime;

namespace NativeTraining;

/// <summary>A short training, the same wherever it runs.</summary>
internal static class TrainingRun
{
    private const int Images = 300;

    /// <summary>Warms up, trains two epochs on all threads, saves, loads, predicts.</summary>
    /// <param name="path">Receives the weights.</param>
    /// <param name="set">The instructions to use.</param>
    /// <returns>The accuracy, and all bits of the weights and of the predictions as sums.</returns>
    public static IEnumerable<string> Run(string path, InstructionSet set)
    {
        var dataset = Quadrants();
        var model = Net.Create(seed: 3);
        model.InstructionSet = set;
        model.Warmup(WarmupFor.Training, 32);
        model.Warmup();
        var trainer = new Trainer<Net>(model, new Sgd(learningRate: 0.05f, momentum: 0.9f), seed: 5);
        trainer.Fit(dataset, epochs: 2, batchSize: 32, validation: dataset);
        var accuracy = trainer.Evaluate(dataset).Accuracy;
        yield return string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:F3} on {set}");

        model.Save(path);
        using var loaded = Net.Load(path);
        loaded.InstructionSet = set;
        yield return "weights " + Sum(loaded.Parameters.All.SelectMany(parameter => parameter.ToArray()));

        var image = new float[Net.InputShape.Length];
        var (scores, again) = (new float[Net.OutputLength], new float[Net.OutputLength]);
        var all = new List<float>();
        for (var i = 0; i < Images; i++)
        {
            dataset.CopyImage(i, image, Net.Normalization);
            model.Predict(image, scores);
            loaded.Predict(image, again);
            if (!scores.AsSpan().SequenceEqual(again))
                throw new InvalidOperationException($"Image {i}: the loaded model predicts otherwise.");
            all.AddRange(scores);
        }

        yield return "predictions " + Sum(all);
    }

    /// <summary>Noise with one brighter quadrant, which is the class.</summary>
    private static FloatImageDataset Quadrants()
    {
        var shape = Net.InputShape;
        var images = new float[Images * shape.Length];
        var labels = new int[Images];

        // Knuth's and Lewis's linear congruential generator: the same numbers on every run-time.
        var state = 1u;
        for (var i = 0; i < Images; i++)
        {
            labels[i] = i % Net.OutputLength;
            for (var at = 0; at < shape.Length; at++)
            {
                state = unchecked((state * 1664525) + 1013904223);
                var quadrant = (at / shape.Width / (shape.Height / 2) * 2) + (at % shape.Width / (shape.Width / 2));
                images[(i * shape.Length) + at] = ((state >> 8) / (float)(1 << 24)) + (quadrant == labels[i] ? 0.5f : 0);
            }
        }

        return new FloatImageDataset(shape, images, labels, Net.OutputLength);
    }

    /// <summary>Fowler, Noll and Vo's 64-bit sum (FNV-1a) over the bits.</summary>
    private static string Sum(IEnumerable<float> values)
    {
        var sum = 14695981039346656037UL;
        foreach (var value in values)
            sum = unchecked((sum ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211UL);
        return sum.ToString("x16", CultureInfo.InvariantCulture);
    }
}
