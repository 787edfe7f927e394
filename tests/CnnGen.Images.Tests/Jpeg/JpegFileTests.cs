using System.Security.Cryptography;
using CnnGen.Images.Jpeg;

namespace CnnGen.Images.Tests.Jpeg;

/// <summary>The files of <c>files/</c>, of every kind, have the bytes that djpeg makes of them: <c>expected.txt</c> has their hashes, made by <c>make_files.py</c>.</summary>
public sealed class JpegFileTests
{
    public static TheoryData<string> Cases => [.. File.ReadAllLines(Path.Combine(Repository.Tests, "Jpeg", "expected.txt"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_has_the_bytes_of_djpeg(string line)
    {
        var parts = line.Split(' ');

        var image = Image.Load(PathOf(parts[0]));

        Assert.Equal((int.Parse(parts[1]), int.Parse(parts[2]), int.Parse(parts[3])), (image.Width, image.Height, image.Channels));
        Assert.Equal(parts[4], Convert.ToHexStringLower(SHA256.HashData(image.Pixels))[..16]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resized_on_the_way_is_the_same_as_resized_afterwards(string line)
    {
        var path = PathOf(line.Split(' ')[0]);

        var way = Image.Load(path, new DecodeOptions { Width = 23, Height = 19, Channels = 1, Filter = ResizeFilter.Bicubic });

        Assert.Equal(Image.Load(path).WithChannels(1).Resize(23, 19, ResizeFilter.Bicubic).Pixels, way.Pixels);
    }

    [Fact]
    public void The_transform_in_vectors_has_the_bits_of_the_plain_one_and_is_near_the_definition()
    {
        var random = new Random(1);
        var (plain, vectors, filled) = (new byte[8 * 20], new byte[8 * 20], new byte[8 * 20]);
        for (var turn = 0; turn < 2000; turn++)
        {
            var (block, table) = (new short[64], new short[64]);
            for (var i = 0; i < 64; i++)
                (block[i], table[i]) = (random.Next(4) == 0 || i == 0 ? (short)random.Next(-30, 31) : (short)0, (short)random.Next(1, 20));
            JpegIdct.TransformScalar(block, table, plain, 20);
            JpegIdct.Transform(block, table, vectors, 20);
            Assert.Equal(plain, vectors);
            for (var i = 0; i < 64; i++)
                Assert.InRange(plain[(i / 8 * 20) + (i % 8)] - Math.Clamp(Definition(block, table, i % 8, i / 8), 0, 255), -0.75, 0.75);

            block.AsSpan(1).Clear();
            JpegIdct.Transform(block, table, vectors, 20);
            JpegIdct.Fill(block[0], table[0], filled, 20);
            Assert.Equal(vectors, filled);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void The_picture_is_turned_as_its_EXIF_orientation_says(int orientation)
    {
        foreach (var isLittle in new[] { false, true })
        {
            var plain = Image.Load(PathOf("size-17x33.jpg"));
            var file = TestJpeg.WithOrientation(File.ReadAllBytes(PathOf("size-17x33.jpg")), orientation, isLittle);

            var seen = Image.Decode(file);
            var stored = Image.Decode(file, new DecodeOptions { ApplyOrientation = false });
            var resized = Image.Decode(file, new DecodeOptions { Width = 5, Height = 7, Filter = ResizeFilter.Bilinear });

            Assert.Equal(plain.Pixels, stored.Pixels);
            Assert.Equal(orientation >= 5 ? (33, 17) : (17, 33), (seen.Width, seen.Height));
            Assert.Equal((5, 7), (resized.Width, resized.Height));
            for (var y = 0; y < seen.Height; y++)
            {
                for (var x = 0; x < seen.Width; x++)
                {
                    // EXIF 2.3: where the stored row 0 and column 0 lie in the scene.
                    var (column, row) = orientation switch
                    {
                        1 => (x, y), // top, left
                        2 => (16 - x, y), // top, right
                        3 => (16 - x, 32 - y), // bottom, right
                        4 => (x, 32 - y), // bottom, left
                        5 => (y, x), // left, top
                        6 => (y, 32 - x), // right, top
                        7 => (16 - y, 32 - x), // right, bottom
                        _ => (16 - y, x), // left, bottom
                    };
                    Assert.Equal(plain.Pixels.AsSpan(((row * 17) + column) * 3, 3).ToArray(), seen.Pixels.AsSpan(((y * seen.Width) + x) * 3, 3).ToArray());
                }
            }
        }
    }

    [Fact]
    public void An_orientation_that_is_none_leaves_the_picture_as_it_is()
    {
        var file = File.ReadAllBytes(PathOf("size-4x5.jpg"));
        foreach (var orientation in new[] { 0, 9, 65535 })
            Assert.Equal(Image.Decode(file).Pixels, Image.Decode(TestJpeg.WithOrientation(file, orientation, isLittle: true)).Pixels);
    }

    internal static string PathOf(string name) => Path.Combine(Repository.Tests, "Jpeg", "files", name);

    /// <summary>T.81, A.3.3, with 128 added.</summary>
    private static double Definition(short[] block, short[] table, int x, int y)
    {
        var sum = 0.0;
        for (var v = 0; v < 8; v++)
        {
            for (var u = 0; u < 8; u++)
            {
                var scale = (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1) / 4;
                sum += scale * block[(8 * v) + u] * table[(8 * v) + u] * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Cos(((2 * y) + 1) * v * Math.PI / 16);
            }
        }

        return sum + 128;
    }
}
