namespace CnnGen.Generator.Shapes;

/// <summary>What happens where a window doesn't fit a whole number of times.</summary>
internal enum Rounding
{
    /// <summary>An error where input would be ignored; nothing is said where only padding would.</summary>
    Exact,

    /// <summary>The last rows and columns that no window covers are ignored.</summary>
    Floor,

    /// <summary>One more window, which reaches past the padded input (Caffe's rule for pooling).</summary>
    Ceiling,
}

/// <summary>A window that slides over a map: the one rule of convolutions and poolings.</summary>
internal sealed record Window(Size2 Kernel, Size2 Stride, Padding Padding, Size2 Dilation, Rounding Rounding)
{
    /// <summary>One pixel at a time.</summary>
    public static Window One { get; } = new(Size2.One, Size2.One, Size2.Zero, Size2.One, Rounding.Exact);

    /// <summary>The extent of the kernel with its dilation, in input pixels.</summary>
    public Size2 Extent => new(
        (Dilation.Height * (Kernel.Height - 1)) + 1,
        (Dilation.Width * (Kernel.Width - 1)) + 1);

    /// <summary>The output's height and width; the input must have been checked by <see cref="WindowRules.Check"/>.</summary>
    public Size2 Output(TensorShape input) => new(
        OutputAlong(input.Height, Extent.Height, Stride.Height, Padding.Rows),
        OutputAlong(input.Width, Extent.Width, Stride.Width, Padding.Columns));

    /// <summary>As Summary prints it, without what is as usual: <c>5x5, padding 2x2</c>.</summary>
    public string Print()
    {
        var text = Kernel.ToString();
        if (Stride != Size2.One)
            text += ", stride " + Stride;
        if (Padding != Padding.None)
            text += ", padding " + Padding;
        if (Dilation != Size2.One)
            text += ", dilation " + Dilation;
        return text;
    }

    private int OutputAlong(int input, int extent, int stride, Sides padding)
    {
        var room = input + padding.Start + padding.End - extent;
        var output = (room / stride) + 1;

        // A window that would start past the input and its left padding sees nothing, so Ceiling adds none there.
        if (Rounding == Rounding.Ceiling && room % stride != 0 && (long)output * stride < (long)input + padding.Start)
            output++;
        return output;
    }
}
