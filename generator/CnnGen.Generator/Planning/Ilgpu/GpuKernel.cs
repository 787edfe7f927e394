using System.Globalization;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>A number that a kernel is given at run time, after its views of memory.</summary>
internal enum GpuNumber
{
    /// <summary>The images of the batch.</summary>
    Count,

    /// <summary>Dropout's seed.</summary>
    Seed,
}

/// <summary>How many groups of threads a kernel takes.</summary>
/// <param name="Threads">Threads of a group.</param>
/// <param name="PerGroup">Items that a group does.</param>
/// <param name="PerImage">Items of one image.</param>
/// <param name="Once">Items beside those of images.</param>
/// <param name="Rows">Rows of groups, of which each does all items for something else: some filters, or some images' part of a sum.</param>
internal sealed record GpuGrid(int Threads, int PerGroup, long PerImage, long Once = 0, int Rows = 1)
{
    /// <summary>Threads of a group that share nothing.</summary>
    public const int ElementThreads = 128;

    /// <summary>A thread for each of some items an image.</summary>
    public static GpuGrid Each(long perImage) => new(ElementThreads, ElementThreads, perImage);

    /// <summary>A thread for each of some items, whatever the batch.</summary>
    public static GpuGrid EachOnce(long items) => new(ElementThreads, ElementThreads, 0, items);
}

/// <summary>
/// One kernel of emitted code with every size a literal. Kernels compare by value: layers with the same numbers launch the same method.
/// </summary>
internal abstract record GpuKernel
{
    /// <summary>What a kernel may be given, by what ILGPU can launch.</summary>
    public const int MostParameters = 14;

    /// <summary>What the method is called; kernels of one name but different numbers get a suffix.</summary>
    public abstract string Name { get; }

    /// <summary>The line above the method.</summary>
    public abstract string Comment { get; }

    /// <summary>The views of memory that it is given, in order, as its text names them.</summary>
    public abstract IReadOnlyList<string> Views { get; }

    /// <summary>The numbers that it is given after them.</summary>
    public virtual IReadOnlyList<GpuNumber> RunTimeNumbers => [GpuNumber.Count];

    public abstract GpuGrid Grid { get; }

    protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Names of further operands: <c>x1</c>, <c>x2</c>...</summary>
    protected static IEnumerable<string> Numbered(int count, int first = 0) => Enumerable.Range(first, count).Select(i => Text($"x{i}"));

    protected static string NameOf(Expression expression) => Activations.NameOf(expression) ?? "Pointwise";

    protected static string Describe(Expression expression) => Activations.NameOf(expression) ?? expression.ToString();
}

/// <summary>What a product does to each sum before it stores it.</summary>
/// <param name="HasBias">Whether a channel's bias is added first.</param>
/// <param name="Each">Of operand 0, the sum, and of the elements at the same place of further tensors, from 1.</param>
/// <param name="OperandStrides">How many floats the images of each further tensor are apart.</param>
internal sealed record GpuEpilogue(bool HasBias, Expression Each, EquatableArray<int> OperandStrides)
{
    public static GpuEpilogue None { get; } = new(false, Expression.X, []);

    public override string ToString() => (HasBias ? " + bias" : "")
        + (Each == Expression.X ? "" : Activations.NameOf(Each) is { } name ? " + " + name : ", " + Each);
}

/// <summary>How an expression reads an operand.</summary>
internal enum GpuOperandKind
{
    /// <summary>An element for each of the result's.</summary>
    Full,

    /// <summary>One for each channel of each image.</summary>
    ImageChannel,

    /// <summary>One for each channel, whatever the image.</summary>
    Channel,
}

/// <summary>An operand of an expression.</summary>
/// <param name="Kind">How it is read.</param>
/// <param name="ImageStride">Floats from an image to the next; 0 for those without images.</param>
internal readonly record struct GpuOperand(GpuOperandKind Kind, int ImageStride);
