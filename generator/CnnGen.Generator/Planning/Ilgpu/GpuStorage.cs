namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>
/// How one image's tensor lies on a GPU: C x H x W without gaps, the images one after the other. A part of a larger tensor (some channels of it) lies the same way, but that its images are
/// further apart than they are long.
/// </summary>
/// <param name="Channels">Planes, or features of a vector.</param>
/// <param name="Height">Rows of a plane.</param>
/// <param name="Width">Columns of a plane.</param>
/// <param name="ImageStride">Floats from an image to the next.</param>
internal readonly record struct GpuStorage(int Channels, int Height, int Width, int ImageStride)
{
    public int Pixels => Height * Width;

    /// <summary>Floats of one image.</summary>
    public int Length => Channels * Pixels;

    /// <summary>Whether the images follow one another without gaps.</summary>
    public bool IsDense => ImageStride == Length;

    /// <summary>A tensor that lies by itself.</summary>
    public static GpuStorage Of(TensorShape shape) => new(shape.Channels, shape.Height, shape.Width, checked((int)shape.Length));

    /// <summary>As comments say it: <c>6x28x28</c>, or <c>120</c> of a vector.</summary>
    public override string ToString() => Height == 1 && Width == 1 ? Numbers.Print(Channels) : TensorShape.Map(Channels, Height, Width).ToString();
}

/// <summary>A convolution's numbers. A dense layer is one of 1x1 over a map of one pixel.</summary>
/// <param name="Input">What is convolved.</param>
/// <param name="Output">What comes of it.</param>
/// <param name="Groups">Groups of channels, each with filters of its own.</param>
/// <param name="Kernel">Rows and columns of taps.</param>
/// <param name="Stride">Input pixels from one output pixel to the next.</param>
/// <param name="Dilation">Input pixels from one tap to the next.</param>
/// <param name="Padding">Zeros before the first row and column (may be negative: then rows and columns are left out).</param>
internal sealed record GpuConvolution(GpuStorage Input, GpuStorage Output, int Groups, Size2 Kernel, Size2 Stride, Size2 Dilation, Size2 Padding)
{
    /// <summary>Channels that one filter reads.</summary>
    public int Channels => Input.Channels / Groups;

    /// <summary>Filters of one group.</summary>
    public int Filters => Output.Channels / Groups;

    public int Taps => Kernel.Height * Kernel.Width;

    /// <summary>Products that one output sums.</summary>
    public int Depth => Channels * Taps;

    /// <summary>Whether an output pixel reads the input's pixel at its own place and no other.</summary>
    public bool IsPointwise => Taps == 1 && Stride == Size2.One && Padding == Size2.Zero && Input.Height == Output.Height && Input.Width == Output.Width;

    /// <summary>Whether every tap of every window lies within the map.</summary>
    public bool IsInside => IsInsideAlong(Padding.Height, Output.Height, Stride.Height, Dilation.Height, Kernel.Height, Input.Height)
        && IsInsideAlong(Padding.Width, Output.Width, Stride.Width, Dilation.Width, Kernel.Width, Input.Width);

    /// <summary>Whether groups have so few filters that a tile of them would be empty for the most part.</summary>
    public bool IsNarrow => Groups > 1 && (Filters < 8 || Channels < 8);

    private static bool IsInsideAlong(int padding, int output, int stride, int dilation, int kernel, int input) =>
        padding <= 0 && ((output - 1) * stride) - padding + (dilation * (kernel - 1)) < input;

    public override string ToString()
    {
        if (IsPointwise && Input.Pixels == 1)
            return $"{Input} -> {Output}";
        var text = $"{Kernel}";
        if (Stride != Size2.One)
            text += " stride " + Stride;
        if (Dilation != Size2.One)
            text += " dilation " + Dilation;
        if (Padding != Size2.Zero)
            text += " padding " + Padding;
        if (Groups > 1)
            text += " in " + Numbers.Print(Groups) + " groups";
        return $"{text}, {Input} -> {Output}";
    }
}
