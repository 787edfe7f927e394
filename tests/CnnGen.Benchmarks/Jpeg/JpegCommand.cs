using System.Diagnostics;
using CnnGen.Benchmarks.Measuring;
using CnnGen.Images;

namespace CnnGen.Benchmarks.Jpeg;

/// <summary>Decodes JPEG files on one thread, in turns with libjpeg-turbo, and prints a table.</summary>
internal static class JpegCommand
{
    /// <param name="paths">The files.</param>
    /// <param name="rounds">How often both have a turn at each file.</param>
    /// <param name="seconds">How long a turn lasts.</param>
    public static int Run(IReadOnlyList<string> paths, int rounds, double seconds)
    {
        using var turbo = new TurboJpeg();
        Console.WriteLine("| file | pixels | KB | CnnGen.Images, ms | Mpixels/s | libjpeg-turbo, ms | Mpixels/s | share of its speed | greatest difference |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        var (ours, theirs) = (0.0, 0.0);
        foreach (var path in paths)
        {
            var file = File.ReadAllBytes(path);
            var options = new DecodeOptions { Channels = 3, ApplyOrientation = false };
            var image = Image.Decode(file, options);
            var pixels = new byte[image.Pixels.Length];
            turbo.Decode(file, pixels, image.Width, image.Height);
            var most = image.Pixels.Zip(pixels).Max(pair => Math.Abs(pair.First - pair.Second));

            // Both decode into memory that is there.
            options = options with { Pixels = image.Pixels };
            var (own, peer) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                own.Add(Time(() => Image.Decode(file, options), seconds));
                peer.Add(Time(() => turbo.Decode(file, pixels, image.Width, image.Height), seconds));
            }

            var (a, b) = (Statistics.Median(own), Statistics.Median(peer));
            ours += a;
            theirs += b;
            var area = image.Width * image.Height / 1e6;
            Console.WriteLine($"| {Path.GetFileName(path)} | {image.Width} x {image.Height} | {file.Length / 1024.0:F0} | {a * 1e3:F3} | {area / a:F0} | {b * 1e3:F3} | {area / b:F0} | {b / a:P0} | {most} |");
        }

        Console.WriteLine($"| all | | | {ours * 1e3:F3} | | {theirs * 1e3:F3} | | {theirs / ours:P0} | |");
        return 0;
    }

    /// <summary>Seconds of a call, by the mean over a turn.</summary>
    private static double Time(Action call, double seconds)
    {
        var calls = 0;
        var start = Stopwatch.GetTimestamp();
        do
        {
            call();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
