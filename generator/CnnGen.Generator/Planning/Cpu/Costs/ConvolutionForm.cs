using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Costs;

/// <summary>The algorithm of a convolution.</summary>
internal enum ConvolutionForm
{
    /// <summary>Vectors over filters: direct, or by Winograd's algorithm over weights that are transformed from the same packing.</summary>
    Pixels,

    /// <summary>Direct, vectors along the width.</summary>
    Planar,

    /// <summary>One filter a channel, vectors over channels.</summary>
    Depthwise,

    /// <summary>Unrolled windows times packed weights.</summary>
    Im2Col,
}

/// <summary>Everything that is decided about one convolution.</summary>
internal static class ConvolutionPlanning
{
    public static ConvolutionForm FormOf(ConvolutionSpec spec, int channels, StorageKind input)
    {
        // Groups stay direct: their unrolled windows would be multiplied by blocks that are mostly zero.
        if (spec.Algorithm == ConvAlgorithm.Im2Col && spec.Groups == 1)
            return ConvolutionForm.Im2Col;
        if (spec.Algorithm is ConvAlgorithm.Winograd2x2 or ConvAlgorithm.Winograd4x4)
            return ConvolutionForm.Pixels;
        var isUnitStride = spec.Window.Stride == Size2.One;
        if (input == StorageKind.Planar && isUnitStride && (spec.Filters < Storage.Lanes || spec.Groups > 1))
            return ConvolutionForm.Planar;
        if (input == StorageKind.Pixels && spec.Groups == channels && spec.Groups == spec.Filters && spec.Groups > 1)
            return ConvolutionForm.Depthwise;
        return ConvolutionForm.Pixels;
    }

    public static StorageKind OutputKind(ConvolutionForm form) =>
        form == ConvolutionForm.Planar ? StorageKind.Planar : StorageKind.Pixels;

    public static Taps TapsOf(Window window) => new(window.Kernel, window.Stride, window.Dilation, window.Padding.Start);

    public static PackedWeights WeightsOf(ConvolutionForm form, ConvolutionSpec spec, int channels, StorageKind input) => form switch
    {
        ConvolutionForm.Planar => WeightPacking.Broadcast(spec.Filters, channels, spec.Groups, spec.Window.Kernel),
        ConvolutionForm.Depthwise => WeightPacking.Depthwise(channels, spec.Window.Kernel),
        _ => WeightPacking.Blocked(spec.Filters, channels, spec.Groups, spec.Window.Kernel, input),
    };

    /// <summary>Whether the input's gradient is the forward kernel over turned weights, reading the output's gradient with a halo of its own.</summary>
    public static bool GradientReadsHalo(ConvolutionForm form, ConvolutionSpec spec, StorageKind input) =>
        form == ConvolutionForm.Pixels && input == StorageKind.Pixels && spec.Window.Stride == Size2.One;
}
