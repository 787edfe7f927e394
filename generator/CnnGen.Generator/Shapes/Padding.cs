using System.Globalization;

namespace CnnGen.Generator.Shapes;

/// <summary>Rows and columns of padding on each side of a map.</summary>
internal readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>The same on opposite sides.</summary>
    public Padding(int height, int width)
        : this(height, width, height, width)
    {
    }

    public static Padding None { get; }

    /// <summary>Above and to the left: where the first window begins.</summary>
    public Size2 Start => new(Top, Left);

    /// <summary>Below and to the right.</summary>
    public Size2 End => new(Bottom, Right);

    /// <summary>Whether opposite sides have the same.</summary>
    public bool IsSymmetric => Start == End;

    /// <summary>Along the height.</summary>
    public Sides Rows => new(Top, Bottom);

    /// <summary>Along the width.</summary>
    public Sides Columns => new(Left, Right);

    public static Padding Of(Sides rows, Sides columns) => new(rows.Start, columns.Start, rows.End, columns.End);

    /// <summary>The same above and below, and left and right.</summary>
    public static implicit operator Padding(Size2 each) => new(each.Height, each.Width);

    /// <summary>No more than some on each side.</summary>
    public Padding AtMost(Size2 most) =>
        new(Math.Min(Top, most.Height), Math.Min(Left, most.Width), Math.Min(Bottom, most.Height), Math.Min(Right, most.Width));

    /// <summary>As Summary prints it: <c>2x2</c>, or of sides that differ <c>0+1x0+1</c>, each axis's start and end.</summary>
    public override string ToString() => IsSymmetric
        ? Start.ToString()
        : string.Format(CultureInfo.InvariantCulture, "{0}+{1}x{2}+{3}", Top, Bottom, Left, Right);
}

/// <summary>Padding along one axis, before the first element and after the last.</summary>
internal readonly record struct Sides(int Start, int End)
{
    /// <summary>A long: two sides may be more than an int holds.</summary>
    public long Sum => (long)Start + End;

    public bool IsSymmetric => Start == End;
}
