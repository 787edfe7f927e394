namespace CnnGen.Runtime;

/// <summary>A model of an ensemble, whatever its class.</summary>
internal abstract class EnsembleMember(string name)
{
    public string Name => name;

    public abstract ImageShape Shape { get; }

    public abstract ImageShape OutputShape { get; }

    public abstract int Outputs { get; }

    /// <summary>The pixels of an output at each of which its channels are classes; 1 for one class an image.</summary>
    public abstract int Pixels { get; }

    /// <summary>Room for images and the model's outputs.</summary>
    /// <param name="capacity">The most images.</param>
    public abstract Batch NewBatch(int capacity);

    /// <summary>Sees that images suit.</summary>
    public abstract void Check(ImageDataset dataset, string parameter);

    public abstract bool GivesProbabilities { get; }

    public abstract Loss Loss { get; }

    public abstract LossSettings LossSettings { get; }

    public abstract Normalization Normalization { get; }

    public abstract IReadOnlyList<string>? ClassNames { get; }

    public abstract void Predict(ReadOnlySpan<float> images, Span<float> scores, int count);

    public abstract void Predict(ReadOnlySpan<byte> pixels, Span<float> scores, int count);

    /// <summary>Whether a byte becomes the same number for both.</summary>
    public bool NormalizesAs(EnsembleMember other) =>
        Normalization.Mean.SequenceEqual(other.Normalization.Mean) && Normalization.Deviation.SequenceEqual(other.Normalization.Deviation);
}

/// <summary>A model of an ensemble.</summary>
internal sealed class EnsembleMember<TModel>(IModel<TModel> model, string name) : EnsembleMember(name)
    where TModel : class, IModel<TModel>
{
    public override ImageShape Shape => TModel.InputShape;

    public override ImageShape OutputShape => TModel.OutputShape;

    public override int Outputs => TModel.OutputLength;

    public override int Pixels => Batch.ClassifiedPixels<TModel>();

    public override Batch NewBatch(int capacity) => Batch.For<TModel>(capacity);

    public override void Check(ImageDataset dataset, string parameter) => DatasetChecks.Check<TModel>(dataset, parameter);

    public override bool GivesProbabilities => TModel.GivesProbabilities;

    public override Loss Loss => TModel.Loss;

    public override LossSettings LossSettings => TModel.LossSettings;

    public override Normalization Normalization => TModel.Normalization;

    public override IReadOnlyList<string>? ClassNames => model.Parameters.ClassNames;

    public override void Predict(ReadOnlySpan<float> images, Span<float> scores, int count) => ModelInPlanes.Predict(model, images, default, scores, count);

    public override void Predict(ReadOnlySpan<byte> pixels, Span<float> scores, int count) => ModelInPlanes.Predict(model, pixels, scores, count);
}
