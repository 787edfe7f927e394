using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Makes data sets of what a network finds in images.</summary>
public static class FeatureExtraction
{
    /// <summary>
    /// A model's outputs for each image, as a data set with the images' labels: of a trunk that is declared as a model of its own (without the classifier) its features, at the speed of prediction. The model predicts: running statistics, no dropout.
    /// </summary>
    /// <param name="model">The model; its shape of outputs is that of the features.</param>
    /// <param name="images">The images, of the shape that the model takes. Bytes are normalised as the model's <c>[Normalize]</c> says.</param>
    /// <param name="batchSize">The images to predict at a time, 1 or more: more memory, less time.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">The images are of another shape, or all features together are more than an array can hold.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static FeatureDataset Features<TModel>(this IModel<TModel> model, ImageDataset images, int batchSize = 256, CancellationToken cancellationToken = default)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        DatasetChecks.CheckShape<TModel>(images, "images", nameof(images));
        return FeatureDataset.Of(images, TModel.OutputShape, TModel.Normalization, (batch, features, count) => ModelInPlanes.Predict(model, batch, default, features, count), batchSize, cancellationToken);
    }
}
