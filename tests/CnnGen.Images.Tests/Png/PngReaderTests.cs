using System.IO.Compression;
using CnnGen.Images.Png;

namespace CnnGen.Images.Tests.Png;

public sealed class PngReaderTests
{
    public static TheoryData<int, int, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, bool>();
            foreach (var (type, depths) in new[] { (0, new[] { 1, 2, 4, 8, 16 }), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
            {
                foreach (var depth in depths)
                {
                    kinds.Add(type, depth, false);
                    kinds.Add(type, depth, true);
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_read_with_every_filter_at_every_small_size(int type, int depth, bool isInterlaced)
    {
        var random = new Random((type * 100) + depth);
        for (var height = 1; height <= 9; height++)
        {
            for (var width = 1; width <= 9; width++)
            {
                for (var filter = -1; filter <= 4; filter++)
                    AssertReads(Make(type, depth, width, height, random) with { IsInterlaced = isInterlaced, Filter = filter }, random);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_larger_image_is_read_at_every_level_of_compression_and_in_several_chunks(int type, int depth, bool isInterlaced)
    {
        var random = new Random((type * 100) + depth);
        foreach (var level in Enum.GetValues<CompressionLevel>())
            AssertReads(Make(type, depth, 67, 53, random) with { IsInterlaced = isInterlaced, Level = level, Parts = 5 }, random);
    }

    [Theory]
    [InlineData(0, 8, new[] { 77 })]
    [InlineData(0, 2, new[] { 2 })]
    [InlineData(0, 16, new[] { 0x1234 })]
    [InlineData(2, 8, new[] { 10, 20, 30 })]
    [InlineData(2, 16, new[] { 0x0A0B, 0x1400, 0x1E01 })]
    public void The_color_that_tRNS_names_becomes_black_and_no_other(int type, int depth, int[] transparent)
    {
        var near = (int[])transparent.Clone();
        near[^1]++;
        var png = new TestPng(2, 1, type, depth) { Transparency = [.. transparent.SelectMany(value => new[] { (byte)(value >> 8), (byte)value })] };

        var image = Image.Decode(png.Write([.. transparent, .. near]));

        Assert.All(image.Pixels[..image.Channels], value => Assert.Equal(0, value));
        Assert.NotEqual(0, image.Pixels[^1]);
    }

    [Fact]
    public void Transparent_colors_of_a_palette_are_blended_with_black()
    {
        var png = new TestPng(3, 1, 3, 8) { Palette = [200, 100, 50, 200, 100, 50, 200, 100, 50], Transparency = [0, 128] };

        Assert.Equal([0, 0, 0, 100, 50, 25, 200, 100, 50], Image.Decode(png.Write([0, 1, 2])).Pixels);
    }

    [Fact]
    public void Alpha_is_blended_with_black()
    {
        Assert.Equal([0, 100, 200], Image.Decode(new TestPng(3, 1, 4, 8).Write([200, 0, 200, 128, 200, 255])).Pixels);
        Assert.Equal([64, 128, 255], Image.Decode(new TestPng(1, 1, 6, 16).Write([0x8000, 65535, 65535, 0x8000])).Pixels.Select((v, i) => i == 2 ? (byte)(v * 2 - 1) : v));
    }

    [Fact]
    public void Sixteen_bits_are_rounded_to_the_nearest_eight()
    {
        for (var value = 0; value < 65536; value += 97)
            Assert.Equal((byte)Math.Round(value / 257.0), Assert.Single(Image.Decode(new TestPng(1, 1, 0, 16).Write([value])).Pixels));
    }

    private static TestPng Make(int type, int depth, int width, int height, Random random)
    {
        var png = new TestPng(width, height, type, depth);
        if (type != 3)
            return png;
        var palette = new byte[3 << depth];
        random.NextBytes(palette);
        return png with { Palette = palette };
    }

    private static void AssertReads(TestPng png, Random random)
    {
        var samples = new int[png.Width * png.Height * png.Samples];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = random.Next(1 << png.BitDepth);

        var image = Image.Decode(png.Write(samples));

        Assert.Equal((png.Width, png.Height), (image.Width, image.Height));
        Assert.Equal(png.ColorType is 0 or 4 ? 1 : 3, image.Channels);
        Assert.Equal(Expected(png, samples), image.Pixels);
    }

    private static byte[] Expected(TestPng png, int[] samples)
    {
        var most = (double)((1 << png.BitDepth) - 1);
        return [.. samples.Chunk(png.Samples).SelectMany(pixel => png.ColorType switch
        {
            3 => png.Palette!.AsSpan(3 * pixel[0], 3).ToArray(),
            4 or 6 => pixel[..^1].Select(value => Round(value / most * (pixel[^1] / most))).ToArray(),
            _ => pixel.Select(value => Round(value / most)).ToArray(),
        })];
    }

    private static byte Round(double value) => (byte)Math.Floor((value * 255) + 0.5 + 1e-9);
}
