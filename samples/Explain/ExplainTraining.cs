using CnnGen;
using CnnGen.Insight;
using ExplainSample.Reporting;

namespace ExplainSample;

/// <summary>A training that is looked at.</summary>
public static class ExplainTraining
{
    private const int BatchSize = 64;
    private const int MostMaps = 6;
    private const int MostWatched = 500;
    private const int MostCounted = 50;

    /// <summary>Trains a model with Adam, keeping after each epoch how its weights are spread and what excites some of its maps.</summary>
    /// <typeparam name="TModel">A model with <c>Passes.Train</c> and <c>Passes.Explain</c>.</typeparam>
    public static TrainModel<TModel> Of<TModel>()
        where TModel : class, IExplainableModel<TModel>, ITrainableModel<TModel> => (training, images, epochs) =>
    {
        var model = TModel.Create(seed: 1);
        using var network = model.Explain();
        var weights = new WeightEvolution();
        var watched = Watched(TModel.Summary, network);
        var features = watched is { } layer
            ? new FeatureEvolution(network, layer, [.. Enumerable.Range(0, Math.Min(MostMaps, network.ShapeOf(layer).Channels))], network.Fields, images.Take(MostWatched), TModel.Normalization)
            : null;
        var activations = Activations(TModel.Summary, network) is { Count: > 0 } layers ? new ActivationEvolution(network, layers, images.Take(MostCounted), TModel.Normalization) : null;
        ITrainingCallback?[] callbacks = [weights, features, activations];
        var trainer = new Trainer<TModel>(model, new Adam(), seed: 1) { Callbacks = [.. callbacks.OfType<ITrainingCallback>()] };
        var history = trainer.Fit(training, epochs: epochs, batchSize: BatchSize, validation: images);
        var exhibits = new List<Exhibit>();
        if (features is not null)
        {
            var picture = features.Draw();
            exhibits.Add(new Exhibit(
                "How features came about", $"What excites the first maps of {TModel.Summary.Layers[watched!.Value - 1].Name} most, after each epoch, projected back to the image.",
                Html.Picture(picture, "projections, a row a map and a column an epoch")) { Files = new Dictionary<string, Action<string>> { ["evolution.png"] = picture.SavePng } });
        }

        if (weights.Names.FirstOrDefault(name => name.EndsWith("weight", StringComparison.Ordinal)) is { } first)
            exhibits.Add(new Exhibit($"How {first} was spread", "Quantiles of the values after each epoch.", weights.ToSvg(first)));
        if (activations is not null)
            exhibits.Add(new Exhibit("How many maps are silent", "The part of each activation's maps that are above zero for no image, after each epoch.", activations.SilentToSvg()));
        return new TrainedModel<TModel>(model, history, exhibits);
    };

    /// <summary>The last layer with maps that is an activation: what it shows is never below zero.</summary>
    private static int? Watched(ModelSummary summary, IExplainable network)
    {
        for (var layer = network.ScoreLayer; layer > 0; layer--)
        {
            if (network.ShapeOf(layer) is { Height: > 1, Width: > 1 } && IsReLU(summary, layer))
                return layer;
        }

        return null;
    }

    private static List<(int Layer, string Name)> Activations(ModelSummary summary, IExplainable network) =>
        [.. Enumerable.Range(1, network.ScoreLayer).Where(layer => IsReLU(summary, layer)).Select(layer => (layer, summary.Layers[layer - 1].Name))];

    private static bool IsReLU(ModelSummary summary, int layer) => summary.Layers[layer - 1].Kind.StartsWith("ReLU", StringComparison.Ordinal);
}
