using CnnGen.Runtime;

namespace CnnGen.Tests.Training;

/// <summary>A model written by hand: scores = softmax(W x + b), 2x1x3 images, 3 classes. In plain loops, so that it is plainly right.</summary>
public sealed class SoftmaxRegression : IModel<SoftmaxRegression>
{
    private const int Inputs = 6;
    private const int Outputs = 3;

    public static ImageShape InputShape => new(2, 1, 3);

    public static int OutputLength => Outputs;

    public static Loss Loss => Loss.CrossEntropy;

    public static Normalization Normalization { get; } = new([0.5f, 0.25f], [0.5f, 2f]);

    public static ModelSummary Summary => throw new NotSupportedException("This model has no table.");

    public ParameterStore Parameters { get; } = new(
        [
            new ParameterDefinition("dense1.weight", [Outputs, Inputs], 0, [new Axis(Outputs, Inputs), new Axis(Inputs, 1)], Initialization.Glorot, Inputs, Outputs),
            new ParameterDefinition("dense1.bias", [Outputs], Outputs * Inputs, [new Axis(Outputs, 1)], Initialization.Zeros),
        ],
        (Outputs * Inputs) + Outputs,
        (Outputs * Inputs) + Outputs);

    /// <summary>Every dropout seed that training gave.</summary>
    public List<ulong> DropoutSeeds { get; } = [];

    /// <summary>The batch sizes that training gave.</summary>
    public List<int> BatchSizes { get; } = [];

    /// <summary>Whether to keep the two lists.</summary>
    public bool Records { get; set; } = true;

    public static SoftmaxRegression Create(int seed = 0)
    {
        var model = new SoftmaxRegression();
        model.Parameters.Initialize(seed);
        return model;
    }

    public void Predict(ReadOnlySpan<float> images, Span<float> scores, int count)
    {
        if (images.Length != count * Inputs || scores.Length != count * Outputs)
            throw new ArgumentException("A span has the wrong length.");
        var values = Parameters.Values;
        for (var n = 0; n < count; n++)
        {
            var score = scores.Slice(n * Outputs, Outputs);
            var highest = float.NegativeInfinity;
            for (var o = 0; o < Outputs; o++)
            {
                var sum = values[(Outputs * Inputs) + o];
                for (var i = 0; i < Inputs; i++)
                    sum += values[(o * Inputs) + i] * images[(n * Inputs) + i];
                score[o] = sum;
                highest = MathF.Max(highest, sum);
            }

            var total = 0f;
            foreach (ref var s in score)
                total += s = MathF.Exp(s - highest);
            foreach (ref var s in score)
                s /= total;
        }
    }

    public double ComputeGradients(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores = default,
        Span<float> imageGradients = default)
    {
        if (Records)
        {
            DropoutSeeds.Add(dropoutSeed);
            BatchSizes.Add(count);
        }

        Predict(images, scores, count);
        var gradients = Parameters.Gradients;
        gradients.Clear();
        var loss = 0.0;
        for (var n = 0; n < count; n++)
        {
            for (var o = 0; o < Outputs; o++)
            {
                var difference = (scores[(n * Outputs) + o] - targets[(n * Outputs) + o]) / count;
                if (targets[(n * Outputs) + o] != 0)
                    loss -= targets[(n * Outputs) + o] * Math.Log(scores[(n * Outputs) + o]);
                gradients[(Outputs * Inputs) + o] += difference;
                for (var i = 0; i < Inputs; i++)
                    gradients[(o * Inputs) + i] += difference * images[(n * Inputs) + i];
            }
        }

        return loss / count;
    }
}
