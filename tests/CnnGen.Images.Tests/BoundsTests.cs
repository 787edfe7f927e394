using CnnGen.Images.Tests.Png;

namespace CnnGen.Images.Tests;

/// <summary>What is too large is refused before memory is taken for it, and what is resized is resized on the way.</summary>
public sealed class BoundsTests
{
    /// <summary>Row after row of one colour: a small file of many pixels.</summary>
    private static byte[] Large(int width, int height, int type, int depth)
    {
        var png = new TestPng(width, height, type, depth);
        var rows = new byte[height * (1 + ((long)width * png.Samples * depth / 8))];
        return TestPng.File(("IHDR", png.Header()), ("IDAT", TestPng.Pack(rows)), ("IEND", []));
    }

    [Fact]
    public void More_pixels_than_the_option_allows_are_refused_before_they_are_decoded()
    {
        var file = new TestPng(30, 20, 2, 8).Write(new int[30 * 20 * 3]);

        Assert.Equal(600, Image.Decode(file, new DecodeOptions { MaxPixels = 600 }).Pixels.Length / 3);
        var fault = Assert.Throws<ImageException>(() => Image.Decode(file, new DecodeOptions { MaxPixels = 599 }));

        Assert.Equal("PNG: 30 x 20 pixels are more than the 599 that are read (DecodeOptions.MaxPixels)", fault.Message);
    }

    [Fact]
    public void More_memory_than_the_option_allows_is_refused_before_it_is_allocated()
    {
        var file = Large(2000, 1000, 6, 16);
        Decode(file, new DecodeOptions { MaxMemory = 1 << 20, Width = 10, Height = 10 });

        var fault = Assert.Throws<ImageException>(() => Image.Decode(file, new DecodeOptions { MaxMemory = 1 << 20 }));

        Assert.Matches("^PNG: decoding 2000 x 1000 pixels takes [0-9]+ bytes, more than the 1048576 that are allowed \\(DecodeOptions.MaxMemory\\)$", fault.Message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImageException>(() => Image.Decode(file, new DecodeOptions { MaxMemory = 1 << 20 }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(4096, 4096, 6, 16)]
    [InlineData(1, 1 << 22, 0, 8)]
    [InlineData(1 << 22, 1, 0, 8)]
    public void A_large_picture_that_is_resized_takes_no_memory_for_its_pixels(int width, int height, int type, int depth)
    {
        var file = Large(width, height, type, depth);
        var options = new DecodeOptions { Width = 28, Height = 28, Channels = 1, MaxMemory = 64 << 20 };
        Decode(file, options);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var image = Image.Decode(file, options);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((28, 28, 1), (image.Width, image.Height, image.Channels));
        Assert.All(image.Pixels, value => Assert.Equal(0, value));

        // An output needs its weights of the inputs, four bytes each, and a row of the file is held twice.
        Assert.InRange(allocated, 1, 400_000 + (2 * 8 * width) + (20L * (width + height)));
    }

    [Fact]
    public void Decoding_longer_than_the_option_allows_is_given_up()
    {
        var file = Large(4096, 2048, 2, 8);

        var fault = Assert.Throws<ImageException>(() => Image.Decode(file, new DecodeOptions { MaxTime = TimeSpan.FromTicks(1) }));

        Assert.Equal("PNG: decoding was given up after 0 ms (DecodeOptions.MaxTime), at row 1 of 2048", fault.Message);
    }

    [Theory]
    [InlineData(ResizeFilter.Area)]
    [InlineData(ResizeFilter.Bilinear)]
    [InlineData(ResizeFilter.Bicubic)]
    public void Resized_on_the_way_is_the_same_as_resized_afterwards(ResizeFilter filter)
    {
        var random = new Random((int)filter);
        foreach (var (width, height, toWidth, toHeight) in new[] { (50, 40, 13, 9), (9, 13, 40, 50), (31, 7, 3, 70), (8, 8, 8, 3), (8, 8, 3, 8), (5, 5, 5, 5) })
        {
            foreach (var isInterlaced in new[] { false, true })
            {
                var samples = new int[width * height * 3];
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = random.Next(256);
                var file = new TestPng(width, height, 2, 8) { IsInterlaced = isInterlaced }.Write(samples);
                foreach (var channels in new[] { 1, 3 })
                {
                    var way = Image.Decode(file, new DecodeOptions { Width = toWidth, Height = toHeight, Channels = channels, Filter = filter });

                    Assert.Equal(Image.Decode(file).WithChannels(channels).Resize(toWidth, toHeight, filter).Pixels, way.Pixels);
                }
            }
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeOptions { Channels = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeOptions { Width = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeOptions { Height = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeOptions { MaxPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeOptions { MaxMemory = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeOptions { MaxTime = TimeSpan.Zero });
        Assert.Throws<ArgumentException>(() => new DecodeOptions { Decoders = [] });
    }

    private static void Decode(byte[] file, DecodeOptions options) => Assert.NotNull(Image.Decode(file, options));
}
