using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CnnGen;

namespace TransferSample;

/// <summary>The command line's options, with their defaults, their checks and their help.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "The folder with CIFAR-10's six files (data_batch_1.bin to data_batch_5.bin, test_batch.bin).",
        HelpName = "DIR",
        Required = true,
        CustomParser = ParsePath,
    };

    private static readonly Option<bool> Quick = new("--quick") { Description = "Try the program out on a part of the images: the figures mean little." };

    private static readonly Option<int> Epochs = Number("--epochs", _ => 10, "How often the first training sees every image.", least: 1, most: 10_000);

    private static readonly Option<int> Draws = Number("--draws", _ => 3, "How often the few images are drawn anew: mean and deviation are over them.", least: 1, most: 1000);

    private static readonly Option<int> Seed = Number("--seed", _ => 1, "Decides all that is random.", least: 0, most: 1_000_000);

    private static readonly Option<int> ThreadCount =
        Number("--threads", DefaultThreads, "The threads to compute on; the figures don't depend on it.", least: 1, most: Threads.Maximum);

    private static readonly Option<string> Chart = new("--chart")
    {
        Description = "The file for the drawing of the table (SVG).",
        HelpName = "FILE",
        DefaultValueFactory = _ => "transfer.svg",
        CustomParser = ParsePath,
    };

    /// <summary>The command with every option, which calls <paramref name="run"/> with what the user chose and exits with what it returns.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var command = new RootCommand("Trains a network on five classes of CIFAR-10 and learns the other five from few images: from scratch, fine-tuned, and by linear classifiers on the features of each layer.")
        {
            Data, Quick, Epochs, Draws, Seed, ThreadCount, Chart,
        };
        command.SetAction(parsed => run(new Settings(
            parsed.GetRequiredValue(Data),
            parsed.GetValue(Quick),
            parsed.GetValue(Epochs),
            parsed.GetValue(Draws),
            parsed.GetValue(Seed),
            parsed.GetValue(ThreadCount),
            parsed.GetRequiredValue(Chart))));
        return command;
    }

    private static string ParsePath(ArgumentResult argument)
    {
        var path = argument.Tokens[0].Value;
        if (string.IsNullOrWhiteSpace(path))
            argument.AddError($"{((OptionResult)argument.Parent!).Option.Name} takes a path, not an empty text.");
        return path;
    }

    private static Option<int> Number(string name, Func<ArgumentResult, int> initial, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = initial,
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                return value;
            argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {most}, not '{text}'."));
            return 0;
        },
    };

    private static int DefaultThreads(ArgumentResult argument)
    {
        try
        {
            return Threads.Count;
        }
        catch (InvalidOperationException error)
        {
            argument.AddError(error.Message);
            return 1;
        }
    }
}
