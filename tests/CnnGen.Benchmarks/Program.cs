using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using CnnGen.Benchmarks;
using CnnGen.Benchmarks.Cases;
using CnnGen.Benchmarks.Hog;
using CnnGen.Benchmarks.Measuring;
using CnnGen.Benchmarks.Processes;
using CnnGen.Benchmarks.Report;
using CnnGen.Benchmarks.StartUp;

// Numbers are read and printed alike everywhere, whatever the user's language.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

// The program starts itself as those who are measured: see Peer.
switch (args)
{
    case ["own"]:
        OwnProcess.Serve();
        return 0;
    case ["startup-process", var way, var work]:
        return StartUpProcess.Run(way, work);
    case ["hog-process"]:
        return HogProcess.Spin();
    case ["onnxruntime", var library]:
        OnnxRuntimeProcess.Serve(library);
        return 0;
}

var parsed = CommandLine.Create(Measure, List).Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"error: {parsed.Errors[0].Message} (--help lists the options)");
    return 2;
}

try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is IOException or InvalidDataException or InvalidOperationException or System.ComponentModel.Win32Exception)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}

static IReadOnlyList<BenchmarkCase> Choose(Settings settings)
{
    var chosen = AllCases.List
        .Where(one => settings.Filters.Count == 0 || settings.Filters.Any(part => one.ToString().Contains(part, StringComparison.OrdinalIgnoreCase)))
        .Select(one => settings.Before is null ? one : one with { BarKind = BarKind.None })
        .ToList();
    return chosen.Count > 0
        ? chosen
        : throw new InvalidOperationException($"No case's name has '{string.Join("' or '", settings.Filters)}' in it; --list prints them.");
}

static int List(Settings settings)
{
    foreach (var one in Choose(settings))
        Console.WriteLine(one);
    return 0;
}

static int Measure(Settings settings)
{
    var results = new List<CaseResult>();
    using var material = new Material(settings);

    // Weights and ONNX files take gigabytes: they go even when the user stops the program.
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => material.Dispose());
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => material.Dispose());
    var runner = new CaseRunner(settings, material);
    foreach (var one in Choose(settings))
    {
        results.Add(runner.Run(one));
        Console.Error.WriteLine(MarkdownReport.Line(results[^1]));
        if (settings.OutPath is not null)
            File.WriteAllText(settings.OutPath, MarkdownReport.Write(settings, results));
    }

    Console.WriteLine(MarkdownReport.Write(settings, results));
    return 0;
}
