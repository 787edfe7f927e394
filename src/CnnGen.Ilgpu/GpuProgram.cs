using ILGPU;

namespace CnnGen.Ilgpu;

/// <summary>What the passes of a model launch. Emitted code derives from it; a session calls it.</summary>
public abstract class GpuProgram
{
    /// <summary>The memory that it needs.</summary>
    public abstract GpuSizes Sizes { get; }

    /// <summary>Where each parameter lies, in the order of a weights file.</summary>
    public abstract GpuParameter[] Parameters { get; }

    /// <summary>The numbers that kernels look up: the same for all sessions, so that each uploads them once.</summary>
    public virtual ReadOnlySpan<float> Tables => [];

    /// <summary>Whether an output is a row for each region of an image, whose classes the loss compares, so that nothing can be wanted of an empty one.</summary>
    public virtual bool ComparesRegions => false;

    /// <summary>Computes what predictions need that follows from the parameters alone.</summary>
    /// <param name="memory">Where everything lies.</param>
    public abstract void Prepare(GpuMemory memory);

    /// <summary>Computes the scores of the images that were uploaded.</summary>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    public abstract void Predict(GpuMemory memory, int count);

    /// <summary>Computes the losses and the gradients of the images that were uploaded.</summary>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    /// <param name="seed">Decides which elements dropout zeros.</param>
    /// <exception cref="NotSupportedException">The model only predicts.</exception>
    public virtual void Train(GpuMemory memory, int count, ulong seed) => throw new NotSupportedException("The model was compiled with Passes.Predict: it has no training step.");

    /// <summary>How a kernel is launched: as many groups as its items fill, the last one perhaps in part, and so many rows of them.</summary>
    /// <param name="items">All items.</param>
    /// <param name="perGroup">Items that a group does.</param>
    /// <param name="rows">Rows of groups.</param>
    /// <param name="threads">Threads of a group.</param>
    protected static KernelConfig Groups(int items, int perGroup, int rows, int threads) =>
        new((int)(((long)items + perGroup - 1) / perGroup), rows, 1, threads, 1, 1);
}

/// <summary>The memory that a model needs on a GPU, in floats.</summary>
public readonly record struct GpuSizes
{
    /// <summary>An image.</summary>
    public long Image { get; init; }

    /// <summary>The regions of an image, four numbers each; 0 of a model that takes none.</summary>
    public long Regions { get; init; }

    /// <summary>The scores of an image.</summary>
    public long Scores { get; init; }

    /// <summary>The losses of an image, one for each pixel of each output.</summary>
    public long Losses { get; init; }

    /// <summary>All parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>The parameters that train; 0 of a model that only predicts.</summary>
    public long Trained { get; init; }

    /// <summary>What layers compute of an image.</summary>
    public long PerImage { get; init; }

    /// <summary>What is there once, whatever the batch.</summary>
    public long Once { get; init; }

    /// <summary>The numbers that kernels look up.</summary>
    public long Tables { get; init; }

    /// <summary>The longest tensor of an image: its length times the batch is what an index reaches.</summary>
    public long LargestPerImage { get; init; }

    /// <summary>The bytes of a session for batches of so many images: the images and their regions, targets and scores, what layers compute, the parameters, where they train their gradients, and the numbers that kernels look up.</summary>
    public long BytesFor(int batch) => sizeof(float) * (batch * BytesPerImage / sizeof(float) + Parameters + Trained + Once + Tables);

    /// <summary>The most images of a batch for so many bytes; 0 where there is too little for any.</summary>
    public int LargestBatch(long bytes) =>
        (int)Math.Clamp((bytes - BytesFor(0)) / Math.Max(1, BytesPerImage), 0, LargestPerImage == 0 ? int.MaxValue : int.MaxValue / LargestPerImage);

    private long BytesPerImage => sizeof(float) * (Image + Regions + Scores + PerImage + (Trained > 0 ? Image + Scores + Losses : 0));
}

/// <summary>Where a parameter lies in a GPU's memory, in the order in which a weights file has its numbers.</summary>
/// <param name="Name">PyTorch's name: <c>conv1.weight</c>.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Length">Its floats.</param>
public readonly record struct GpuParameter(string Name, int Offset, int Length);
