using CnnGen.Benchmarks.Measuring;
using ZooSample;

namespace CnnGen.Benchmarks.Hog;

/// <summary>How much longer calls on all threads take while another process keeps one processor busy.</summary>
internal static class HogCommand
{
    private const float LearningRate = 0.001f;

    public static int Run(int rounds, double seconds, int threads)
    {
        Threads.Count = threads;
        Console.WriteLine("| case | threads | quiet, ms | beside a busy process, ms | times, by medians | slowest tenth, times |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        Measure("LeNet5", 32, trains: false);
        Measure("CifarCnn", 1, trains: false);
        Measure("CifarCnn", 32, trains: false);
        Measure("Vgg16", 1, trains: false);
        Measure("LeNet5", 64, trains: true);
        Measure("CifarCnn", 64, trains: true);
        return 0;

        void Measure(string name, int batch, bool trains)
        {
            if (!Catalogue.TryFind(name, out var network))
                throw new ArgumentException($"The zoo has no network '{name}'.");
            var model = network.Create();
            var random = new Random(1);
            var images = new float[batch * network.InputShape.Length];
            for (var i = 0; i < images.Length; i++)
                images[i] = (2 * random.NextSingle()) - 1;
            var scores = new float[batch * network.OutputLength];
            for (var i = 0; i < batch; i++)
                scores[(i * network.OutputLength) + random.Next(network.OutputLength)] = 1;
            var optimizer = new Sgd(LearningRate);
            Action call = trains ? () => model.Step(images, scores, batch, optimizer) : () => model.Predict(images, scores, batch);

            var (quiet, busy) = (new List<Series>(), new List<Series>());
            for (var round = 0; round < rounds; round++)
            {
                quiet.Add(Series.Measure(call, seconds));
                using var hog = HogProcess.Start();
                busy.Add(Series.Measure(call, seconds));
            }

            var (quietMedian, busyMedian) = (Statistics.Median(quiet.Select(s => s.Median)), Statistics.Median(busy.Select(s => s.Median)));
            var (quietSlow, busySlow) = (Statistics.Median(quiet.Select(s => s.SlowestTenth)), Statistics.Median(busy.Select(s => s.SlowestTenth)));
            Console.WriteLine(FormattableString.Invariant(
                $"| {name}, {(trains ? "training step, " : "")}batch {batch} | {threads} | {1e3 * quietMedian:G4} | {1e3 * busyMedian:G4} | {busyMedian / quietMedian:F2} | {busySlow / quietSlow:F2} |"));
        }
    }

    /// <summary>Calls one after the other, each timed by itself: seconds.</summary>
    private readonly record struct Series(double Median, double SlowestTenth)
    {
        public static Series Measure(Action call, double seconds)
        {
            var warmUp = System.Diagnostics.Stopwatch.StartNew();
            do
                call();
            while (warmUp.Elapsed.TotalSeconds < seconds / 5);

            var times = new List<double>();
            for (var whole = System.Diagnostics.Stopwatch.StartNew(); whole.Elapsed.TotalSeconds < seconds || times.Count < 10;)
            {
                var start = System.Diagnostics.Stopwatch.GetTimestamp();
                call();
                times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            times.Sort();
            return new Series(Statistics.Median(times), times[times.Count * 9 / 10]);
        }
    }
}
