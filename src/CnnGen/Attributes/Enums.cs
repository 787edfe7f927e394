namespace CnnGen;

/// <summary>What happens where a window doesn't fit its input a whole number of times.</summary>
public enum Rounding
{
    /// <summary>A compiler error where input would be ignored. Nothing is said where only zero padding would.</summary>
    Exact,

    /// <summary>The last rows and columns, which no whole window covers, are ignored.</summary>
    Floor,

    /// <summary>One more window, which reaches past the padded input: the rule of Caffe's poolings.</summary>
    Ceiling,
}

/// <summary>How the callers of a model have images, outputs that are maps, and what is wanted of these.</summary>
public enum Layout
{
    /// <summary>C x H x W: a plane for each channel, as PyTorch has them. The default.</summary>
    ChannelsFirst,

    /// <summary>H x W x C: the channels of a pixel one after the other, as image decoders and TensorFlow have them.</summary>
    ChannelsLast,
}

/// <summary>Which algorithms the compiler may choose for a model (see docs/kernels.md for their errors).</summary>
public enum Precision
{
    /// <summary>Also those whose rounding errors are up to three times the direct form's: Winograd's F(4x4, 3x3). The default.</summary>
    Fast,

    /// <summary>Only those whose rounding errors are no larger than the direct form's.</summary>
    Full,
}

/// <summary>What is emitted of a model.</summary>
[Flags]
public enum Passes
{
    /// <summary>Predictions.</summary>
    Predict = 1,

    /// <summary>
    /// Training: the forward pass with dropout and batch statistics, the loss, the backward pass and its kernels, memory for gradients. The class is then an
    /// <see cref="ITrainableModel{TSelf}"/>, which <see cref="Trainer{TModel}"/> asks for.
    /// </summary>
    Train = 2,

    /// <summary>
    /// What each layer computes when predicting, and gradients by all of it from any layer on, for looking into a network. The class is then an
    /// <see cref="IExplainableModel{TSelf}"/> and has <c>Inspect</c>. Predictions are as fast as without.
    /// </summary>
    Explain = 4,
}

/// <summary>What a model is emitted for.</summary>
[Flags]
public enum Targets
{
    /// <summary>The processor: always there.</summary>
    Cpu = 1,

    /// <summary>GPUs as well, by kernels of the same network for ILGPU: CUDA, OpenCL, and ILGPU's simulation on the processor.</summary>
    Ilgpu = 2,
}

/// <summary>How a convolution is computed. The result is the same up to rounding.</summary>
public enum ConvAlgorithm
{
    /// <summary>The compiler chooses.</summary>
    Auto,

    /// <summary>The direct form, which reads its input where it lies.</summary>
    Direct,

    /// <summary>The input is unrolled into a matrix, which a packed matrix product multiplies.</summary>
    Im2Col,

    /// <summary>
    /// Winograd's F(2x2, 3x3) or F(2x2, 5x5): 2.25 or 2.8 times fewer multiplications, as exact as the direct form. For 3x3 and 5x5 kernels with stride 1, dilation 1 and one group.
    /// </summary>
    Winograd2x2,

    /// <summary>
    /// Winograd's F(4x4, 3x3): 4 times fewer multiplications, and up to three times the direct form's rounding error (docs/kernels.md has the measurements). For 3x3 kernels with stride 1, dilation 1 and one group.
    /// </summary>
    Winograd4x4,
}
