using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CnnGen.Images.Tests.Jpeg;

/// <summary>Files that cjpeg and jpegtran make on the spot, of every kind and of many sizes, beside what djpeg makes of them.</summary>
public sealed class DjpegTests
{
    private static readonly string[] s_samplings = ["2x2", "2x1", "1x1", "1x2", "4x1", "4x2", "1x4", "2x2,2x1,1x1", "2x2,1x2,2x2", "1x1,2x1,1x2"];
    private static readonly string[] s_kinds = ["", "-progressive", "-optimize", "-restart 2B", "-progressive -restart 1"];

    [LibjpegFact]
    public void Two_hundred_files_of_all_kinds_have_the_bytes_of_djpeg()
    {
        var random = new Random(7);
        var files = 0;
        var differing = new List<string>();
        foreach (var sampling in s_samplings)
        {
            foreach (var kind in s_kinds)
            {
                for (var i = 0; i < 3; i++)
                {
                    var (width, height) = (random.Next(1, 90), random.Next(1, 90));
                    var quality = new[] { 20, 75, 92, 100 }[random.Next(4)];
                    Compare($"-quality {quality} -sample {sampling} {kind}", Picture(width, height, 3, random), ref files, differing);
                }
            }
        }

        foreach (var kind in s_kinds)
        {
            for (var i = 0; i < 4; i++)
            {
                Compare($"-grayscale -quality {random.Next(5, 101)} {kind}", Picture(random.Next(1, 100), random.Next(1, 100), 1, random), ref files, differing);
                Compare($"-rgb -quality {random.Next(5, 101)} {kind}", Picture(random.Next(1, 100), random.Next(1, 100), 3, random), ref files, differing);
                Compare($"-quality {random.Next(1, 101)} {kind}", Picture(random.Next(100, 300), random.Next(100, 300), 3, random), ref files, differing);
            }
        }

        // Pictures as data sets have them.
        foreach (var (width, height, channels, pixels) in Samples())
        {
            Compare("-quality 85", Pnm(width, height, channels, pixels), ref files, differing);
            Compare("-quality 85 -progressive -sample 2x1", Pnm(width, height, channels, pixels), ref files, differing);
        }

        Assert.True(files >= 200, $"{files} files");
        Assert.Empty(differing);
    }

    [LibjpegFact]
    public void Files_that_jpegtran_has_turned_have_the_bytes_of_djpeg()
    {
        var files = 0;
        var differing = new List<string>();
        foreach (var name in new[] { "larger.jpg", "baseline-422.jpg", "cmyk.jpg", "baseline-mixed.jpg" })
        {
            foreach (var options in new[] { "-rotate 90", "-rotate 180", "-transpose -progressive", "-transverse", "-flip horizontal -restart 1", "-progressive -optimize" })
                CompareFile($"{name} {options}", Run("jpegtran", options, File.ReadAllBytes(JpegFileTests.PathOf(name))), ref files, differing);
        }

        Assert.Equal(24, files);
        Assert.Empty(differing);
    }

    private static void Compare(string options, byte[] picture, ref int files, List<string> differing) =>
        CompareFile(options, Run("cjpeg", options, picture), ref files, differing);

    private static void CompareFile(string name, byte[] file, ref int files, List<string> differing)
    {
        files++;
        var expected = Image.Decode(Run("djpeg", "-pnm", file));
        var actual = Image.Decode(file);
        if ((expected.Width, expected.Height, expected.Channels) != (actual.Width, actual.Height, actual.Channels))
        {
            differing.Add($"{name}: {actual.Width} x {actual.Height} x {actual.Channels} instead of {expected.Width} x {expected.Height} x {expected.Channels}");
            return;
        }

        var most = expected.Pixels.Zip(actual.Pixels).Max(pair => Math.Abs(pair.First - pair.Second));
        var count = expected.Pixels.Zip(actual.Pixels).Count(pair => pair.First != pair.Second);
        if (most > 0)
            differing.Add($"{name} ({actual.Width} x {actual.Height}): {count} bytes differ by at most {most}");
    }

    private static byte[] Picture(int width, int height, int channels, Random random)
    {
        var pixels = new byte[width * height * channels];
        var (waveX, waveY, noise) = (random.NextDouble() / 3, random.NextDouble() / 3, random.Next(60));
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, c) = (i / channels % width, i / channels / width, i % channels);
            var value = 128 + (100 * Math.Sin((x * waveX * (c + 1)) + (y * waveY))) + ((x / 9) + (y / 5) + c) % 3 * 25 + (x > width / 2 ? random.Next(-noise, noise + 1) : 0);
            pixels[i] = (byte)Math.Clamp(value, 0, 255);
        }

        return Pnm(width, height, channels, pixels);
    }

    /// <summary>Digits of MNIST and the sample, where they are: none is needed.</summary>
    private static IEnumerable<(int Width, int Height, int Channels, byte[] Pixels)> Samples()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "samples", "Classify", "digits")).Order(StringComparer.Ordinal))
        {
            var image = Image.Load(file);
            yield return (image.Width, image.Height, image.Channels, image.Pixels);
            var colored = image.Resize(64, 48, ResizeFilter.Bicubic).WithChannels(3);
            for (var i = 0; i < colored.Pixels.Length; i += 3)
                colored.Pixels[i] = (byte)(255 - colored.Pixels[i]);
            yield return (64, 48, 3, colored.Pixels);
        }
    }

    private static byte[] Pnm(int width, int height, int channels, byte[] pixels) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P{(channels == 1 ? 5 : 6)} {width} {height} 255\n")), .. pixels];

    private static byte[] Run(string program, string options, byte[] input)
    {
        var start = new ProcessStartInfo(program, options) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var write = Task.Run(() =>
        {
            using var stream = process.StandardInput.BaseStream;
            stream.Write(input);
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        write.Wait();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {options}: {error.Result}");
        return output.ToArray();
    }
}

/// <summary>A test that needs libjpeg-turbo's programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LibjpegFactAttribute : FactAttribute
{
    public LibjpegFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (var program in new[] { "djpeg", "cjpeg", "jpegtran" })
        {
            if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
                Skip = $"There is no {program} here (Debian: apt-get install libjpeg-turbo-progs).";
        }
    }
}
