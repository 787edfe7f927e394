using System.Globalization;

namespace CnnGen.Insight;

/// <summary>A rectangle of an image.</summary>
/// <param name="Top">Its first row; below 0 where the field begins in the padding.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageArea(int Top, int Left, int Height, int Width)
{
    /// <summary>The part of it that lies within an image.</summary>
    /// <param name="shape">The image's shape.</param>
    public ImageArea Within(ImageShape shape)
    {
        var (top, left) = (Math.Clamp(Top, 0, shape.Height), Math.Clamp(Left, 0, shape.Width));
        return new ImageArea(top, left, Math.Clamp(Top + Height, 0, shape.Height) - top, Math.Clamp(Left + Width, 0, shape.Width) - left);
    }
}

/// <summary>
/// What part of the image an element of a layer sees: by the windows of the layers before it, from the model's table. Where one of them has no window and another size than its input (a dense layer, uneven parts, a
/// layer that enlarges its input), it is the whole image: never less than what has a gradient.
/// </summary>
public sealed class ReceptiveFields
{
    private readonly ModelSummary _summary;
    private readonly (int Height, int Width)[] _sizes;

    /// <summary>Of a model: <c>new ReceptiveFields(Net.Summary)</c>.</summary>
    /// <param name="summary">The model's table.</param>
    /// <exception cref="ArgumentException">A shape of the table can't be read.</exception>
    public ReceptiveFields(ModelSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        _summary = summary;
        _sizes = new (int, int)[summary.Layers.Count + 1];
        _sizes[0] = (summary.InputShape.Height, summary.InputShape.Width);
        for (var i = 1; i < _sizes.Length; i++)
            _sizes[i] = LayerShapes.Read(summary.Layers[i - 1]) is var shape ? (shape.Height, shape.Width) : default;
    }

    /// <summary>The area of the image that an element sees; it may reach into the padding (<see cref="ImageArea.Within"/> cuts that off).</summary>
    /// <param name="layer">The layer's place, from 1.</param>
    /// <param name="y">The element's row.</param>
    /// <param name="x">The element's column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or element.</exception>
    public ImageArea Of(int layer, int y, int x)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layer, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layer, _summary.Layers.Count);
        var (height, width) = _sizes[layer];
        if ((uint)y >= (uint)height || (uint)x >= (uint)width)
            throw new ArgumentOutOfRangeException(nameof(y), string.Create(CultureInfo.InvariantCulture, $"{_summary.Layers[layer - 1].Name} has {height} x {width} elements a map: there is no ({y}, {x})."));

        // From the layer to the image, of each layer what is seen of its output.
        var seen = new (Span Rows, Span Columns)?[layer + 1];
        seen[layer] = (new Span(y, y), new Span(x, x));
        for (var i = layer; i > 0; i--)
        {
            if (seen[i] is not { } part)
                continue;
            foreach (var input in _summary.InputsOf(i))
            {
                var before = Before(i, input, part.Rows, part.Columns);
                seen[input] = seen[input] is { } other ? (other.Rows.Union(before.Rows), other.Columns.Union(before.Columns)) : before;
            }
        }

        var (rows, columns) = seen[0] ?? default;
        return new ImageArea(rows.First, columns.First, rows.Last - rows.First + 1, columns.Last - columns.First + 1);
    }

    private (Span Rows, Span Columns) Before(int layer, int input, Span rows, Span columns)
    {
        var (height, width) = _sizes[input];
        if (_summary.Layers[layer - 1].Window is { } window)
        {
            var seen = (
                Rows: new Span((rows.First * window.StrideHeight) - window.Top, (rows.Last * window.StrideHeight) - window.Top + window.Height - 1),
                Columns: new Span((columns.First * window.StrideWidth) - window.Left, (columns.Last * window.StrideWidth) - window.Left + window.Width - 1));

            // The padding of a map within the network shows nothing of the image.
            return input == 0 ? seen : (seen.Rows.Within(height), seen.Columns.Within(width));
        }

        return _sizes[layer] == (height, width) ? (rows, columns) : (new Span(0, height - 1), new Span(0, width - 1));
    }

    private readonly record struct Span(int First, int Last)
    {
        public Span Within(int length) => new(Math.Clamp(First, 0, length - 1), Math.Clamp(Last, 0, length - 1));

        public Span Union(Span other) => new(Math.Min(First, other.First), Math.Max(Last, other.Last));
    }
}
