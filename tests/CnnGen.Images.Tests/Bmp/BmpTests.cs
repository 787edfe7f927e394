using System.Buffers.Binary;

namespace CnnGen.Images.Tests.Bmp;

public sealed class BmpTests
{
    private static readonly byte[] s_colors = [.. Enumerable.Range(0, 256 * 3).Select(i => (byte)((i * 11) + (i / 3)))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Palettes_are_read_bottom_up_and_top_down_with_every_header(int bits)
    {
        var random = new Random(bits);
        foreach (var (width, height) in new[] { (1, 1), (3, 2), (33, 5), (8, 8), (17, 1) })
        {
            var indices = new byte[width * height];
            for (var i = 0; i < indices.Length; i++)
                indices[i] = (byte)random.Next(1 << bits);
            var expected = indices.SelectMany(index => s_colors.AsSpan(3 * index, 3).ToArray()).ToArray();
            foreach (var size in new[] { 12, 40, 108, 124 })
            {
                foreach (var isTopDown in size == 12 ? new[] { false } : [false, true])
                {
                    var rows = Rows(height, isTopDown).Select(y => Packed(indices.AsSpan(y * width, width), bits));
                    var file = TestBmp.File(width, isTopDown ? -height : height, bits, size, 0, Palette(bits, size), [.. rows.SelectMany(row => row)]);

                    var image = Image.Decode(file);

                    Assert.Equal((width, height, 3), (image.Width, image.Height, image.Channels));
                    Assert.Equal(expected, image.Pixels);
                }
            }
        }
    }

    [Fact]
    public void Pixels_of_24_bits_are_blue_green_red()
    {
        var file = TestBmp.File(3, 2, 24, 40, 0, [], [7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 1, 2, 3, 4, 5, 6, 255, 0, 128, 0, 0, 0]);

        Assert.Equal([3, 2, 1, 6, 5, 4, 128, 0, 255, 9, 8, 7, 12, 11, 10, 15, 14, 13], Image.Decode(file).Pixels);
    }

    [Fact]
    public void Fields_of_16_and_32_bits_are_scaled_to_8()
    {
        // 5, 5 and 5 bits where the header says nothing; 5, 6 and 5 by masks behind it; and any masks within it.
        Assert.Equal([255, 0, 132], Image.Decode(TestBmp.File(1, 1, 16, 40, 0, [], [0x10, 0x7C, 0, 0])).Pixels);
        Assert.Equal([255, 130, 0], Image.Decode(TestBmp.File(1, 1, 16, 40, 3, Numbers(0xF800, 0x7E0, 0x1F), [0x00, 0xFC, 0, 0])).Pixels);
        Assert.Equal([30, 20, 10], Image.Decode(TestBmp.File(1, 1, 32, 40, 0, [], [10, 20, 30, 99])).Pixels);
        Assert.Equal([10, 20, 30], Image.Decode(TestBmp.File(1, 1, 32, 40, 3, Numbers(0xFF, 0xFF00, 0xFF0000), [10, 20, 30, 0])).Pixels);
    }

    [Fact]
    public void An_alpha_channel_that_the_header_names_is_blended_with_black()
    {
        var masks = Numbers(0xFF0000, 0xFF00, 0xFF, 0xFF000000);
        var file = TestBmp.File(2, 1, 32, 108, 3, [], [100, 200, 40, 128, 1, 2, 3, 255]);
        masks.CopyTo(file, 14 + 40);

        Assert.Equal([20, 100, 50, 3, 2, 1], Image.Decode(file).Pixels);
    }

    [Fact]
    public void Runs_of_8_and_4_bits_are_read()
    {
        // A run, numbers one by one with a filling byte, the next row, a step to the right and up, and the end.
        byte[] eight = [3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 0, 2, 1, 1, 2, 7, 0, 1];
        byte[] four = [3, 0x56, 0, 3, 0x12, 0x30, 0, 0, 0, 2, 1, 1, 2, 0x78, 0, 1];
        byte[] expectedEight = [0, 0, 0, 0, 0, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 1, 2, 3];
        byte[] expectedFour = [0, 0, 0, 0, 0, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 5, 1, 2, 3];

        Assert.Equal(Colors(expectedEight), Image.Decode(TestBmp.File(6, 4, 8, 40, 1, Palette(8, 40), eight)).Pixels);
        Assert.Equal(Colors(expectedFour), Image.Decode(TestBmp.File(6, 4, 4, 40, 2, Palette(4, 40), four)).Pixels);
    }

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "short", "BM"u8.ToArray(), "at byte 2: the file ends within its headers, which have 26 bytes at least" },
        { "header", TestBmp.File(1, 1, 24, 20, 0, [], new byte[4]), "at byte 14: the header says that it has 20 bytes; 12, or 40 to 256, were expected" },
        { "size", TestBmp.File(0, 1, 24, 40, 0, [], new byte[4]), "at byte 18: the header says 0 x 1 pixels; both must be 1 or more, or the height negative for rows from the top" },
        { "bits", TestBmp.File(1, 1, 3, 40, 0, [], new byte[4]), "at byte 28: 3 bits a pixel; 1, 2, 4, 8, 16, 24 or 32 were expected" },
        { "compression", TestBmp.File(1, 1, 24, 40, 4, [], new byte[4]), "at byte 30: compression 4 with 24 bits a pixel, which is not read; 0, 1 and 2 (run lengths) with 8 and 4, and 3 and 6 (bit fields) with 16 and 32 are" },
        { "pixels", TestBmp.File(2, 2, 24, 40, 0, [], new byte[13]), "at byte 67: the file ends after 13 bytes of pixels, but 14 were expected for 2 x 2 pixels of 24 bits" },
        { "mask", TestBmp.File(1, 1, 32, 40, 3, Numbers(5, 0xFF00, 0xFF0000), new byte[4]), "at byte 54: the mask 00000005 of a bit field has gaps" },
        { "no palette", TestBmp.File(1, 1, 8, 40, 0, [], new byte[4]), "at byte 54: pixels are numbers of a palette, but there is none" },
        { "colour", TestBmp.File(1, 1, 8, 40, 0, [1, 2, 3, 0], [1, 0, 0, 0]), "the pixel in column 0 of row 0 has colour 1, but the palette has 1 colours" },
        { "run", TestBmp.File(2, 1, 8, 40, 1, Palette(8, 40), [3, 0, 0, 1]), "at byte 1080: a run of 3 pixels at column 0 of row 0 leads past the 2 x 1 pixels" },
        { "runs", TestBmp.File(2, 1, 8, 40, 1, Palette(8, 40), [2, 0]), "at byte 1080: the file ends before its runs do" },
        { "step", TestBmp.File(2, 1, 8, 40, 1, Palette(8, 40), [0, 2, 9, 9]), "at byte 1082: the runs lead to column 9 of row 9, past the 2 x 1 pixels" },
        { "literal", TestBmp.File(9, 1, 8, 40, 1, Palette(8, 40), [0, 5, 1, 2]), "at byte 1082: the file ends within a run of 5 pixels" },
        { "huge", TestBmp.File(1 << 20, 1 << 20, 1, 40, 1 - 1, Palette(1, 40), []), "1048576 x 1048576 pixels are more than the 67108864 that are read (DecodeOptions.MaxPixels)" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_with_its_place(string label, byte[] file, string message)
    {
        Assert.NotEmpty(label);
        Assert.Equal("BMP: " + message, Assert.Throws<ImageException>(() => Image.Decode(file)).Message);
    }

    private static IEnumerable<byte> Colors(byte[] indices) => indices.SelectMany(index => s_colors.AsSpan(3 * index, 3).ToArray());

    private static IEnumerable<int> Rows(int height, bool isTopDown) => isTopDown ? Enumerable.Range(0, height) : Enumerable.Range(0, height).Reverse();

    private static byte[] Packed(ReadOnlySpan<byte> indices, int bits)
    {
        var row = new byte[((indices.Length * bits) + 31) / 32 * 4];
        for (var i = 0; i < indices.Length; i++)
            row[i * bits / 8] |= (byte)(indices[i] << (8 - bits - (i * bits % 8)));
        return row;
    }

    private static byte[] Palette(int bits, int header) =>
        [.. Enumerable.Range(0, 1 << bits).SelectMany(i => new[] { s_colors[(3 * i) + 2], s_colors[(3 * i) + 1], s_colors[3 * i], (byte)0 }.Take(header == 12 ? 3 : 4))];

    private static byte[] Numbers(params uint[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), numbers[i]);
        return bytes;
    }
}
