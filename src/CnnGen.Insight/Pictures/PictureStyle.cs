using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>How grids of pictures are drawn.</summary>
public sealed record PictureStyle
{
    /// <summary>For light paper: white, with dark text.</summary>
    public static PictureStyle Light { get; } = new();

    /// <summary>For dark paper.</summary>
    public static PictureStyle Dark { get; } = new() { Background = Rgb.Parse(SvgText.DarkPaper), Ink = Rgb.Parse(SvgText.DarkInk), Line = new Rgb(96, 100, 110) };

    /// <summary>The paper's colour.</summary>
    public Rgb Background { get; init; } = Rgb.White;

    /// <summary>The text's colour.</summary>
    public Rgb Ink { get; init; } = Rgb.Parse(SvgText.Ink);

    /// <summary>The colour of the frames around the cells, which keep a white map apart from white paper.</summary>
    public Rgb Line { get; init; } = new(150, 154, 164);

    /// <summary>Pixels for one element of a map, 1 or more; 0 chooses it, so that a cell is about 64 pixels wide.</summary>
    public int Scale { get; init; }

    /// <summary>Cells of a row, 1 or more; 0 makes the grid about as wide as high.</summary>
    public int Columns { get; init; }

    /// <summary>Pixels between cells, 0 or more.</summary>
    public int Gap { get; init; } = 4;

    /// <summary>The scale for cells of a width: <see cref="Scale"/>, or where that is 0 the one that makes them about 64 pixels wide.</summary>
    /// <param name="width">Columns of a cell, 1 or more.</param>
    public int ScaleFor(int width) => Scale > 0 ? Scale : Math.Max(1, (64 + (width / 2)) / width);
}
