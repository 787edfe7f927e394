namespace CnnGen.Insight.Tests.Pictures;

/// <summary>Colour maps are perceptual: their lightness runs in equal steps.</summary>
public sealed class ColorMapTests
{
    [Fact]
    public void The_sequential_map_and_grey_become_lighter_in_equal_steps()
    {
        foreach (var map in new[] { ColorMap.Sequential, ColorMap.Grey })
        {
            var (first, last) = (map[0].Lightness, map[1].Lightness);
            Assert.True(last - first > 70, $"{map}: {first:F1} to {last:F1}");
            for (var i = 0; i < 256; i++)
            {
                // A byte of a channel is up to half of a percent of lightness.
                Assert.Equal(first + ((last - first) * i / 255), map.Colors[i].Lightness, 0.5);
                var before = map.Colors[Math.Max(0, i - 1)].Lightness;
                Assert.True(map.Colors[i].Lightness >= before - 0.12, $"{map} at {i}: {before:F3}, {map.Colors[i].Lightness:F3}");
            }
        }
    }

    [Fact]
    public void The_diverging_map_is_neutral_in_the_middle_and_as_light_on_both_sides()
    {
        var map = ColorMap.Diverging;
        Assert.True(map.IsDiverging);
        var middle = map[0.5];
        Assert.True(Math.Max(middle.R, Math.Max(middle.G, middle.B)) - Math.Min(middle.R, Math.Min(middle.G, middle.B)) <= 3, $"{middle}");
        Assert.InRange(middle.Lightness, 90, 100);
        for (var i = 0; i < 128; i++)
        {
            Assert.Equal(map.Colors[i].Lightness, map.Colors[255 - i].Lightness, 0.6);
            Assert.True(i == 0 || map.Colors[i].Lightness > map.Colors[i - 1].Lightness - 0.12);
        }

        Assert.True(map[0].B > map[0].R + 50, $"blue below zero: {map[0]}");
        Assert.True(map[1].R > map[1].B + 50, $"red above zero: {map[1]}");
    }

    [Fact]
    public void The_ends_are_dark_and_light_and_what_is_beyond_has_their_colours()
    {
        Assert.Equal((Rgb.Black, Rgb.White), (ColorMap.Grey[0], ColorMap.Grey[1]));
        Assert.Equal(ColorMap.Sequential[0], ColorMap.Sequential[-3]);
        Assert.Equal(ColorMap.Sequential[1], ColorMap.Sequential[double.PositiveInfinity]);
        Assert.Equal(ColorMap.NotANumber, ColorMap.Sequential[double.NaN]);
        foreach (var map in new[] { ColorMap.Sequential, ColorMap.Diverging, ColorMap.Grey })
            Assert.DoesNotContain(ColorMap.NotANumber, map.Colors.ToArray());

        // Violet to yellow.
        var (low, high) = (ColorMap.Sequential[0], ColorMap.Sequential[1]);
        Assert.True(low.B > low.G && high.G > high.B && high.R > high.B, $"{low} {high}");
    }

    [Fact]
    public void Lightness_is_that_of_the_standard()
    {
        Assert.Equal(0, Rgb.Black.Lightness, 1e-9);
        Assert.Equal(100, Rgb.White.Lightness, 1e-3);
        Assert.Equal(53.585, Rgb.Grey(128).Lightness, 1e-3);
        Assert.Equal(53.241, new Rgb(255, 0, 0).Lightness, 1e-3);
        Assert.Equal(87.735, new Rgb(0, 255, 0).Lightness, 1e-3);
        Assert.Equal(32.297, new Rgb(0, 0, 255).Lightness, 1e-3);
    }

    [Fact]
    public void The_colours_of_classes_differ_and_are_seen_on_white_and_on_dark_paper()
    {
        var colors = Enumerable.Range(0, ClassColors.Count).Select(ClassColors.Of).ToList();
        Assert.Equal(colors.Count, colors.Distinct().Count());
        Assert.All(colors, color => Assert.InRange(color.Lightness, 40, 70));
        Assert.Equal(ClassColors.Of(0), ClassColors.Of(ClassColors.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassColors.Of(-1));
    }
}
