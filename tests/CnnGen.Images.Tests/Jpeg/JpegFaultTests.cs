using System.Text.RegularExpressions;

namespace CnnGen.Images.Tests.Jpeg;

public sealed class JpegFaultTests
{
    private static readonly byte[] s_file = Read("baseline-420.jpg");
    private static readonly byte[] s_progressive = Read("progressive-420.jpg");

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "start", [0xFF, 0xD8, 0xFF], "at byte 3: the file ends before its picture begins" },
        { "segment", s_file[..30], "at byte 22: segment FF DB says 67 bytes; from 2 to the 8 that the file has were expected" },
        { "no frame", [.. s_file[..2], 0xFF, 0xDA, 0, 2, 0xFF, 0xD9], "at byte 6: a scan, but no frame came before that says how large the picture is" },
        { "nothing", [0xFF, 0xD8, 0xFF, 0xD9], "at byte 4: the file ends without a picture: it has no frame" },
        { "bits", TestJpeg.With(s_file, 0xC0, 0, 12), "at byte N: samples of 12 bits, which are not read; those of 8 are" },
        { "no rows", TestJpeg.With(s_file, 0xC0, 2, 0), "at byte N: the frame's header says 61 x 0 pixels; both must be from 1 to 65535" },
        { "components", TestJpeg.With(s_file, 0xC0, 5, 2), "at byte N: 2 components; 1 (grey), 3 (YCbCr or RGB) or 4 (CMYK) were expected" },
        { "header", TestJpeg.With(s_file, 0xC0, 5, 4), "at byte N: the frame's header has 15 bytes, but for 4 components 18 were expected" },
        { "sampling", TestJpeg.With(s_file, 0xC0, 7, 0x52), "at byte N: component 1 is sampled 5 x 2; both must be from 1 to 4" },
        { "ratio", TestJpeg.With(TestJpeg.With(s_file, 0xC0, 7, 0x31), 0xC0, 10, 0x21), "at byte N: a component is sampled 2 x 1 beside 3 x 1, which is no whole multiple and is not read" },
        { "table", TestJpeg.With(s_file, 0xC0, 8, 4), "at byte N: component 1 has quantisation table 4; 0 to 3 were expected" },
        { "no table", TestJpeg.With(s_file, 0xC0, 8, 3), "at byte N: component 1 has quantisation table 3, which the file has not given" },
        { "twice", TestJpeg.With(s_file, 0xC0, 9, 1), "at byte N: two components have the number 1" },
        { "two frames", TestJpeg.Insert(s_file, 0xC0, s_file[TestJpeg.Find(s_file, 0xC0)..][..15]), "at byte N: a second frame" },
        { "arithmetic", Marker(s_file, 0xC0, 0xC9), "at byte N: segment FF C9: lossless, hierarchical and arithmetically coded files are not read; baseline and progressive ones are" },
        { "scan's component", TestJpeg.With(s_file, 0xDA, 1, 9), "at byte N: a scan of component 9, but the frame has none of that number" },
        { "scan's count", TestJpeg.With(s_file, 0xDA, 0, 4), "at byte N: a scan of 4 components; 1 to 3 were expected" },
        { "scan's length", TestJpeg.With(s_file, 0xDA, 0, 2), "at byte N: the head of a scan of 2 components has 10 bytes; 8 were expected" },
        { "scan's tables", TestJpeg.With(s_file, 0xDA, 2, 0x40), "at byte N: Huffman tables 4 and 0; 0 to 3 were expected" },
        { "tables missing", TestJpeg.With(s_file, 0xDA, 2, 0x20), "at byte N: component 1 of 3 has Huffman tables 2 and 0, which the file has not given" },
        { "scan names twice", TestJpeg.With(s_file, 0xDA, 3, 1), "at byte N: a scan names component 1 twice" },
        { "large MCU", TestJpeg.With(s_file, 0xC0, 7, 0x44), "at byte N: an MCU of 18 blocks; at most 10 are allowed" },
        { "Huffman's counts", TestJpeg.With(s_file, 0xC4, 1, 200), "at byte N: a Huffman table of N codes; at most 256, and no more than the N that the segment has, were expected" },
        { "Huffman's lengths", TestJpeg.With(TestJpeg.With(s_file, 0xC4, 1, 3), 0xC4, 3, 0), "at byte N: a Huffman table has more codes than their lengths allow" },
        { "Huffman's symbols", TestJpeg.With(s_file, 0xC4, 20, 16), "at byte N: a Huffman table of DC coefficients has the symbol 16; at most 15 was expected" },
        { "Huffman's number", TestJpeg.With(s_file, 0xC4, 0, 0x24), "at byte N: a Huffman table of class 2 and number 4; 0 or 1, and 0 to 3, were expected" },
        { "quantisation's number", TestJpeg.With(s_file, 0xDB, 0, 0x24), "at byte N: a quantisation table of precision 2 and number 4; 0 or 1, and 0 to 3, were expected" },
        { "quantisation's length", TestJpeg.With(s_file, 0xDB, 0, 0x10), "at byte N: a quantisation table has 65 bytes; 129 were expected" },
        { "pixels end", [.. s_file[..^200], 0xFF, 0xD9], "at byte N: the pixels end in row N and column N of N x N MCUs: the file is cut off or damaged" },
        { "too few for its size", TestJpeg.With(TestJpeg.With(s_file, 0xC0, 1, 0x18), 0xC0, 3, 0x18), "at byte N: N bytes can't hold the N blocks of 6205 x 6191 pixels: the file is cut off" },
        { "no end", s_progressive[..^2], "at byte N: the file ends, but a marker was expected from byte N on: its end (EOI) or another scan is missing" },
        { "progressive band", TestJpeg.With(s_progressive, 0xDA, 8, 5), "at byte N: a progressive scan of coefficients 0 to 5 of 3 components; 0 by itself, or a part of 1 to 63 of one component, was expected" },
        { "progressive bits", TestJpeg.With(s_progressive, 0xDA, 9, 0x31), "at byte N: a progressive scan of bits 3 to 1; one bit below those that came before was expected" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_with_its_place(string label, byte[] file, string message)
    {
        Assert.NotEmpty(label);
        var said = Assert.Throws<ImageException>(() => Image.Decode(file)).Message;
        if (!message.Contains("byte N", StringComparison.Ordinal))
        {
            Assert.Equal("JPEG: " + message, said);
            return;
        }

        // Where it is, and the numbers that depend on the file's own bytes, are the file's.
        Assert.Matches("^JPEG: " + Regex.Escape(message).Replace("N", "[0-9]+", StringComparison.Ordinal) + "$", said);
    }

    [Fact]
    public void A_restart_marker_that_is_another_is_told()
    {
        var file = Read("restart-rows.jpg");
        var position = TestJpeg.Find(file, 0xDA);
        while (file[position] != 0xFF || file[position + 1] != 0xD0)
            position++;
        file[position + 1] = 0xD5;

        var said = Assert.Throws<ImageException>(() => Image.Decode(file)).Message;

        Assert.Equal($"JPEG: at byte {position}: the restart marker FF D0 was expected, but the bytes are FF D5: the pixels before it are damaged", said);
    }

    [Fact]
    public void Every_shortened_file_is_found_but_where_only_the_end_marker_is_missing()
    {
        foreach (var name in new[] { "baseline-420.jpg", "progressive-420.jpg", "restart-rows.jpg", "grey-30.jpg", "several-scans.jpg" })
        {
            var file = Read(name);
            var whole = Image.Decode(file).Pixels;
            for (var length = 0; length < file.Length; length++)
            {
                try
                {
                    // A sequential file's last byte may hold padding alone.
                    Assert.Equal(whole, Image.Decode(file.AsSpan(0, length)).Pixels);
                    Assert.InRange(length, file.Length - 3, file.Length);
                }
                catch (ImageException)
                {
                    // As it should be.
                }
            }
        }
    }

    [Fact]
    public void A_progressive_file_needs_memory_for_its_coefficients_and_is_refused_where_that_is_too_much()
    {
        Assert.Equal(61, Image.Decode(s_progressive, new DecodeOptions { MaxMemory = 1 << 20 }).Width);
        Assert.Equal(61, Image.Decode(s_file, new DecodeOptions { MaxMemory = 20_000 }).Width);

        var said = Assert.Throws<ImageException>(() => Image.Decode(s_progressive, new DecodeOptions { MaxMemory = 20_000 })).Message;

        Assert.Matches("^JPEG: decoding 61 x 47 pixels takes [0-9]+ bytes, more than the 20000 that are allowed", said);
    }

    [Fact]
    public void A_file_of_very_many_scans_is_refused()
    {
        var start = TestJpeg.Find(s_progressive, 0xDA) - 4;
        var end = start + 2;
        while (s_progressive[end] != 0xFF || s_progressive[end + 1] is 0 or (>= 0xD0 and <= 0xD7))
            end++;
        byte[] Times(int count) => [.. s_progressive[..start], .. Enumerable.Repeat(s_progressive[start..end], count).SelectMany(scan => scan), .. s_progressive[end..]];

        Assert.Equal(Image.Decode(s_progressive).Pixels, Image.Decode(Times(100)).Pixels);
        var said = Assert.Throws<ImageException>(() => Image.Decode(Times(201))).Message;

        Assert.Matches("^JPEG: at byte [0-9]+: more than 200 scans, which no writer makes$", said);
    }

    private static byte[] Marker(byte[] file, byte from, byte to)
    {
        var changed = (byte[])file.Clone();
        changed[TestJpeg.Find(file, from) - 3] = to;
        return changed;
    }

    private static byte[] Read(string name) => File.ReadAllBytes(JpegFileTests.PathOf(name));
}
