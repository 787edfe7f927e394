using CnnGen.Images.Resizing;

namespace CnnGen.Images.Tests.Resizing;

public sealed class ResizerTests
{
    [Fact]
    public void An_image_of_the_size_is_left_as_it_is()
    {
        var image = new Image(2, 2, 1, [1, 2, 3, 4]);
        Assert.Same(image, Resizer.Resize(image, 2, 2));
    }

    [Fact]
    public void An_image_of_one_color_keeps_it_at_every_size()
    {
        foreach (var color in new byte[] { 0, 1, 127, 254, 255 })
        {
            for (var size = 1; size < 70; size += 3)
            {
                var pixels = new byte[size * 5 * 3];
                pixels.AsSpan().Fill(color);
                var resized = Resizer.Resize(new Image(size, 5, 3, pixels), 28, 28);
                Assert.Equal((28, 28, 3), (resized.Width, resized.Height, resized.Channels));
                Assert.All(resized.Pixels, value => Assert.Equal(color, value));
            }
        }
    }

    [Fact]
    public void A_smaller_image_has_the_means_of_what_its_pixels_cover() =>
        Assert.Equal([3, 9], Resizer.Resize(new Image(4, 2, 1, [1, 2, 7, 8, 3, 6, 9, 12]), 2, 1).Pixels);

    [Fact]
    public void Pixels_that_are_covered_in_part_count_in_part() =>
        Assert.Equal([30, 120], Resizer.Resize(new Image(3, 1, 1, [0, 90, 135]), 2, 1).Pixels); // (0 + 90/2) / 1.5, (90/2 + 135) / 1.5

    [Fact]
    public void A_larger_image_lies_between_its_neighbours() =>
        Assert.Equal([0, 25, 75, 100], Resizer.Resize(new Image(2, 1, 1, [0, 100]), 4, 1).Pixels);

    [Fact]
    public void Channels_stay_apart() =>
        Assert.Equal([2, 20, 200], Resizer.Resize(new Image(1, 2, 3, [1, 10, 190, 3, 30, 210]), 1, 1).Pixels);

    [Fact]
    public void Random_images_agree_with_the_definition_in_double()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 200; turn++)
        {
            var (width, height, toWidth, toHeight) = (random.Next(1, 60), random.Next(1, 60), random.Next(1, 40), random.Next(1, 40));
            var pixels = new byte[width * height];
            random.NextBytes(pixels);
            var resized = Resizer.Resize(new Image(width, height, 1, pixels), toWidth, toHeight).Pixels;
            for (var i = 0; i < resized.Length; i++)
            {
                var sum = 0.0;
                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                        sum += pixels[(y * width) + x] * Share(width, toWidth, x, i % toWidth) * Share(height, toHeight, y, i / toWidth);
                }

                Assert.InRange(resized[i] - sum, -0.501, 0.501);
            }
        }
    }

    [Fact]
    public void Colors_become_grey_by_their_brightness_and_grey_becomes_three_channels()
    {
        Assert.Equal([76, 150, 29, 255], new Image(4, 1, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]).WithChannels(1).Pixels);
        Assert.Equal([5, 5, 5, 9, 9, 9], new Image(2, 1, 1, [5, 9]).WithChannels(3).Pixels);
        Assert.Equal([250, 0], new Image(2, 1, 1, [5, 255]).Inverted().Pixels);
    }

    /// <summary>How much of an input's pixel is in an output's, along one axis.</summary>
    private static double Share(int input, int output, int from, int to)
    {
        var scale = (double)input / output;
        if (input > output)
            return Math.Max(0, Math.Min((to + 1) * scale, from + 1) - Math.Max(to * scale, from)) / scale;
        var center = Math.Clamp(((to + 0.5) * scale) - 0.5, 0, input - 1);
        return Math.Max(0, 1 - Math.Abs(center - from));
    }
}
