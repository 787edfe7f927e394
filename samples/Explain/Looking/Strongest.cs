using CnnGen;
using CnnGen.Insight;

namespace ExplainSample.Looking;

/// <summary>The strongest activations of all layers over the data set, found while it streams by once, beside the page.</summary>
internal sealed class Strongest
{
    private const int MostChannels = 4096;

    private readonly Task<IReadOnlyDictionary<int, TopActivations>> _found;

    /// <summary>Begins to look.</summary>
    public Strongest(Subject subject, CancellationToken stop) => _found = subject.Data is { } data
        ? Task.Run(() => Find(subject, data.Images, stop), stop)
        : Task.FromResult<IReadOnlyDictionary<int, TopActivations>>(new Dictionary<int, TopActivations>());

    /// <summary>Whether all images have streamed by, or one could not be read.</summary>
    public bool IsReady => _found.IsCompleted;

    /// <summary>What kept the images from being read; null where nothing did.</summary>
    public Exception? Fault => _found.Exception?.InnerException;

    /// <summary>Those of a layer; null where there are none, or not yet.</summary>
    public TopActivations? Of(int layer) => _found.IsCompletedSuccessfully && _found.Result.TryGetValue(layer, out var top) ? top : null;

    private static IReadOnlyDictionary<int, TopActivations> Find(Subject subject, ImageDataset images, CancellationToken stop)
    {
        using var looker = subject.NewLooker();
        var network = looker.Network;
        var layers = Enumerable.Range(1, network.LayerCount).Where(layer => network.ShapeOf(layer).Channels <= MostChannels).ToList();
        return layers.Zip(TopPatches.Find(network, layers, images, subject.Normalization, cancellationToken: stop)).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
