using System.Text;

namespace CnnGen.Images.Tests.Pnm;

public sealed class PnmReaderTests
{
    [Theory]
    [InlineData("P1 3 1 1 0 1", 1, new byte[] { 0, 255, 0 })]
    [InlineData("P1 2 2\n10#x\n01", 1, new byte[] { 0, 255, 255, 0 })]
    [InlineData("P4 9 2\nA\u0080B\u0000", 1, new byte[] { 255, 0, 255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 255, 255, 255, 0, 255, 255 })]
    [InlineData("P2 2 1 255 7 250", 1, new byte[] { 7, 250 })]
    [InlineData("P2\n# a comment\n2# another\n1\r\n15\n0 15\n", 1, new byte[] { 0, 255 })]
    [InlineData("P2 1 2 65535\t65535\v32768", 1, new byte[] { 255, 128 })]
    [InlineData("P3 1 1 255 1 2 3", 3, new byte[] { 1, 2, 3 })]
    [InlineData("P3 1 1 1 1 0 1 and what follows", 3, new byte[] { 255, 0, 255 })]
    [InlineData("P5 3 1 255\nABC", 1, new byte[] { 65, 66, 67 })]
    [InlineData("P5 2 1 255\n \n", 1, new byte[] { 32, 10 })]
    [InlineData("P5 2 1 100\n2d", 1, new byte[] { 128, 255 })]
    [InlineData("P5 1 1 65535\n@@", 1, new byte[] { 64 })]
    [InlineData("P6 1 1 255\nABC", 3, new byte[] { 65, 66, 67 })]
    public void Every_form_is_read(string file, int channels, byte[] pixels)
    {
        var image = Image.Decode(Encoding.Latin1.GetBytes(file));

        Assert.Equal(channels, image.Channels);
        Assert.Equal(pixels, image.Pixels);
        Assert.Equal(pixels.Length, image.Width * image.Height * channels);
    }

    [Theory]
    [InlineData("P", "it begins with P, but not with P1 to P6 as PBM, PGM and PPM do")]
    [InlineData("P7 1", "it begins with P, but not with P1 to P6 as PBM, PGM and PPM do")]
    [InlineData("P4 9 2 ABC", "at byte 10: the file ends after 3 bytes of pixels, but 4 were expected")]
    [InlineData("P1 2 2 101", "at byte 10: the file ends where a value was expected")]
    [InlineData("P1 3 3 101", "at byte 10: the file ends, but 9 values were expected")]
    [InlineData("P1 2 1 12", "at byte 8: a value was expected, 0 or 1, but the byte is 32")]
    [InlineData("P5", "at byte 2: the file ends where the width was expected")]
    [InlineData("P51 1 255 A", "at byte 2: a blank was expected before the width")]
    [InlineData("P5 x", "at byte 3: the width was expected, a number from 1 to 2147483647, but the byte is 78")]
    [InlineData("P5 -1", "at byte 3: the width was expected, a number from 1 to 2147483647, but the byte is 2D")]
    [InlineData("P5 0 1 255 A", "at byte 3: the width is 0, but must be from 1 to 2147483647")]
    [InlineData("P5 99999999999999999999 1 255 A", "at byte 3: the width is larger than 2147483647")]
    [InlineData("P5 70000 70000 255 A", "70000 x 70000 pixels are more than the 67108864 that are read (DecodeOptions.MaxPixels)")]
    [InlineData("P5 1 1 65536 A", "at byte 7: the largest value is 65536, but must be from 1 to 65535")]
    [InlineData("P5 2 2 255\nABC", "at byte 14: the file ends after 3 bytes of pixels, but 4 were expected")]
    [InlineData("P5 1 1 255", "at byte 10: one blank or line end was expected before the pixels")]
    [InlineData("P5 2 1 50\n1A", "at byte 11: the value 65 is above the largest, 50")]
    [InlineData("P2 2 1 255 1", "at byte 12: the file ends, but 2 values were expected")]
    [InlineData("P2 2 1 255 100 ", "at byte 15: the file ends where a value was expected")]
    [InlineData("P2 1 1 9 10", "at byte 9: a value is 10, but must be from 0 to 9")]
    public void A_fault_is_told_with_its_place(string file, string message) =>
        Assert.Equal("PNM: " + message, Assert.Throws<ImageException>(() => Image.Decode(Encoding.Latin1.GetBytes(file))).Message);
}
