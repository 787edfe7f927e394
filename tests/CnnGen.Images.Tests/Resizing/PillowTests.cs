using System.Security.Cryptography;

namespace CnnGen.Images.Tests.Resizing;

/// <summary>Bilinear and bicubic have Pillow's bytes: <c>pillow.txt</c> has their hashes, made by <c>make_pillow.py</c>.</summary>
public sealed class PillowTests
{
    public static TheoryData<string> Cases => [.. File.ReadAllLines(Path.Combine(Repository.Tests, "Resizing", "pillow.txt"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resized_images_have_the_bytes_of_Pillow(string line)
    {
        var parts = line.Split(' ');
        var numbers = parts[..5].Select(int.Parse).ToArray();
        var filter = Enum.Parse<ResizeFilter>(parts[5]);
        var image = new Image(numbers[0], numbers[1], numbers[2], Pixels(numbers[0] * numbers[1] * numbers[2]));

        var resized = image.Resize(numbers[3], numbers[4], filter);

        Assert.Equal((numbers[3], numbers[4], numbers[2]), (resized.Width, resized.Height, resized.Channels));
        Assert.Equal(parts[6], Convert.ToHexStringLower(SHA256.HashData(resized.Pixels))[..16]);
    }

    /// <summary>The same as in make_pillow.py.</summary>
    internal static byte[] Pixels(int length)
    {
        var state = 12345L;
        var pixels = new byte[length];
        for (var i = 0; i < length; i++)
        {
            state = state * 48271 % 2147483647;
            pixels[i] = (state & 0x300) != 0 ? (byte)(state >> 16) : (byte)(255 * ((state >> 12) & 1));
        }

        return pixels;
    }
}
