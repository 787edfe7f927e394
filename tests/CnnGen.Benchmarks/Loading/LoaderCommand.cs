using System.Diagnostics;
using CnnGen.Benchmarks.Measuring;
using CnnGen.Images;
using static System.FormattableString;

namespace CnnGen.Benchmarks.Loading;

/// <summary>
/// Loads a folder of pictures as a training does (decoding, resizing, a random-resized crop, a flip, normalising, batches of 64), without a cache, on one thread and on several; and the same files by PIL and NumPy in as many
/// processes (<c>peers/load_images.py</c>).
/// </summary>
internal static class LoaderCommand
{
    private const int BatchSize = 64;

    /// <param name="folder">A folder that holds a folder for each class.</param>
    /// <param name="size">Height and width that pictures are brought to.</param>
    /// <param name="rounds">How often everyone has a turn.</param>
    /// <param name="threads">What 'all threads' means.</param>
    /// <param name="python">A Python with PIL and NumPy; null: this project alone.</param>
    public static int Run(string folder, int size, int rounds, int threads, string? python)
    {
        NoNetwork.Size = size;
        var pictures = ImageFileDataset.Open(folder, size, size, new ImageFolderOptions { CacheBytes = 0 });
        Console.WriteLine(Invariant($"{pictures.Count} pictures, {pictures.Damaged.Count} damaged; {size} x {size}"));
        Console.WriteLine("| threads | CnnGen, images/s | of processor time, images/s | PIL, images/s | of processor time, images/s | times, by processor time |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|");
        foreach (var count in new[] { 1, threads }.Distinct())
        {
            var (own, peer) = (new List<Speed>(), new List<Speed>());
            for (var round = 0; round < rounds; round++)
            {
                own.Add(Own(pictures, count));
                if (python != null)
                    peer.Add(Peer(python, pictures.Files, size, count));
            }

            Console.WriteLine(Invariant($"| {count} | {Median(own, speed => speed.Wall):F0} | {Median(own, speed => speed.Processor):F0} | ")
                + (peer.Count == 0 ? "| | |" : Invariant($"{Median(peer, speed => speed.Wall):F0} | {Median(peer, speed => speed.Processor):F0} | {Median(own, speed => speed.Processor) / Median(peer, speed => speed.Processor):F2} |")));
        }

        return 0;
    }

    private static double Median(List<Speed> speeds, Func<Speed, double> value) => Statistics.Median(speeds.Select(value));

    private static Speed Own(ImageFileDataset pictures, int threads)
    {
        Threads.Count = threads;
        var trainer = new Trainer<NoNetwork>(NoNetwork.Create(), new Sgd(1e-3))
        {
            AlternatingFlip = true,
            Augmentation = Augment.RandomResizedCrop(NoNetwork.InputShape, leastArea: 0.5),
        };
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        trainer.Fit(pictures, 1, BatchSize);
        return new Speed(
            pictures.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, pictures.Count / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static Speed Peer(string python, IReadOnlyList<string> files, int size, int threads)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "peers", "load_images.py");
        var start = new ProcessStartInfo(python, [script, Invariant($"{size}"), Invariant($"{threads}")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        foreach (var file in files)
            process.StandardInput.WriteLine(Path.GetFullPath(file));
        process.StandardInput.Close();
        var words = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && words.Length == 2
            ? new Speed(double.Parse(words[0]), double.Parse(words[1]))
            : throw new InvalidOperationException($"{python} {script} ended with code {process.ExitCode}. It needs PIL and NumPy (Debian: python3-pil, python3-numpy).");
    }

    /// <param name="Wall">Images a second that passed.</param>
    /// <param name="Processor">Images a second of the processors' time: what one processor does.</param>
    private readonly record struct Speed(double Wall, double Processor);
}
