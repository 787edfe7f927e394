namespace CnnGen.Insight;

/// <summary>Puts pictures of one size into rows and columns, each with its label, below a title.</summary>
public static class PictureGrid
{
    private const int LabelHeight = PixelFont.Height + 2;

    /// <summary>Draws a grid.</summary>
    /// <param name="cells">The pictures, from left to right and from top to bottom; all of one size; 1 or more.</param>
    /// <param name="title">A line above them, of which several parts by <c>\n</c>; empty for none.</param>
    /// <param name="labels">A label a picture, cut to the cell's width; null for none.</param>
    /// <param name="style">Paper, columns, gaps; the pictures are drawn as they are, whatever its scale. Null for <see cref="PictureStyle.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no picture, they differ in size, or there are not as many labels.</exception>
    public static Picture Of(IReadOnlyList<Picture> cells, string title = "", IReadOnlyList<string>? labels = null, PictureStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(title);
        style ??= PictureStyle.Light;
        if (cells.Count == 0)
            throw new ArgumentException("A grid needs a picture at least, but there is none.", nameof(cells));
        var (width, height) = (cells[0].Width, cells[0].Height);
        for (var i = 1; i < cells.Count; i++)
        {
            if (cells[i].Width != width || cells[i].Height != height)
                throw new ArgumentException(FormattableString.Invariant($"Picture {i} of a grid has {cells[i].Width} x {cells[i].Height} pixels, but picture 0 has {width} x {height}. All have to be of one size."), nameof(cells));
        }

        if (labels is not null && labels.Count != cells.Count)
            throw new ArgumentException(FormattableString.Invariant($"There are {cells.Count} pictures, but {labels.Count} labels."), nameof(labels));

        ArgumentOutOfRangeException.ThrowIfNegative(style.Columns, nameof(style));
        ArgumentOutOfRangeException.ThrowIfNegative(style.Gap, nameof(style));
        var (cellWidth, cellHeight) = (width + 2 + style.Gap, height + 2 + style.Gap + (labels is null ? 0 : LabelHeight));
        var columns = Math.Min(cells.Count, style.Columns > 0 ? style.Columns : (int)Math.Ceiling(Math.Sqrt(cells.Count * (double)cellHeight / cellWidth)));
        var rows = (cells.Count + columns - 1) / columns;
        var lines = title.Length == 0 ? [] : title.Split('\n');
        var margin = Math.Max(6, style.Gap);
        var top = margin + (lines.Length * LabelHeight) + (lines.Length > 0 ? 4 : 0);
        var wide = Math.Max((columns * cellWidth) - style.Gap, lines.Length == 0 ? 0 : lines.Max(line => PixelFont.WidthOf(line)));
        var picture = new Picture(wide + (2 * margin), top + (rows * cellHeight) - style.Gap + margin, style.Background);
        for (var i = 0; i < lines.Length; i++)
            picture.Write(lines[i], margin, margin + (i * LabelHeight), style.Ink);
        for (var i = 0; i < cells.Count; i++)
        {
            var (x, y) = (margin + (i % columns * cellWidth), top + (i / columns * cellHeight));
            picture.Frame(x, y, width + 2, height + 2, style.Line);
            picture.Draw(cells[i], x + 1, y + 1);
            if (labels is not null)
                picture.Write(Cut(labels[i], width + 2), x, y + height + 4, style.Ink);
        }

        return picture;
    }

    private static string Cut(string label, int width)
    {
        var most = Math.Max(1, (width + 1) / PixelFont.Advance);
        return label.Length <= most ? label : most > 2 ? label[..(most - 2)] + ".." : label[..most];
    }
}
