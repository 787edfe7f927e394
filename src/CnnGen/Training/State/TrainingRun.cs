namespace CnnGen.Runtime;

/// <summary>Where one <c>Fit</c> stands: a few numbers, since all chance comes from counters.</summary>
internal sealed class TrainingRun
{
    /// <summary>What <c>Fit</c> was asked for.</summary>
    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>The images, and what tells them from others: a hash of shape, number and labels.</summary>
    public required int Images { get; init; }

    public required ulong ImagesMark { get; init; }

    public required int Batches { get; init; }

    /// <summary>The batches of a step.</summary>
    public required int Accumulation { get; init; }

    /// <summary>The steps of an epoch of a stream, also of the last one, which may have fewer; 0 where it is no stream.</summary>
    public int StreamSteps { get; init; }

    /// <summary>All steps that a stream is trained for.</summary>
    public int StreamTotal { get; init; }

    /// <summary>The images of a stream that were taken before those of this epoch.</summary>
    public long StreamRead { get; set; }

    /// <summary>The steps of an epoch.</summary>
    public long StepsPerEpoch => StreamSteps > 0 ? StreamSteps : ((long)Batches + Accumulation - 1) / Accumulation;

    /// <summary>The epoch that is being worked on, from 1; more than <see cref="Epochs"/> when all are done.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>The batches of it that are done.</summary>
    public int Batch { get; set; }

    public double LossSum { get; set; }

    public int Right { get; set; }

    /// <summary>What the epoch's earlier batches took, before the training was resumed.</summary>
    public double Seconds { get; set; }

    /// <summary>As the last batch left it.</summary>
    public TrainingProgress Last { get; set; }

    /// <summary>The gradients of a step's batches so far; their sum, each over the images of the step.</summary>
    public MovableFloats? Accumulated { get; set; }

    public bool IsDone => Epoch > Epochs;

    /// <summary>Whether some of a step's batches are done, but not all: <see cref="Accumulated"/> has their gradients.</summary>
    public bool IsWithinStep => Batch % Accumulation != 0 && Batch != Batches;

    /// <summary>The images of a batch: those that are too few for one of their own go with those before them.</summary>
    public int CountOf(int batch) => batch == Batches - 1 ? Images - (batch * BatchSize) : BatchSize;

    /// <summary>A hash of all that a data set says of itself without its pixels.</summary>
    public static ulong MarkOf(ImageDataset dataset)
    {
        var mark = new StateChecksum();
        mark.Add((uint)dataset.Shape.Channels, (uint)dataset.Shape.Height);
        mark.Add((uint)dataset.Shape.Width, (uint)dataset.ClassCount);
        mark.Add((uint)dataset.Count, 0);
        for (var i = 0; dataset.ClassCount > 0 && i < dataset.Count; i++)
            mark.Add((uint)dataset.GetLabel(i), (uint)i);
        return mark.Value;
    }
}
