namespace CnnGen.Runtime;

/// <summary>
/// Calls models with images, targets and outputs as data sets have them, C x H x W, and turns them around for a model whose channels stand last. A model whose channels stand first is called as it is.
/// </summary>
internal static class ModelInPlanes
{
    /// <summary>The outputs of some images.</summary>
    public static void Predict<TModel>(IModel<TModel> model, ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count)
        where TModel : class, IModel<TModel>
    {
        using var turnedImages = TurnedMaps.Of(images, TModel.InputShape, Layout.ChannelsFirst, TModel.Layout);
        using var turnedScores = TurnedMaps.For(scores, TModel.OutputShape, TModel.Layout, Layout.ChannelsFirst);
        model.Predict(turnedImages.Source, regions, turnedScores.Target, count);
        turnedScores.Finish();
    }

    /// <summary>What a layer makes of some images.</summary>
    public static void Features<TModel>(IModel<TModel> model, LayerHandle layer, ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> features, int count)
        where TModel : class, IModel<TModel>
    {
        using var turnedImages = TurnedMaps.Of(images, TModel.InputShape, Layout.ChannelsFirst, TModel.Layout);
        using var turnedFeatures = TurnedMaps.For(features, layer.OutputShape, TModel.Layout, Layout.ChannelsFirst);
        model.Features(layer, turnedImages.Source, regions, turnedFeatures.Target, count);
        turnedFeatures.Finish();
    }

    /// <summary>What gives the outputs of images with their regions.</summary>
    public static RegionPredictor PredictorOf<TModel>(IModel<TModel> model)
        where TModel : class, IModel<TModel> => TModel.Layout == Layout.ChannelsFirst
        ? model.Predict
        : (images, regions, scores, count) => Predict(model, images, regions, scores, count);

    /// <summary>The outputs of some images of bytes.</summary>
    public static void Predict<TModel>(IModel<TModel> model, ReadOnlySpan<byte> pixels, Span<float> scores, int count)
        where TModel : class, IModel<TModel>
    {
        using var turnedScores = TurnedMaps.For(scores, TModel.OutputShape, TModel.Layout, Layout.ChannelsFirst);
        model.Predict(pixels, turnedScores.Target, count);
        turnedScores.Finish();
    }

    /// <summary>The gradients by the parameters, and the outputs, of a batch; gives the loss.</summary>
    public static double ComputeGradients<TModel>(ITrainableModel<TModel> model, Batch batch, ulong dropoutSeed)
        where TModel : class, ITrainableModel<TModel>
    {
        using var images = TurnedMaps.Of(batch.Images, TModel.InputShape, Layout.ChannelsFirst, TModel.Layout);
        using var targets = TurnedMaps.Of(batch.Targets, TModel.OutputShape, Layout.ChannelsFirst, TModel.Layout);
        using var scores = TurnedMaps.For(batch.Scores, TModel.OutputShape, TModel.Layout, Layout.ChannelsFirst);
        var loss = model.ComputeGradients(images.Source, batch.Regions, targets.Source, batch.Count, dropoutSeed, scores.Target);
        scores.Finish();
        return loss;
    }
}
