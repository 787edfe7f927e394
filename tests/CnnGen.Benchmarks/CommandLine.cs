using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CnnGen.Benchmarks.Hog;
using CnnGen.Benchmarks.Jpeg;
using CnnGen.Benchmarks.Loading;
using CnnGen.Benchmarks.StartUp;

namespace CnnGen.Benchmarks;

/// <summary>The command line and its help.</summary>
internal static class CommandLine
{
    private static readonly Option<string[]> Cases = new("--case")
    {
        Description = "Measures only cases whose name has this part, such as 'LeNet5' or 'threads 1'; may be given several times.",
        HelpName = "TEXT",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Rounds = Number("--rounds", 5, "How often everyone has a turn.", 1, 1000);

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "How long a turn lasts.",
        HelpName = "S",
        DefaultValueFactory = _ => 0.5,
        CustomParser = ParseSeconds,
    };

    private static readonly Option<int> ThreadCount = Number("--threads", Environment.ProcessorCount, "What 'all threads' means.", 1, Threads.Maximum);

    private static readonly Option<string?> Peers = new("--peers")
    {
        Description = "The folder in which `npm install onnxruntime-node` was run. Without it ONNX Runtime is not measured.",
        HelpName = "DIR",
    };

    private static readonly Option<string> Python = new("--python")
    {
        Description = "A Python that has torch.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "/usr/bin/python3",
    };

    private static readonly Option<bool> Alone = new("--alone") { Description = "Measures this project only, without peers." };

    private static readonly Option<string?> Before = new("--before")
    {
        Description = "Another build of this program (its CnnGen.Benchmarks.dll), such as the commit before: the only one measured beside this one.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Priority = new("--priority")
    {
        Description = "On a machine that isn't quiet: those who are measured go before all other processes. Takes the right to raise priorities.",
    };

    private static readonly Option<bool> List = new("--list") { Description = "Prints the cases' names and measures nothing." };

    private static readonly Option<string?> Out = new("--out") { Description = "A file for the tables, beside printing them.", HelpName = "FILE" };

    /// <summary>The command line as a whole.</summary>
    /// <param name="run">Measures.</param>
    /// <param name="list">Lists the cases that it would measure.</param>
    public static RootCommand Create(Func<Settings, int> run, Func<Settings, int> list)
    {
        var root = new RootCommand("Measures CnnGen beside ONNX Runtime and PyTorch, in turns in one run, and prints markdown tables.")
        {
            Cases, Rounds, Seconds, ThreadCount, Peers, Python, Alone, Before, Priority, List, Out,
        };
        root.SetAction(parsed =>
        {
            var alone = parsed.GetValue(Alone) || parsed.GetValue(Before) is not null;
            var settings = new Settings(
                parsed.GetValue(Cases) ?? [],
                parsed.GetValue(Rounds),
                parsed.GetValue(Seconds),
                parsed.GetValue(ThreadCount),
                alone ? null : parsed.GetValue(Python),
                alone || parsed.GetValue(List) || parsed.GetValue(Peers) is not { } folder ? null : FindLibrary(folder),
                parsed.GetValue(Before) is { } before ? FindBuild(before) : null,
                parsed.GetValue(Priority),
                parsed.GetValue(Out));
            return parsed.GetValue(List) ? list(settings) : run(settings);
        });

        var startUp = new Command("startup", "Measures cold processes: the first call of a model with more than 100 kernels, with Warmup before it and without.") { Rounds };
        startUp.SetAction(parsed => StartUpCommand.Run(parsed.GetValue(Rounds)));
        root.Add(startUp);

        var hog = new Command("hog", "Measures calls on all threads alone, and while another process keeps one processor busy.") { Rounds, Seconds, ThreadCount };
        hog.SetAction(parsed => HogCommand.Run(parsed.GetValue(Rounds), parsed.GetValue(Seconds), parsed.GetValue(ThreadCount)));
        root.Add(hog);

        var files = new Argument<string[]>("files") { Description = "JPEG files.", Arity = ArgumentArity.OneOrMore };
        var jpeg = new Command("jpeg", "Decodes JPEG files on one thread, beside libjpeg-turbo (Debian: libturbojpeg0).") { files, Rounds, Seconds };
        jpeg.SetAction(parsed => JpegCommand.Run(parsed.GetValue(files)!, parsed.GetValue(Rounds), parsed.GetValue(Seconds)));
        root.Add(jpeg);

        var folder = new Argument<string>("folder") { Description = "A folder of pictures that holds a folder for each class." };
        var size = Number("--size", 224, "Height and width that pictures are brought to.", 8, 4096);
        var loader = new Command("loader", "Loads a folder of pictures as a training does, beside PIL and NumPy.") { folder, size, Rounds, ThreadCount, Python, Alone };
        loader.SetAction(parsed => LoaderCommand.Run(
            parsed.GetValue(folder)!, parsed.GetValue(size), parsed.GetValue(Rounds), parsed.GetValue(ThreadCount), parsed.GetValue(Alone) ? null : parsed.GetValue(Python)));
        root.Add(loader);
        return root;
    }

    /// <exception cref="FileNotFoundException">The folder has no ONNX Runtime for this machine.</exception>
    private static string FindLibrary(string folder)
    {
        const string name = "libonnxruntime.so.1";
        var part = Path.Combine("linux", "x64");
        var found = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories).FirstOrDefault(path => path.Contains(part, StringComparison.Ordinal))
            : null;
        return found is not null
            ? Path.GetFullPath(found)
            : throw new FileNotFoundException($"--peers '{folder}': there is no {Path.Combine(part, name)} in it. Run `npm install onnxruntime-node` there.");
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    private static string FindBuild(string path) => File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new FileNotFoundException($"--before '{path}': there is no such file. It takes a CnnGen.Benchmarks.dll, built in Release.");

    private static Option<int> Number(string name, int initial, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => initial,
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                return value;
            argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {most}, not '{text}'."));
            return least;
        },
    };

    private static double ParseSeconds(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 3600)
            return value;
        argument.AddError($"--seconds takes a number above 0, up to 3600, not '{text}'.");
        return 1;
    }
}
