using System.Text;
using CnnGen.Images.Tests.Bmp;
using CnnGen.Images.Tests.Gif;
using CnnGen.Images.Tests.Jpeg;
using CnnGen.Images.Tests.Png;

namespace CnnGen.Campaigns.Images;

/// <summary>Small images of every kind that is read, sound ones, to begin with.</summary>
internal static class ImageCorpus
{
    /// <param name="jpegs">The folder of JPEG files.</param>
    public static List<byte[]> Load(string jpegs)
    {
        var random = new Random(1);
        var files = new List<byte[]>();
        foreach (var path in Directory.GetFiles(jpegs, "*.jpg").Order(StringComparer.Ordinal))
        {
            var file = File.ReadAllBytes(path);
            if (file.Length < 6000)
                files.Add(file);
        }

        files.Add(TestJpeg.WithOrientation(files[0], 6, isLittle: true));
        files.Add(TestJpeg.WithOrientation(files[1], 3, isLittle: false));
        foreach (var (type, depth) in new[] { (0, 1), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 4), (3, 8), (4, 8), (6, 8), (6, 16) })
        {
            foreach (var isInterlaced in new[] { false, true })
            {
                var png = new TestPng(19, 23, type, depth) { IsInterlaced = isInterlaced, Parts = 2, Palette = type == 3 ? Bytes(3 << depth, random) : null };
                files.Add(png.Write(Samples(19 * 23 * png.Samples, 1 << depth, random)));
            }
        }

        foreach (var bits in new[] { 1, 4, 8 })
        {
            foreach (var isInterlaced in new[] { false, true })
            {
                var indices = Samples(40 * 30, 1 << bits, random).Select(value => (byte)value).ToArray();
                files.Add(new TestGif(40, 30, bits) { IsInterlaced = isInterlaced, CanvasWidth = 50, CanvasHeight = 40, Left = 3, Top = 4, Transparent = 1 }.Write(indices, Bytes(768, random)));
            }
        }

        foreach (var (bits, size, compression) in new[] { (1, 40, 0), (4, 12, 0), (8, 124, 0), (16, 40, 0), (24, 40, 0), (32, 108, 3), (16, 40, 3) })
        {
            var behind = Bytes(bits <= 8 ? (size == 12 ? 3 : 4) << bits : compression == 3 ? 12 : 0, random);
            if (compression == 3)
                new byte[] { 0, 0xF8, 0, 0, 0xE0, 7, 0, 0, 0x1F, 0, 0, 0 }.CopyTo(behind, 0);
            files.Add(TestBmp.File(9, 7, bits, size, compression, behind, Bytes(7 * (((9 * bits) + 31) / 32 * 4), random)));
        }

        files.Add(TestBmp.File(6, 4, 8, 40, 1, Bytes(1024, random), [3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 0, 2, 1, 1, 2, 7, 0, 1]));
        files.Add(TestBmp.File(6, 4, 4, 40, 2, Bytes(64, random), [3, 0x56, 0, 3, 0x12, 0x30, 0, 0, 0, 2, 1, 1, 2, 0x78, 0, 1]));
        foreach (var text in new[] { "P1 4 2 1 0 1 1 0 0 1 0", "P2 3 2 15 0 1 2 3 4 15", "P3 2 1 255 1 2 3 # four\n4 5 6", "P4 9 2\nabcd", "P5 4 3 255\nabcdefghijkl", "P6 2 2 65535\nabcdefghijklmnopqrstuvwx" })
            files.Add(Encoding.ASCII.GetBytes(text));
        return files;
    }

    private static int[] Samples(int count, int levels, Random random)
    {
        var samples = new int[count];
        for (var i = 0; i < count; i++)
            samples[i] = random.Next(3) == 0 ? random.Next(levels) : i > 0 ? samples[i - 1] : 0;
        return samples;
    }

    private static byte[] Bytes(int count, Random random)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
