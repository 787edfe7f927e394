using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Measures models on labelled images, without a trainer or an optimiser.</summary>
public static class Measurement
{
    /// <summary>Measures a model on labelled images, as it predicts (no dropout, running statistics). Bytes are normalised as the model's <c>[Normalize]</c> says.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="batchSize">The images to predict at a time, 1 or more: more memory, less time.</param>
    /// <param name="views">Views of each image whose outputs are averaged (test-time augmentation), or null.</param>
    /// <param name="cancellationToken">Ends the measuring between batches.</param>
    /// <returns>The loss, the accuracy, and which classes were taken for which.</returns>
    /// <exception cref="ArgumentException">The data set doesn't suit the model, or is empty; a label is no output of the model, or stands for another class than the model's; the views don't suit the images.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Evaluation Evaluate<TModel>(
        this IModel<TModel> model, ImageDataset dataset, int batchSize = 256, TestTimeAugmentation? views = null, CancellationToken cancellationToken = default)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        return EvaluateBy(model, ModelInPlanes.PredictorOf(model), dataset, batchSize, views, cancellationToken);
    }

    /// <summary>The same by predictions that are made elsewhere than by the model itself.</summary>
    internal static Evaluation EvaluateBy<TModel>(
        IModel<TModel> model, RegionPredictor predict, ImageDataset dataset, int batchSize, TestTimeAugmentation? views, CancellationToken cancellationToken)
        where TModel : class, IModel<TModel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        DatasetChecks.Check<TModel>(dataset, nameof(dataset));
        var names = model.Parameters.ClassNames;
        DatasetChecks.CheckClasses(nameof(dataset), dataset.ClassNames, "model", names);
        views?.CheckShape(TModel.InputShape, TModel.OutputShape);
        var batch = Batch.For<TModel>(Math.Min(batchSize, dataset.Count));
        return Of(model, predict, dataset, batch, new Tally(dataset, TModel.OutputLength, Batch.ClassifiedPixels<TModel>(), names), views, cancellationToken);
    }

    /// <summary>The mean of a model's outputs over views of each image (test-time augmentation).</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">count x C x H x W floats; H x W x C where the model's <c>Layout</c> says so.</param>
    /// <param name="scores">Receives count x <c>OutputLength</c> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <param name="views">The views.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for, or the views don't suit the images.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object.</exception>
    public static void Predict<TModel>(this IModel<TModel> model, ReadOnlySpan<float> images, Span<float> scores, int count, TestTimeAugmentation views)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(views);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ModelChecks.Prediction(typeof(TModel).Name, TModel.InputShape, TModel.OutputLength, images, scores, count);
        using var planes = TurnedMaps.Of(images, TModel.InputShape, TModel.Layout, Layout.ChannelsFirst);
        PredictViews(model, planes.Source, scores, count, views);
    }

    /// <summary>The same, of images of bytes, which are normalised as the model's <c>[Normalize]</c> says.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pixels">count x H x W x C bytes.</param>
    /// <param name="scores">Receives count x <c>OutputLength</c> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <param name="views">The views.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for, or the views don't suit the images.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this object.</exception>
    public static void Predict<TModel>(this IModel<TModel> model, ReadOnlySpan<byte> pixels, Span<float> scores, int count, TestTimeAugmentation views)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(views);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ModelChecks.Pixels(typeof(TModel).Name, TModel.InputShape, TModel.OutputLength, pixels, scores, count);
        if (count > 0)
            PredictViews(model, new PixelImages().Convert(TModel.Normalization, pixels, count), scores, count, views);
    }

    /// <summary>Views are made of images of C x H x W; the scores lie as the model's.</summary>
    private static void PredictViews<TModel>(IModel<TModel> model, ReadOnlySpan<float> planes, Span<float> scores, int count, TestTimeAugmentation views)
        where TModel : class, IModel<TModel>
    {
        using var turned = TurnedMaps.For(scores, TModel.OutputShape, Layout.ChannelsFirst, TModel.Layout);
        views.Predict(TModel.InputShape, TModel.OutputShape, (images, one, number) => ModelInPlanes.Predict(model, images, default, one, number), planes, turned.Target, count);
        turned.Finish();
    }

    /// <summary>The same into a batch and a tally that there are, of images that have been checked.</summary>
    internal static Evaluation Of<TModel>(
        IModel<TModel> model, RegionPredictor predict, ImageDataset dataset, Batch batch, Tally tally, TestTimeAugmentation? views, CancellationToken cancellationToken)
        where TModel : class, IModel<TModel>
    {
        var source = new BatchSource(dataset, TModel.Normalization);
        for (var first = 0; first < dataset.Count; first += batch.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Prepare(source, first, Math.Min(batch.Capacity, dataset.Count - first));
            batch.Load();
            if (views == null)
                predict(batch.Images, batch.Regions, batch.Scores, batch.Count);
            else
                views.Predict(TModel.InputShape, TModel.OutputShape, (images, scores, count) => predict(images, [], scores, count), batch.Images, batch.Scores, batch.Count);
            tally.Add(batch, TModel.Loss, TModel.LossSettings);
        }

        return tally.Result;
    }
}

/// <summary>Predictions of images with their regions: <c>IModel.Predict</c>, or what stands in for it.</summary>
internal delegate void RegionPredictor(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count);
