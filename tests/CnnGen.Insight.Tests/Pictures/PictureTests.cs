using CnnGen.Images;

namespace CnnGen.Insight.Tests.Pictures;

/// <summary>Rasters: what is drawn where, and what comes out as PNG.</summary>
public sealed class PictureTests
{
    /// <summary>The page gets places and the report colours: both say the same of numbers that are all equal, and of what is none.</summary>
    [Fact]
    public void Places_among_the_colours_are_those_of_the_picture()
    {
        Assert.Equal([128, 128], PlacesOf([0, 0], ColorMap.Diverging));
        Assert.Equal([0, 0], PlacesOf([3, 3], ColorMap.Sequential));
        Assert.Equal([0, 255, 128], PlacesOf([-2, 2, 0], ColorMap.Diverging));
        Assert.Equal([0, 0, 255], PlacesOf([1, float.NaN, 5], ColorMap.Sequential));
        Assert.Throws<ArgumentException>("places", () => new ValueRange(0, 1).Places([1, 2], ColorMap.Grey, new byte[1]));
    }

    private static byte[] PlacesOf(float[] values, ColorMap map)
    {
        var places = new byte[values.Length];
        ValueRange.Of(values, map).Places(values, map, places);
        return places;
    }

    [Fact]
    public void A_map_has_the_colours_of_its_numbers()
    {
        var picture = Picture.OfMap([0, 1, 2, float.NaN, -5, 4], 2, 3, ColorMap.Sequential, new ValueRange(0, 4));

        Assert.Equal(
            [ColorMap.Sequential[0], ColorMap.Sequential[0.25], ColorMap.Sequential[0.5], ColorMap.NotANumber, ColorMap.Sequential[0], ColorMap.Sequential[1]],
            [picture[0, 0], picture[1, 0], picture[2, 0], picture[0, 1], picture[1, 1], picture[2, 1]]);
    }

    [Fact]
    public void A_range_is_as_far_below_zero_as_above_for_a_diverging_map()
    {
        Assert.Equal(new ValueRange(-3, 3), ValueRange.Of([1, -3, 2, float.NaN, float.PositiveInfinity], ColorMap.Diverging));
        Assert.Equal(new ValueRange(-3, 2), ValueRange.Of([1, -3, 2, float.NaN], ColorMap.Grey));
        Assert.Equal(default, ValueRange.Of([float.NaN], ColorMap.Grey));
        Assert.Equal(ColorMap.Diverging[0.5], Picture.OfMap([0, 0], 1, 2, ColorMap.Diverging)[0, 0]);
        Assert.Equal(Rgb.Black, Picture.OfMap([7, 7], 1, 2, ColorMap.Grey)[0, 0]);
    }

    [Fact]
    public void An_image_comes_back_from_what_the_normalisation_made_of_it()
    {
        byte[] pixels = [0, 128, 255, 17, 5, 250];
        var normalization = new Normalization([0.4f, 0.5f, 0.6f], [0.2f, 0.25f, 0.3f]);
        var floats = new float[6];
        normalization.Apply(pixels, floats);

        Assert.Equal(pixels, Picture.OfImage(floats, new ImageShape(3, 1, 2), normalization).Pixels);
        var grey = new float[2];
        new Normalization([0.1f], [0.3f]).Apply([9, 200], grey);
        Assert.Equal([9, 9, 9, 200, 200, 200], Picture.OfImage(grey, new ImageShape(1, 1, 2), new Normalization([0.1f], [0.3f])).Pixels);
        Assert.Equal([0, 0, 0, 255, 255, 255], Picture.OfImage([-1, 3], new ImageShape(1, 1, 2)).Pixels);
    }

    [Fact]
    public void A_PNG_file_has_the_same_pixels()
    {
        var picture = Picture.OfMap([.. Enumerable.Range(0, 35).Select(i => (float)i)], 5, 7, ColorMap.Diverging).Scaled(3);
        Assert.Equal((21, 15), (picture.Width, picture.Height));
        Assert.Equal(picture[0, 0], picture[2, 2]);
        Assert.NotEqual(picture[2, 2], picture[3, 2]);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            picture.SavePng(path);
            Assert.Equal(picture.Pixels, Image.Load(path).Pixels);
        }
        finally
        {
            File.Delete(path);
        }

        const string Head = "data:image/png;base64,";
        Assert.StartsWith(Head, picture.ToDataUri(), StringComparison.Ordinal);
        Assert.Equal(picture.Pixels, Image.Decode(Convert.FromBase64String(picture.ToDataUri()[Head.Length..])).Pixels);
    }

    [Fact]
    public void What_lies_outside_is_left_out()
    {
        var picture = new Picture(4, 3, Rgb.White);
        picture.Draw(new Picture(3, 3, Rgb.Black), -2, -1);
        picture.Draw(new Picture(3, 3, Rgb.Grey(9)), 3, 2);
        picture.Fill(2, -5, 1, 6, Rgb.Grey(77));
        picture.Write("Wide text", -3, 1, Rgb.Grey(1), scale: 2);

        Assert.Equal((Rgb.Black, Rgb.Grey(77), Rgb.Grey(9)), (picture[0, 0], picture[2, 0], picture[3, 2]));
        Assert.Equal(Rgb.White, picture[3, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture[4, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(2, 0, 3, 1));
        Assert.Equal([0, 0, 0, 255, 255, 255], new Picture(2, 1, Rgb.Black) { [1, 0] = Rgb.White }.Crop(0, 0, 2, 1).Pixels);
    }

    [Fact]
    public void Every_printable_sign_is_drawn_otherwise_than_the_others()
    {
        var drawn = Enumerable.Range(' ', '~' - ' ' + 2).Select(sign =>
        {
            var picture = new Picture(6, 8, Rgb.White);
            picture.Write(((char)sign).ToString(), 0, 0, Rgb.Black);
            return Convert.ToHexString(picture.Pixels);
        }).ToList();

        Assert.Equal(drawn.Count, drawn.Distinct().Count());
    }

    [Fact]
    public void What_does_not_fit_together_is_said()
    {
        Assert.Contains("has 6 numbers, but 5 were given", Assert.Throws<ArgumentException>(() => Picture.OfMap(new float[5], 2, 3, ColorMap.Grey)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 67108864", Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(10_000, 10_000, Rgb.White)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Picture.OfImage(new float[4], new ImageShape(1, 2, 2), new Normalization([0, 0], [1, 1])));
    }
}
