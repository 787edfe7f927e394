namespace CnnGen.Images.Tests.Gif;

public sealed class GifTests
{
    private static readonly byte[] s_colors = [.. Enumerable.Range(0, 256 * 3).Select(i => (byte)(i * 7))];

    public static TheoryData<int, int, int, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, int, bool>();
            foreach (var bits in new[] { 1, 2, 4, 8 })
            {
                foreach (var (width, height) in new[] { (1, 1), (7, 5), (3, 20), (100, 90) })
                {
                    kinds.Add(width, height, bits, false);
                    kinds.Add(width, height, bits, true);
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_read(int width, int height, int bits, bool isInterlaced)
    {
        foreach (var noise in new[] { 1, 3, 256 })
        {
            var random = new Random(width + bits);
            var indices = new byte[width * height];
            for (var i = 0; i < indices.Length; i++)
                indices[i] = (byte)((random.Next(noise) + (i / 37)) & ((1 << bits) - 1));
            var file = new TestGif(width, height, bits) { IsInterlaced = isInterlaced }.Write(indices, s_colors);

            var image = Image.Decode(file);

            Assert.Equal((width, height, 3), (image.Width, image.Height, image.Channels));
            Assert.Equal(indices.SelectMany(index => s_colors.AsSpan(3 * index, 3).ToArray()), image.Pixels);
        }
    }

    [Fact]
    public void A_picture_that_is_smaller_than_its_canvas_is_on_black_and_what_is_transparent_is_black()
    {
        var file = new TestGif(2, 1, 2) { Left = 1, Top = 1, CanvasWidth = 4, CanvasHeight = 3, Transparent = 3 }.Write([2, 3], s_colors);

        var image = Image.Decode(file);

        Assert.Equal((4, 3), (image.Width, image.Height));
        var expected = new byte[36];
        s_colors.AsSpan(6, 3).CopyTo(expected.AsSpan(3 * 5));
        Assert.Equal(expected, image.Pixels);
    }

    [Fact]
    public void The_first_picture_of_several_is_taken()
    {
        var first = new TestGif(3, 2, 2).Write([0, 1, 2, 3, 2, 1], s_colors);
        var file = (byte[])[.. first[..^1], 0x2C, 0, 0, 0, 0, 9, 9];

        Assert.Equal(Image.Decode(first).Pixels, Image.Decode(file).Pixels);
    }

    [Theory]
    [InlineData(3, "the first 6 bytes are not GIF87a or GIF89a")]
    [InlineData(10, "at byte 10: the file ends within the screen's description")]
    [InlineData(20, "at byte 20: the file ends within a palette")]
    [InlineData(25, "at byte 25: the file ends within a block")]
    [InlineData(30, "at byte 30: the file ends within a picture's description")]
    [InlineData(35, "at byte 35: the file ends before its pixels")]
    [InlineData(37, "at byte 37: the file ends within its pixels")]
    public void A_file_that_is_cut_off_is_told(int length, string message)
    {
        var file = new TestGif(3, 2, 2).Write([0, 1, 2, 3, 2, 1], s_colors);

        var cut = length == 3 ? "GIF8xx"u8.ToArray() : file[..length];

        Assert.Equal("GIF: " + message, Assert.Throws<ImageException>(() => Image.Decode(cut)).Message);
    }

    [Fact]
    public void Codes_that_mean_nothing_and_an_early_end_are_told()
    {
        var file = new TestGif(3, 2, 2).Write([0, 1, 2, 3, 2, 1], s_colors);
        var early = (byte[])file.Clone();
        (early[37], early[38]) = (0b101_100, 0);
        var unknown = (byte[])file.Clone();
        (unknown[37], unknown[38]) = (0b111_000_100 & 255, 1);
        var end = (byte[])file.Clone();
        end[25] = 0x3B;

        Assert.Equal("GIF: at byte 38: the pixels end before the picture is full: the file is damaged", Assert.Throws<ImageException>(() => Image.Decode(early)).Message);
        Assert.Equal("GIF: at byte 39: code 7 of the pixels means nothing yet: the file is damaged", Assert.Throws<ImageException>(() => Image.Decode(unknown)).Message);
        Assert.Equal("GIF: at byte 25: the file ends (3B) before a picture came", Assert.Throws<ImageException>(() => Image.Decode(end)).Message);
    }
}
