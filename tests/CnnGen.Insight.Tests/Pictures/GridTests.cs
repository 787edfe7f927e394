namespace CnnGen.Insight.Tests.Pictures;

/// <summary>Filters, feature maps and overlays.</summary>
public sealed class GridTests
{
    [Fact]
    public void A_grid_has_each_picture_once_in_its_place_within_a_frame()
    {
        var cells = Enumerable.Range(1, 5).Select(i => new Picture(8, 8, Rgb.Grey((byte)(40 * i)))).ToList();
        var grid = PictureGrid.Of(cells, "five", ["a", "b", "c", "d", "a very long label"], new PictureStyle { Columns = 2, Gap = 4 });

        foreach (var (cell, index) in cells.Select((cell, index) => (cell, index)))
        {
            var color = cell[0, 0];
            var at = Enumerable.Range(0, grid.Width * grid.Height).Where(i => grid[i % grid.Width, i / grid.Width] == color).ToList();
            Assert.Equal(64, at.Count);
            var (x, y) = (at[0] % grid.Width, at[0] / grid.Width);
            Assert.Equal(PictureStyle.Light.Line, grid[x - 1, y - 1]);
            Assert.Equal(6 + 1 + (index % 2 * 14), x);
        }

        Assert.Equal(PictureStyle.Dark.Background, PictureGrid.Of(cells, style: PictureStyle.Dark)[0, 0]);
        Assert.Contains("Picture 1 of a grid has 7 x 8 pixels, but picture 0 has 8 x 8", Assert.Throws<ArgumentException>(() => PictureGrid.Of([cells[0], new Picture(7, 8, Rgb.Black)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PictureGrid.Of([]));
        Assert.Throws<ArgumentException>(() => PictureGrid.Of(cells, labels: ["one"]));
    }

    [Fact]
    public void Filters_over_three_channels_are_in_colour_with_zero_in_the_middle()
    {
        // Red above zero, green zero, blue below; and a filter of a tenth of its size.
        float[] weights = [1, 0, -1, 0.1f, 0, -0.1f];
        var each = MapPictures.Filters(weights, 2, 3, 1, 1, "Conv1", style: new PictureStyle { Scale = 1, Columns = 2 });
        var joint = MapPictures.Filters(weights, 2, 3, 1, 1, "Conv1", MapScaling.Joint, new PictureStyle { Scale = 1, Columns = 2 });

        Assert.Equal(2, Count(each, new Rgb(255, 128, 0)));
        Assert.Equal(1, Count(joint, new Rgb(255, 128, 0)));
        Assert.Equal(1, Count(joint, new Rgb(140, 128, 115)));
    }

    [Fact]
    public void Other_filters_have_a_map_for_each_channel()
    {
        var weights = new float[2 * 4 * 9];
        weights[0] = 2;
        weights[^1] = -1;
        var grid = MapPictures.Filters(weights, 2, 4, 3, 3, style: new PictureStyle { Scale = 1 });

        Assert.Equal(1, Count(grid, ColorMap.Diverging[1]));
        Assert.Equal(1, Count(grid, ColorMap.Diverging[0]));
        Assert.Equal((2 * 4 * 9) - 2, Count(grid, ColorMap.Diverging[0.5]));
        Assert.Contains("2x4x3x3 are 72 numbers, but 71 were given", Assert.Throws<ArgumentException>(() => MapPictures.Filters(weights.AsSpan(1), 2, 4, 3, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Feature_maps_are_sequential_unless_a_number_is_below_zero()
    {
        var style = new PictureStyle { Scale = 1 };
        var positive = MapPictures.FeatureMaps([0, 1, 0, 8], new ImageShape(2, 1, 2), style: style);
        var joint = MapPictures.FeatureMaps([0, 1, 0, 8], new ImageShape(2, 1, 2), scaling: MapScaling.Joint, style: style);
        var signed = MapPictures.FeatureMaps([0, -1, 0, 8], new ImageShape(2, 1, 2), style: style);

        Assert.Equal((2, 2), (Count(positive, ColorMap.Sequential[1]), Count(positive, ColorMap.Sequential[0])));
        Assert.Equal((1, 1), (Count(joint, ColorMap.Sequential[1]), Count(joint, ColorMap.Sequential[0.125])));
        Assert.Equal((1, 1, 2), (Count(signed, ColorMap.Diverging[0]), Count(signed, ColorMap.Diverging[1]), Count(signed, ColorMap.Diverging[0.5])));
    }

    [Fact]
    public void An_overlay_leaves_the_image_where_nothing_matters()
    {
        var image = new Picture(3, 1, Rgb.Grey(100));
        var overlay = MapPictures.Overlay(image, [0, 2, 4], opacity: 1);

        Assert.Equal(Rgb.Grey(100), overlay[0, 0]);
        Assert.Equal(ColorMap.Sequential[1], overlay[2, 0]);
        Assert.Equal(Rgb.Grey(100), image[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => MapPictures.Overlay(image, [0, 0, 0], opacity: double.NaN));
    }

    [Fact]
    public void A_terminal_shows_two_rows_a_line_in_colour_or_plain()
    {
        var picture = new Picture(3, 3, Rgb.White);
        picture.Fill(0, 0, 1, 3, new Rgb(1, 2, 3));

        var colored = TerminalPicture.Of(picture, isColored: true).Split('\n');
        Assert.Equal(3, colored.Length);
        Assert.Equal("\e[38;2;1;2;3;48;2;1;2;3m\u2580\e[38;2;255;255;255;48;2;255;255;255m\u2580\u2580\e[0m", colored[0]);
        Assert.Equal("\e[38;2;1;2;3m\u2580\e[38;2;255;255;255m\u2580\u2580\e[0m", colored[1]);
        Assert.Equal("@  \n@  \n", TerminalPicture.Of(picture, isColored: false));
        Assert.All(TerminalPicture.Of(new Picture(300, 90, Rgb.Black), isColored: false, columns: 40).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal(new string('@', 40), line));
    }

    private static int Count(Picture picture, Rgb color) =>
        Enumerable.Range(0, picture.Width * picture.Height).Count(i => picture[i % picture.Width, i / picture.Width] == color);
}
