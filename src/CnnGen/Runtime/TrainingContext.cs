namespace CnnGen.Runtime;

/// <summary>What a training step's emitted code works on: memory, and the numbers that are known at run time only.</summary>
public unsafe struct TrainingContext
{
    /// <summary>Count images, C x H x W floats each.</summary>
    public float* Images;

    /// <summary>The regions of each image, four floats each; null where the model takes none.</summary>
    public float* Regions;

    /// <summary>Count x outputs: what is wanted.</summary>
    public float* Targets;

    /// <summary>Receives count x outputs; null where nobody asked.</summary>
    public float* Scores;

    /// <summary>Receives the loss's gradient by the images; null where nobody asked.</summary>
    public float* ImageGradients;

    /// <summary>The parameters.</summary>
    public float* Parameters;

    /// <summary>Receives the trained parameters' gradients.</summary>
    public float* Gradients;

    /// <summary>Buffers that each image has a copy of, <see cref="Capacity"/> copies each.</summary>
    public float* ImageBuffers;

    /// <summary>Buffers that each worker has a copy of.</summary>
    public float* WorkerBuffers;

    /// <summary>Buffers that each chunk has a copy of.</summary>
    public float* ChunkBuffers;

    /// <summary>Buffers that there are once.</summary>
    public float* SharedBuffers;

    /// <summary>Receives each image's loss.</summary>
    public double* Losses;

    /// <summary>Images in the batch.</summary>
    public int Count;

    /// <summary>Images that the buffers have room for.</summary>
    public int Capacity;

    /// <summary>Images in a chunk; the last one may have fewer.</summary>
    public int ChunkSize;

    /// <summary>Chunks in the batch.</summary>
    public int ChunkCount;

    /// <summary>Copies of the worker buffers: threads that may take part.</summary>
    public int Workers;

    /// <summary>Decides dropout's masks.</summary>
    public ulong DropoutSeed;

    /// <summary>When layers are inspected: the last one that is wanted; those after it are left out.</summary>
    public int Last;

    /// <summary>When layers are inspected: the layer whose output is read, or by which the gradient is given.</summary>
    public int Layer;

    /// <summary>The floats of what <see cref="Layer"/> computes of one image.</summary>
    public int LayerLength;

    /// <summary>Count x <see cref="LayerLength"/>: the gradient that a caller begins with.</summary>
    public float* Seed;

    /// <summary>Receives count x <see cref="LayerLength"/> floats: what a layer computes, or the gradient by it.</summary>
    public float* Result;

    /// <summary>How gradients pass ReLUs when layers are inspected.</summary>
    public RectifierRule Rule;
}
