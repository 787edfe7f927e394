using CnnGen;
using CnnGen.Insight;

namespace ExplainSample.Looking;

/// <summary>The strongest activations of all layers over the data set, found while it streams by once, beside the page.</summary>
internal sealed class Strongest
{
    private const int BatchLength = 16;
    private const int MostChannels = 4096;

    private readonly Task<TopActivations?[]> _found;

    /// <summary>Begins to look.</summary>
    public Strongest(Subject subject, CancellationToken stop) => _found = subject.Data is { } data
        ? Task.Run(() => Find(subject, data.Images, stop), stop)
        : Task.FromResult(new TopActivations?[subject.Summary.Layers.Count + 1]);

    /// <summary>Whether all images have streamed by, or one could not be read.</summary>
    public bool IsReady => _found.IsCompleted;

    /// <summary>Those of a layer; null where there are none, or not yet.</summary>
    public TopActivations? Of(int layer) => _found.IsCompletedSuccessfully ? _found.Result[layer] : null;

    private static TopActivations?[] Find(Subject subject, ImageDataset images, CancellationToken stop)
    {
        using var looker = subject.NewLooker();
        var network = looker.Network;
        var tops = new TopActivations?[network.LayerCount + 1];
        for (var layer = 1; layer < tops.Length; layer++)
        {
            if (network.ShapeOf(layer).Channels <= MostChannels)
                tops[layer] = new TopActivations(network.ShapeOf(layer));
        }

        var length = images.Shape.Length;
        var floats = new float[BatchLength * length];
        for (var first = 0; first < images.Count; first += BatchLength)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(BatchLength, images.Count - first);
            for (var i = 0; i < count; i++)
                images.CopyImage(first + i, floats.AsSpan(i * length, length), subject.Normalization);
            network.Forward(floats.AsSpan(0, count * length), count);
            for (var layer = 1; layer < tops.Length; layer++)
            {
                if (tops[layer] is not { } top)
                    continue;
                var activations = new float[count * top.Shape.Length];
                network.CopyActivations(layer, activations);
                top.Add(activations, count);
            }
        }

        return tops;
    }
}
