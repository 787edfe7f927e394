using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Measures models on labelled images, without a trainer or an optimiser.</summary>
public static class Measurement
{
    /// <summary>Measures a model on labelled images, as it predicts (no dropout, running statistics). Bytes are normalised as the model's <c>[Normalize]</c> says.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="batchSize">The images to predict at a time, 1 or more: more memory, less time.</param>
    /// <param name="cancellationToken">Ends the measuring between batches.</param>
    /// <returns>The loss, the accuracy, and which classes were taken for which.</returns>
    /// <exception cref="ArgumentException">The data set doesn't suit the model, or is empty; a label is no output of the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Evaluation Evaluate<TModel>(
        this IModel<TModel> model, ImageDataset dataset, int batchSize = 256, CancellationToken cancellationToken = default)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        DatasetChecks.Check<TModel>(dataset, nameof(dataset));
        var batch = Batch.For<TModel>(Math.Min(batchSize, dataset.Count));
        var matrix = dataset.ClassCount == 0 ? null : new ConfusionMatrix(TModel.OutputLength);
        return Of(model, dataset, batch, matrix, cancellationToken);
    }

    /// <summary>The same into a batch and a matrix that there are, of images that have been checked.</summary>
    internal static Evaluation Of<TModel>(
        IModel<TModel> model, ImageDataset dataset, Batch batch, ConfusionMatrix? matrix, CancellationToken cancellationToken)
        where TModel : class, IModel<TModel>
    {
        var (lossSum, right, all) = (0.0, 0L, dataset.ClassCount == 0 ? 0L : dataset.Count);
        var isOfPixels = dataset.ClassCount == 0 && Batch.ClassifiedPixels<TModel>() > 1;
        for (var first = 0; first < dataset.Count; first += batch.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Gather(dataset, TModel.Normalization, null, first, Math.Min(batch.Capacity, dataset.Count - first), null, 0);
            model.Predict(batch.Images, batch.Scores, batch.Count);
            lossSum += batch.SumLoss(TModel.Loss, TModel.LossSettings);
            var pixels = isOfPixels ? batch.CountPixels() : (batch.CountRight(), 0);
            (right, all) = (right + pixels.Right, all + pixels.All);
            for (var i = 0; matrix != null && i < batch.Count; i++)
                matrix.Add(batch.Labels[i], batch.Predicted(i));
        }

        return new Evaluation(dataset.Count, lossSum / dataset.Count, all == 0 ? double.NaN : right / (double)all, matrix);
    }
}
