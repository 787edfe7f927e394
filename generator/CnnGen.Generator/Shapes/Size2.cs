using System.Globalization;

namespace CnnGen.Generator.Shapes;

/// <summary>A number for the height and one for the width: a kernel, stride, padding or dilation.</summary>
internal readonly record struct Size2(int Height, int Width)
{
    public static Size2 One { get; } = new(1, 1);

    public static Size2 Zero { get; }

    public static Size2 Square(int size) => new(size, size);

    /// <summary>As messages print it: <c>3x3</c>.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}x{1}", Height, Width);
}
