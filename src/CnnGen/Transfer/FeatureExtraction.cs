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

    /// <summary>
    /// What a layer makes of each image, as a data set with the images' labels, at the speed of a prediction that ends there. The layer is one of those that the model's <c>[Model(..., Features = "Conv3")]</c> names.
    /// </summary>
    /// <param name="model">The model. It predicts: running statistics, no dropout.</param>
    /// <param name="images">The images, of the shape that the model takes. Bytes are normalised as the model's <c>[Normalize]</c> says.</param>
    /// <param name="layer">A handle of the model's: <c>model.Conv3</c>. Its shape of outputs is that of the features.</param>
    /// <param name="batchSize">The images to compute at a time, 1 or more: more memory, less time.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">The model was not compiled with the features of the layer, the images are of another shape, or all features together are more than an array can hold.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object, or the model takes regions.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static FeatureDataset Features<TModel>(
        this IModel<TModel> model, ImageDataset images, LayerHandle layer, int batchSize = 256, CancellationToken cancellationToken = default)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(layer);
        DatasetChecks.CheckShape<TModel>(images, "images", nameof(images));

        // A layer without features is an error also where there are no images.
        model.Features(layer, [], [], [], 0);
        return FeatureDataset.Of(images, layer.OutputShape, TModel.Normalization, (batch, features, count) => ModelInPlanes.Features(model, layer, batch, default, features, count), batchSize, cancellationToken);
    }

    /// <summary>What a layer makes of images that the caller has in memory. The layer is one of those that the model's <c>[Model(..., Features = "Conv3")]</c> names.</summary>
    /// <param name="model">The model. It predicts: running statistics, no dropout.</param>
    /// <param name="layer">A handle of the model's: <c>model.Conv3</c>.</param>
    /// <param name="images">count x C x H x W floats; H x W x C where the model's <c>Layout</c> says so.</param>
    /// <param name="features">Receives count x the length of the layer's outputs, maps in the same order. Nothing is allocated after the first call.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">The model was not compiled with the features of the layer, a span's length is not what <paramref name="count"/> asks for, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object: each takes one of its own.</exception>
    /// <exception cref="ObjectDisposedException">The object was disposed.</exception>
    public static void Features<TModel>(this IModel<TModel> model, LayerHandle layer, ReadOnlySpan<float> images, Span<float> features, int count = 1)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Features(layer, images, [], features, count);
    }

    /// <summary>What a layer makes of images and their regions, of a model that takes these.</summary>
    /// <param name="model">The model. It predicts: running statistics, no dropout.</param>
    /// <param name="layer">A handle of the model's.</param>
    /// <param name="images">count x C x H x W floats; H x W x C where the model's <c>Layout</c> says so.</param>
    /// <param name="regions">count x regions x 4 floats: x1, y1, x2, y2 in pixels of the image.</param>
    /// <param name="features">Receives count x the length of the layer's outputs, maps in the images' order.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <inheritdoc cref="Features{TModel}(IModel{TModel}, LayerHandle, ReadOnlySpan{float}, Span{float}, int)" path="exception"/>
    public static void Features<TModel>(
        this IModel<TModel> model, LayerHandle layer, ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> features, int count)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Features(layer, images, regions, features, count);
    }
}
