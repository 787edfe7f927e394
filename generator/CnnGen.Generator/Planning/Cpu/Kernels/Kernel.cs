using System.Globalization;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// One method of emitted code with every size a literal. Kernels compare by value: layers with the same numbers call the same method.
/// </summary>
internal abstract record Kernel
{
    /// <summary>What the method is called; kernels of one name but different numbers get a suffix.</summary>
    public abstract string Name { get; }

    /// <summary>The line above the method: the layer's shapes and the algorithm.</summary>
    public abstract string Comment { get; }

    /// <summary>Whether the method computes a range of independent units, so that threads can share one call: its last arguments then are the range, from and to.</summary>
    public virtual bool HasUnits => false;

    /// <summary>How many units one call has; of some kernels that depends on the tile, and so on the instruction set.</summary>
    /// <param name="lanes">Floats of a vector.</param>
    public virtual int UnitsFor(int lanes) => throw new InvalidOperationException($"{GetType().Name} has no units.");

    /// <summary>The number of units, where all instruction sets have the same; otherwise null.</summary>
    public int? CommonUnits()
    {
        var numbers = Tiling.VectorLanes.Select(UnitsFor).Distinct().ToList();
        return numbers.Count == 1 ? numbers[0] : null;
    }

    /// <summary>Neighbouring units that have work in common, so that one thread does better to compute them all.</summary>
    public virtual int UnitsTogether => 1;

    /// <summary>What threads that share one image's call do one after the other, each phase when all are done with the one before; none where the call is one.</summary>
    public virtual IReadOnlyList<KernelPhase> Phases => [];

    /// <summary>Multiply-adds of one call (of one row, for products): what says whether sharing it among threads pays.</summary>
    public virtual long MultiplyAdds => 0;

    protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One of the phases into which threads that share a call cut it.</summary>
/// <param name="Name">What its method is called, after the kernel's name.</param>
/// <param name="FirstArgument">The first of the kernel's arguments that it takes.</param>
/// <param name="Arguments">How many of them it takes. What hands one phase's results to the next comes after them, and what a thread uses for itself.</param>
/// <param name="Units">Its independent units, of which a thread takes one or more at a time; null for the kernel's own.</param>
internal sealed record KernelPhase(string Name, int FirstArgument, int Arguments, int? Units = null);

/// <summary>The taps of a convolution over a stored input.</summary>
/// <param name="Kernel">Rows and columns of taps.</param>
/// <param name="Stride">Input pixels from one output pixel to the next.</param>
/// <param name="Dilation">Input pixels from one tap to the next.</param>
/// <param name="Padding">Zeros before the first row and column (may be negative: then rows and columns are left out).</param>
internal sealed record Taps(Size2 Kernel, Size2 Stride, Size2 Dilation, Size2 Padding)
{
    public int Count => Kernel.Height * Kernel.Width;

    /// <summary>Where the first tap of the first output pixel lies in the input's memory.</summary>
    public int Start(Storage input) =>
        input.Origin - (Padding.Height * input.RowStride) - (Padding.Width * input.PixelStride);

    /// <summary>The halo that a tensor needs to be read by these taps for an output of this size.</summary>
    public Halo Halo(int height, int width, int outputHeight, int outputWidth) => new(
        Math.Max(0, Padding.Height),
        Math.Max(0, Padding.Width),
        Math.Max(0, ((outputHeight - 1) * Stride.Height) + (Dilation.Height * (Kernel.Height - 1)) + 1 - Padding.Height - height),
        Math.Max(0, ((outputWidth - 1) * Stride.Width) + (Dilation.Width * (Kernel.Width - 1)) + 1 - Padding.Width - width));

    /// <summary>Whether every window lies within the map that they slide over.</summary>
    public bool IsInside(Storage input, Storage output) =>
        Padding == Size2.Zero && Halo(input.Height, input.Width, output.Height, output.Width) == default;

    /// <summary>
    /// The taps of the input's gradient for a stride of 1: the same kernel turned by 180 degrees, with the padding that restores the input's size.
    /// </summary>
    public Taps Transposed() => this with
    {
        Padding = new Size2(
            (Dilation.Height * (Kernel.Height - 1)) - Padding.Height,
            (Dilation.Width * (Kernel.Width - 1)) - Padding.Width),
    };

    public override string ToString()
    {
        FormattableString text = $"{Kernel}";
        var result = text.ToString(CultureInfo.InvariantCulture);
        if (Stride != Size2.One)
            result += " stride " + Stride;
        if (Dilation != Size2.One)
            result += " dilation " + Dilation;
        if (Padding != Size2.Zero)
            result += " padding " + Padding;
        return result;
    }
}
