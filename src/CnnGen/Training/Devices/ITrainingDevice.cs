using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Where a <see cref="Trainer{TModel}"/> takes its steps when that is not the CPU: parameters, gradients and what the optimiser keeps lie there, and come to the model when an epoch or the training ends, when a checkpoint is
/// written, or when a callback asks for the training's parameters. <c>CnnGen.Ilgpu</c> has those that there are, GPUs.
/// </summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public interface ITrainingDevice<TModel> : IDisposable where TModel : class, ITrainableModel<TModel>
{
    /// <summary>The model whose parameters the device began with, and to which it gives them.</summary>
    TModel Model { get; }

    /// <summary>The most images of a batch.</summary>
    int Batch { get; }

    /// <summary>What optimisers do there.</summary>
    internal UpdateDevice Updates { get; }

    /// <summary>Gives the device the parameters that the model has.</summary>
    void SendParameters();

    /// <summary>Gives the model the parameters that the device has.</summary>
    void FetchParameters();

    /// <summary>Computes the scores of any number of images.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    void Predict(ReadOnlySpan<float> images, Span<float> scores, int count = 1);

    /// <summary>The same of images with their regions, by a model that takes these; by any other model without, where none are given.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="regions">count x <see cref="IModel{TSelf}.RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    void Predict(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count = 1);

    /// <summary>The forward pass as training runs it, the loss and the backward pass: leaves the mean gradient over the batch on the device.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images, up to <see cref="Batch"/>.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats, or is empty.</param>
    /// <param name="imageGradients">Receives count x C x H x W floats, the loss's gradient by the images, or is empty.</param>
    /// <returns>The mean loss over the batch.</returns>
    double ComputeGradients(
        ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores = default, Span<float> imageGradients = default);

    /// <summary>The same of images with their regions, by a model that takes these; by any other model without, where none are given.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="regions">count x <see cref="IModel{TSelf}.RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats. Where the loss compares classes, an empty region's are all 0.</param>
    /// <param name="count">The number of images, up to <see cref="Batch"/>.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats, or is empty.</param>
    /// <param name="imageGradients">Receives count x C x H x W floats, the loss's gradient by the images, or is empty.</param>
    /// <returns>The mean loss over the batch.</returns>
    double ComputeGradients(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> regions,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores = default,
        Span<float> imageGradients = default);

    /// <summary>The same of a batch whose lengths have been checked, with something to do on this thread while the device computes.</summary>
    /// <param name="images">The images.</param>
    /// <param name="regions">Their regions; none where the model takes none.</param>
    /// <param name="targets">What is wanted of them.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="seed">Decides which elements dropout zeros.</param>
    /// <param name="scores">Receives the scores.</param>
    /// <param name="isPrefetched">Whether the batch is that of the last <see cref="Prefetch"/>.</param>
    /// <param name="meanwhile">What is done meanwhile, once.</param>
    internal double Train(
        ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets, int count, ulong seed, Span<float> scores, bool isPrefetched, Action meanwhile);

    /// <summary>Begins to upload the batch that is trained on next, beside the work on the one at hand.</summary>
    internal void Prefetch(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets);
}
