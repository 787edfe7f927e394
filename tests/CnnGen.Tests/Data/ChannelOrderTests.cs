namespace CnnGen.Tests.Data;

/// <summary>Maps turned from one layout into the other.</summary>
public sealed class ChannelOrderTests
{
    [Theory]
    [InlineData(1, 3, 5, 2)]
    [InlineData(3, 1, 1, 3)]
    [InlineData(3, 7, 9, 2)]
    [InlineData(16, 4, 5, 1)]
    [InlineData(35, 3, 17, 2)]
    public void Each_element_goes_to_its_place_and_back(int channels, int height, int width, int count)
    {
        var shape = new ImageShape(channels, height, width);
        var planes = Enumerable.Range(0, count * shape.Length).Select(i => (float)i).ToArray();
        var (pixels, back) = (new float[planes.Length], new float[planes.Length]);

        ChannelOrder.ToChannelsLast(planes, pixels, shape);
        ChannelOrder.ToChannelsFirst(pixels, back, shape);

        for (var image = 0; image < count; image++)
        {
            for (var c = 0; c < channels; c++)
            {
                for (var pixel = 0; pixel < height * width; pixel++)
                    Assert.Equal(planes[(((image * channels) + c) * height * width) + pixel], pixels[(((image * height * width) + pixel) * channels) + c]);
            }
        }

        Assert.Equal(planes, back);
    }

    [Fact]
    public void Lengths_and_memory_have_to_suit()
    {
        var shape = new ImageShape(2, 2, 2);
        var floats = new float[16];

        Assert.Contains("8 floats do not become 16", Assert.Throws<ArgumentException>(() => ChannelOrder.ToChannelsLast(new float[8], floats, shape)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ChannelOrder.ToChannelsLast(new float[12], new float[12], shape));
        Assert.Throws<ArgumentException>(() => ChannelOrder.ToChannelsFirst(floats, floats, new ImageShape(0, 2, 2)));
        Assert.Contains("memory of its own", Assert.Throws<ArgumentException>(() => ChannelOrder.ToChannelsFirst(floats, floats, shape)).Message, StringComparison.Ordinal);
    }

    /// <summary>The same bits whichever way they lie.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Normalised_bytes_are_the_same_numbers_in_both_layouts(int channels)
    {
        var shape = new ImageShape(channels, 7, 9);
        var normalization = new Normalization(
            [.. Enumerable.Range(0, channels).Select(c => 0.1f + (0.13f * c))], [.. Enumerable.Range(0, channels).Select(c => 0.3f + (0.07f * c))]);
        var bytes = new byte[2 * shape.Length];
        new Random(1).NextBytes(bytes);
        var (planes, pixels, turned) = (new float[bytes.Length], new float[bytes.Length], new float[bytes.Length]);

        for (var i = 0; i < 2; i++)
            normalization.Apply(bytes.AsSpan(i * shape.Length, shape.Length), planes.AsSpan(i * shape.Length, shape.Length));
        normalization.ApplyToPixels(bytes, pixels);
        ChannelOrder.ToChannelsLast(planes, turned, shape);

        Assert.Equal(turned, pixels);
        if (channels > 1)
            Assert.Throws<ArgumentException>(() => normalization.ApplyToPixels(bytes.AsSpan(0, channels + 1), pixels.AsSpan(0, channels + 1)));
        Assert.Throws<ArgumentException>(() => normalization.ApplyToPixels(bytes, pixels.AsSpan(1)));
    }
}
