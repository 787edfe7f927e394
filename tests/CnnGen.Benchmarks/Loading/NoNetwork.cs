using CnnGen.Runtime;

namespace CnnGen.Benchmarks.Loading;

/// <summary>A model that computes nothing, so that training is loading alone.</summary>
internal sealed class NoNetwork : ITrainableModel<NoNetwork>
{
    /// <summary>Height and width of an image.</summary>
    public static int Size { get; set; } = 224;

    public static ImageShape InputShape => new(3, Size, Size);

    /// <summary>As many classes as a folder may have.</summary>
    public static int OutputLength => 1000;

    public static Loss Loss => Loss.CrossEntropy;

    public static Normalization Normalization { get; } = Of(new NormalizeAttribute(ImageStatistics.ImageNet));

    public static ModelSummary Summary => throw new NotSupportedException("This model has no table.");

    public ParameterStore Parameters { get; } = new([new ParameterDefinition("bias", [1], 0, [new Axis(1, 1)], Initialization.Zeros)], 1, 1);

    public static NoNetwork Create(int seed = 0) => new();

    public void Predict(ReadOnlySpan<float> images, Span<float> scores, int count) => scores.Clear();

    public double ComputeGradients(
        ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores = default, Span<float> imageGradients = default)
    {
        scores.Clear();
        Parameters.Gradients.Clear();
        return 1;
    }

    private static Normalization Of(NormalizeAttribute statistics) => new(statistics.Mean, statistics.Deviation);
}
