using System.Diagnostics;
using System.Globalization;
using CnnGen;
using CnnGen.Insight;
using CnnGen.Runtime;
using TrainingSamples;

namespace ZooSample;

/// <summary>What the commands do.</summary>
internal static class Commands
{
    private const double WarmUpSeconds = 0.3;
    private const int LeastCalls = 5;

    public static int List()
    {
        Console.WriteLine(Row("network", "input", "outputs", "parameters", "multiply-adds"));
        foreach (var network in Catalogue.All)
        {
            Console.WriteLine(Row(
                network.Name,
                network.InputShape.ToString(),
                network.OutputLength.ToString("N0", CultureInfo.InvariantCulture),
                network.Summary.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                network.Summary.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture)));
        }

        return ExitCode.Success;
    }

    public static int Summarize(Network network)
    {
        Console.WriteLine(network.Summary);
        return ExitCode.Success;
    }

    public static int Draw(Network network, string? path)
    {
        path ??= network.Name + ".svg";
        OutputFile.Check("--out", path, network.Name + ".svg");
        Chart.Save(ArchitectureDrawing.Svg(network.Summary), path);
        Console.WriteLine($"{network.Name} is drawn in {path}.");
        return ExitCode.Success;
    }

    public static int Compare()
    {
        var differences = 0;
        Console.WriteLine(Row("network", "", "agrees", "parameters", "multiply-adds"));
        foreach (var network in Catalogue.All)
        {
            if (network.Published is not { } published)
                continue;
            var agrees = published.Agrees(network.Summary);
            differences += agrees ? 0 : 1;
            Console.WriteLine(Row(network.Name, "here", agrees ? "yes" : "NO", Number(network.Summary.Parameters), Giga(network.Summary.MultiplyAdds / 1e9)));
            Console.WriteLine(Row("", "published", "", Number(published.Parameters), published.GigaMultiplyAdds is { } giga ? Giga(giga) : ""));
        }

        Console.WriteLine(differences == 0 ? "no difference" : string.Create(CultureInfo.InvariantCulture, $"{differences} differ"));
        return differences == 0 ? ExitCode.Success : ExitCode.Failure;

        static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

        static string Giga(double number) => number.ToString("F2", CultureInfo.InvariantCulture) + " G";
    }

    public static int Bench(Network network, int batch, int threads, double seconds)
    {
        Threads.Count = threads;
        var created = Stopwatch.GetTimestamp();
        var model = network.Create();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{network.Name}: batch {batch}, threads {threads}, {InstructionSets.Best}; made in {Stopwatch.GetElapsedTime(created).TotalMilliseconds:F0} ms"));

        var random = new Random(1);
        var images = new float[checked(batch * network.InputShape.Length)];
        for (var i = 0; i < images.Length; i++)
            images[i] = (2 * random.NextSingle()) - 1;
        var scores = new float[batch * network.OutputLength];

        var first = Stopwatch.GetTimestamp();
        model.Predict(images, scores, batch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first call {Stopwatch.GetElapsedTime(first).TotalMilliseconds:F1} ms"));

        var timing = Timing.Measure(() => model.Predict(images, scores, batch), seconds, WarmUpSeconds, LeastCalls);
        PrintLine("median", timing.Median, network, batch);
        PrintLine("minimum", timing.Minimum, network, batch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{timing.Calls} calls"));
        return ExitCode.Success;
    }

    private static void PrintLine(string what, double seconds, Network network, int batch) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-8} {Duration(seconds),12} {batch / seconds,14:N1} images/s {network.Operations * batch / seconds / 1e9,10:F1} GFLOP/s"));

    private static string Duration(double seconds) => seconds < 1e-3
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:F2} us")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:F3} ms");

    private static string Row(string name, string input, string outputs, string parameters, string multiplyAdds) =>
        $"{name,-24} {input,-11} {outputs,9} {parameters,13} {multiplyAdds,15}";
}
