using System.Text.RegularExpressions;
using CnnGen.Images.Png;
using FsCheck;
using FsCheck.Fluent;

namespace CnnGen.Images.Tests.Png;

public sealed class PngFaultTests
{
    private static readonly TestPng s_grey = new(4, 3, 0, 8);
    private static readonly byte[] s_data = TestPng.Pack(s_grey.Rows(new int[12]));

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "empty", [], "the file is empty; an image was expected (PNG, JPEG, BMP, GIF and PNM)" },
        { "text", "hello"u8.ToArray(), "no image of a known format: it begins with 68 65 6C 6C; PNG, JPEG, BMP, GIF and PNM are read" },
        { "line ends", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A, 0], "PNG: the first 8 bytes are not PNG's signature 89 50 4E 47 0D 0A 1A 0A: the file is cut off, or was changed as a text" },
        { "no chunk", TestPng.File(), "PNG: at byte 8: a chunk of at least 12 bytes was expected, but the file ends after 0: IEND is missing" },
        { "no header", TestPng.File(("IDAT", s_data)), "PNG: at byte 8: the first chunk is IDAT, but must be IHDR" },
        { "two headers", File(("IHDR", s_grey.Header())), "PNG: at byte 33: a second IHDR" },
        { "short header", TestPng.File(("IHDR", new byte[12])), "PNG: at byte 16: IHDR has 12 bytes, but must have 13" },
        { "no width", Header(0, 0, 0, 0, 0), "PNG: at byte 16: IHDR says 0 x 3 pixels; both must be from 1 to 2147483647" },
        { "huge", Header(0x7F, 4, 0, 0, 0), "PNG: 2130706436 x 3 pixels are more than the 67108864 that are read (DecodeOptions.MaxPixels)" },
        { "depth", TestPng.File(("IHDR", new TestPng(4, 3, 2, 4).Header())), "PNG: at byte 24: IHDR says colour type 2 with 4 bits, which PNG does not have" },
        { "type", TestPng.File(("IHDR", new TestPng(4, 3, 1, 8).Header())), "PNG: at byte 24: IHDR says colour type 1 with 8 bits, which PNG does not have" },
        { "compression", Header(0, 4, 1, 0, 0), "PNG: at byte 26: IHDR says compression method 1, but PNG has 0 alone" },
        { "filter method", Header(0, 4, 0, 1, 0), "PNG: at byte 27: IHDR says filter method 1, but PNG has 0 alone" },
        { "interlace", Header(0, 4, 0, 0, 2), "PNG: at byte 28: IHDR says interlace method 2, but PNG has 0 and 1 alone" },
        { "unknown", File(("ABCD", [])), "PNG: at byte 33: chunk ABCD is not known, and its capital letter says that the image can't be read without it" },
        { "no data", File(("IEND", [])), "PNG: at byte 33: IEND, but no IDAT came before: the image has no pixels" },
        { "no end", File(("IDAT", s_data)), $"PNG: at byte {33 + 12 + s_data.Length}: a chunk of at least 12 bytes was expected, but the file ends after 0: IEND is missing" },
        { "parted data", File(("IDAT", s_data), ("tIME", []), ("IDAT", s_data)), $"PNG: at byte {33 + 12 + s_data.Length + 12}: IDAT stands apart from the IDAT before it" },
        { "palette in grey", File(("PLTE", new byte[3])), "PNG: at byte 33: PLTE in a grey image" },
        { "palette of 4", Palette(new byte[4]), "PNG: at byte 33: PLTE has 4 bytes; 3 for each of 1 to 256 colours were expected" },
        { "long palette", Palette(new byte[15]), "PNG: at byte 33: PLTE has 5 colours, more than 2 bits can tell apart" },
        { "no palette", Palette(null), "PNG: the pixels are numbers of a palette, but there is no PLTE" },
        { "colour", Palette(new byte[6]), "PNG: the pixel in column 0 of row 0 has colour 3, but the palette has 2 colours" },
        { "transparency", File(("tRNS", [1])), "PNG: at byte 33: tRNS has 1 bytes, but 2 were expected" },
        { "few data", Data(new byte[14]), "PNG: the compressed pixels, at their byte N: it unpacks to 14 bytes, but the image has 15" },
        { "many data", Data(new byte[16]), "PNG: the compressed pixels, at their byte N: it unpacks to more than the 15 bytes that the image has" },
        { "row's filter", Data([0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "PNG: row 1 of pass 1 has filter 5, but PNG has 0 to 4 alone" },
        { "no zlib", File(("IDAT", new byte[20]), ("IEND", [])), "PNG: the compressed pixels, at their byte N: a zlib header was expected, but the bytes are 00 00" },
        { "too few for its size", TestPng.File(("IHDR", new TestPng(4000, 4000, 0, 8).Header()), ("IDAT", s_data), ("IEND", [])), $"PNG: {s_data.Length} bytes in IDAT can't hold the 16004000 of 4000 x 4000 pixels" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_with_its_place(string label, byte[] file, string message)
    {
        Assert.NotEmpty(label);
        // Where in the packed bytes depends on who packed them.
        var said = Assert.Throws<ImageException>(() => Image.Decode(file)).Message;
        Assert.Equal(message, Regex.Replace(said, "at their byte [0-9]+", "at their byte N"));
    }

    [Fact]
    public void A_check_sum_that_disagrees_is_told_with_its_chunk()
    {
        var file = File(("IDAT", s_data), ("IEND", []));
        file[33 + 8] ^= 1;

        Assert.Matches("^PNG: at byte 33: chunk IDAT is damaged: its CRC is [0-9A-F]{8}, but its bytes give [0-9A-F]{8}$", Assert.Throws<ImageException>(() => Image.Decode(file)).Message);
    }

    [Fact]
    public void Every_shortened_file_and_every_flipped_bit_is_found()
    {
        var file = new TestPng(5, 4, 6, 8).Write([.. Enumerable.Range(0, 80).Select(i => i * 3)]);
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<ImageException>(() => Image.Decode(file.AsSpan(0, length)));
        for (var bit = 0; bit < 8 * file.Length; bit++)
        {
            var flipped = (byte[])file.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<ImageException>(() => Image.Decode(flipped));
        }
    }

    [Fact]
    public void Damaged_data_behind_sound_check_sums_is_an_image_or_a_fault_and_nothing_else()
    {
        var packed = TestPng.Pack(new TestPng(9, 9, 2, 8).Rows([.. Enumerable.Range(0, 243).Select(i => i * i % 251)]));
        var damages =
            from position in Gen.Choose(0, packed.Length - 1)
            from value in Gen.Choose(0, 255)
            from second in Gen.Choose(0, packed.Length - 1)
            from header in Gen.Choose(0, 12 * 40)
            select (Position: position, Value: (byte)value, Second: second, Header: header);
        Prop.ForAll(damages.ToArbitrary(), one =>
        {
            var data = (byte[])packed.Clone();
            data[one.Position] = one.Value;
            data[one.Second] ^= 0x10;
            var header = new TestPng(9, 9, 2, 8).Header();
            if (one.Header < 13)
                header[one.Header] ^= one.Value;
            Try(TestPng.File(("IHDR", header), ("IDAT", data), ("IEND", [])));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static void Try(byte[] file)
    {
        try
        {
            var image = Image.Decode(file);
            Assert.Equal(image.Width * image.Height * image.Channels, image.Pixels.Length);
        }
        catch (ImageException)
        {
            // What a damaged file is to give.
        }
    }

    private static byte[] File(params (string, byte[])[] chunks) => TestPng.File([("IHDR", s_grey.Header()), .. chunks]);

    private static byte[] Data(byte[] rows) => File(("IDAT", TestPng.Pack(rows)), ("IEND", []));

    private static byte[] Palette(byte[]? palette)
    {
        var png = new TestPng(2, 1, 3, 2);
        var data = ("IDAT", TestPng.Pack(png.Rows([3, 0])));
        return palette is null
            ? TestPng.File(("IHDR", png.Header()), data, ("IEND", []))
            : TestPng.File(("IHDR", png.Header()), ("PLTE", palette), data, ("IEND", []));
    }

    private static byte[] Header(byte high, byte width, byte compression, byte filter, byte interlace)
    {
        var header = s_grey.Header();
        (header[0], header[3], header[10], header[11], header[12]) = (high, width, compression, filter, interlace);
        return TestPng.File(("IHDR", header));
    }
}
