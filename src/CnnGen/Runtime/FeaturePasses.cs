using System.ComponentModel;

namespace CnnGen.Runtime;

/// <summary>What generated code gives <see cref="FeaturePasses"/>: the prediction that ends at one layer.</summary>
/// <param name="layer">The layer's index.</param>
/// <param name="buffers">The working memory.</param>
/// <param name="prepared">Floats of what follows from the parameters alone; 0 where it needs none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class FeaturePass(int layer, PredictionBuffers buffers, int prepared)
{
    /// <summary>The layer's index.</summary>
    public int Layer { get; } = layer;

    /// <summary>The working memory.</summary>
    public PredictionBuffers Buffers { get; } = buffers;

    /// <summary>Floats of what follows from the parameters alone; 0 where it needs none.</summary>
    public int Prepared { get; } = prepared;

    /// <summary>Computes what the layer makes of all images of the context.</summary>
    public required delegate*<InstructionSet, PredictionContext*, void> Predict { get; init; }

    /// <summary>Computes what follows from the parameters alone; null where it needs none.</summary>
    public delegate*<InstructionSet, PredictionContext*, void> Prepare { get; init; }
}

/// <summary>
/// The predictions of one model object that end at a layer, and their working memory, which each has for itself: what one leaves zero, another would write to. Not for two threads at once: whoever runs one
/// holds the object in use (<see cref="ModelUse"/>).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class FeaturePasses : IDisposable
{
    private readonly FeaturePass[] _passes;
    private readonly Workspace[] _workspaces;
    private readonly int _block;
    private readonly int _batch;

    /// <summary>Allocates no working memory yet.</summary>
    /// <param name="passes">A pass for each layer.</param>
    /// <param name="block">Images that a thread takes at a time, at most.</param>
    /// <param name="batch">Images that are computed together, at most, where each has memory of its own.</param>
    public FeaturePasses(FeaturePass[] passes, int block, int batch)
    {
        ArgumentNullException.ThrowIfNull(passes);
        _passes = passes;
        _workspaces = Array.ConvertAll(passes, static pass => new Workspace(pass.Buffers, default));
        (_block, _batch) = (block, batch);
    }

    /// <summary>Computes what a layer makes of images.</summary>
    /// <param name="layer">The index of a layer that has a pass.</param>
    /// <param name="parameters">The model's.</param>
    /// <param name="set">What to run on.</param>
    /// <param name="images">count images.</param>
    /// <param name="regions">Their regions; empty where the model takes none.</param>
    /// <param name="features">Receives count x the layer's outputs.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    public void Run(
        int layer, ParameterStore parameters, InstructionSet set, ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> features, int count)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var index = Array.FindIndex(_passes, pass => pass.Layer == layer);
        var pass = _passes[index];
        var prepared = pass.Prepared > 0 ? parameters.Prepared(pass.Prepared, layer) : null;
        var most = pass.Buffers.Image > 0 ? _batch : count;
        fixed (float* imagesPointer = images)
        fixed (float* regionsPointer = regions)
        fixed (float* featuresPointer = features)
        fixed (float* parametersPointer = parameters.ValuesAndStatistics)
        fixed (float* preparedPointer = prepared is null ? default : prepared.Values)
        {
            PredictionContext context = new() { Parameters = parametersPointer, Prepared = preparedPointer, Workers = Threads.Count };
            if (prepared is not null)
                Prepare(pass, prepared, parameters, set, &context);
            for (var first = 0; first < count; first += most)
            {
                context.Images = imagesPointer + (first * (nint)(images.Length / count));
                context.Regions = regionsPointer + (first * (nint)(regions.Length / count));
                context.Scores = featuresPointer + (first * (nint)(features.Length / count));
                _workspaces[index].Reserve(ref context, Math.Min(most, count - first), Threads.Count, _block);
                pass.Predict(set, &context);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_workspaces, static workspace => workspace.Dispose());

    /// <summary>What follows from the parameters alone is computed again when they have changed.</summary>
    private static void Prepare(FeaturePass pass, PreparedParameters prepared, ParameterStore parameters, InstructionSet set, PredictionContext* context)
    {
        if (prepared.IsCurrent)
            return;
        lock (prepared)
        {
            var version = parameters.Version;
            if (prepared.IsCurrent)
                return;
            pass.Prepare(set, context);
            prepared.MarkCurrent(version);
        }
    }
}
