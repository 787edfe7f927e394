using CnnGen;
using CnnGen.Runtime;

namespace ZooSample;

/// <summary>A model object, whatever its class.</summary>
public abstract class NetworkInstance : IDisposable
{
    private protected NetworkInstance(ParameterStore parameters) => Parameters = parameters;

    /// <summary>The model's parameters.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>Computes the scores of <paramref name="count"/> images.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="scores">Receives count x outputs floats.</param>
    /// <param name="count">The number of images. A network that reads regions gets a grid of them with each.</param>
    public abstract void Predict(ReadOnlySpan<float> images, Span<float> scores, int count);

    /// <summary>Gives working memory back.</summary>
    public abstract void Dispose();

    /// <summary>One training step: forward, loss, backward, and the optimiser's update.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="targets">count x outputs floats.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="optimizer">What changes the parameters.</param>
    /// <returns>The mean loss over the batch, before the update.</returns>
    public abstract double Step(ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, Optimizer optimizer);
}

/// <summary>An object of one model class.</summary>
internal sealed class NetworkInstance<TModel>(TModel model) : NetworkInstance(model.Parameters)
    where TModel : class, ITrainableModel<TModel>
{
    private float[] _regions = [];

    public override void Predict(ReadOnlySpan<float> images, Span<float> scores, int count) => model.Predict(images, RegionsOf(count), scores, count);

    public override void Dispose() => ((IDisposable)model).Dispose();

    public override double Step(ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, Optimizer optimizer)
    {
        var loss = model.ComputeGradients(images, RegionsOf(count), targets, count, dropoutSeed: 1);
        optimizer.Step(model.Parameters);
        return loss;
    }

    private ReadOnlySpan<float> RegionsOf(int count)
    {
        var length = count * TModel.RegionCount * 4;
        if (_regions.Length < length)
            _regions = SampleRegions.Of(TModel.InputShape, TModel.RegionCount, count);
        return _regions.AsSpan(0, length);
    }
}
