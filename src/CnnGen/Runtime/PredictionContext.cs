namespace CnnGen.Runtime;

/// <summary>What a prediction's emitted code works on.</summary>
public unsafe struct PredictionContext
{
    /// <summary>Count images, C x H x W floats each.</summary>
    public float* Images;

    /// <summary>The regions of each image, four floats each; null where the model takes none.</summary>
    public float* Regions;

    /// <summary>Receives count x outputs.</summary>
    public float* Scores;

    /// <summary>The parameters.</summary>
    public float* Parameters;

    /// <summary>What follows from the parameters alone, once for all workers; null where the model needs none.</summary>
    public float* Prepared;

    /// <summary>Working memory, a copy for each worker.</summary>
    public float* Arena;

    /// <summary>Buffers that each image of the batch has a copy of, <see cref="Capacity"/> copies each.</summary>
    public float* Batch;

    /// <summary>Images to predict.</summary>
    public int Count;

    /// <summary>Images that the batch's buffers have room for.</summary>
    public int Capacity;

    /// <summary>Images that a thread takes at a time.</summary>
    public int Block;

    /// <summary>Arenas: threads that may take part.</summary>
    public int Workers;

    /// <summary>The image that all threads work on, where they share one.</summary>
    public int Image;
}
