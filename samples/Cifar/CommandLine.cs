using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CnnGen;

namespace CifarSample;

/// <summary>The command line's options, with their defaults, their checks and their help.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Data = Path<string>("--data", "The folder with CIFAR-10's six files (data_batch_1.bin to data_batch_5.bin, test_batch.bin).", "DIR", isRequired: true);

    private static readonly Option<string> Network = new("--network")
    {
        Description = "small (the default): about 12 minutes on two cores; or large: about 45.",
        HelpName = "NAME",
        CustomParser = ParseNetwork,
        DefaultValueFactory = _ => "small",
    };

    private static readonly Option<int?> Epochs = Number("--epochs", $"How often training sees every image (default {Recipe.Small.Epochs}, of the large network {Recipe.Large.Epochs}).", least: 1, most: 10_000);

    private static readonly Option<int> Images = Number("--images", _ => 50_000, "How many of the images to train on: fewer to try the program out.", least: 1000, most: 50_000);

    private static readonly Option<int> Seconds = Number("--seconds", _ => 0, "End training after so many seconds, wherever its schedule is; 0: only after its epochs.", least: 0, most: 10_000_000);

    private static readonly Option<int?> Batch = Number("--batch", $"The images of one step (default {Recipe.Small.BatchSize}).", least: 1, most: 50_000);

    private static readonly Option<float?> LearningRate = new("--learning-rate")
    {
        Description = FormattableString.Invariant($"Muon's first learning rate, which falls to 0 in a line (default {Recipe.Small.LearningRate})."),
        HelpName = "RATE",
        CustomParser = ParseRate,
    };

    private static readonly Option<int> Seed = Number("--seed", _ => 1, "Decides all that is random: the same seed gives the same weights.", least: 0, most: int.MaxValue);

    private static readonly Option<int> ThreadCount =
        Number("--threads", DefaultThreads, "The threads to compute on; the weights don't depend on it.", least: 1, most: Threads.Maximum);

    private static readonly Option<string?> Save = Path<string?>("--save", "A file for the trained weights.", "FILE", isRequired: false);

    private static readonly Option<string?> Checkpoint = Path<string?>("--checkpoint", "A folder for the training's state: started again, it goes on from there.", "DIR", isRequired: false);

    /// <summary>The command with every option, which calls <paramref name="run"/> with what the user chose and exits with what it returns.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var command = new RootCommand("Trains a network on CIFAR-10 in minutes and measures it.")
        {
            Data, Network, Epochs, Images, Seconds, Batch, LearningRate, Seed, ThreadCount, Save, Checkpoint,
        };
        command.SetAction(parsed => run(new Settings(
            parsed.GetRequiredValue(Data),
            parsed.GetValue(Network) == "large",
            parsed.GetValue(Epochs),
            parsed.GetValue(Images),
            parsed.GetValue(Seconds) is > 0 and var seconds ? seconds : null,
            parsed.GetValue(Batch),
            parsed.GetValue(LearningRate),
            parsed.GetValue(Seed),
            parsed.GetValue(ThreadCount),
            parsed.GetValue(Save),
            parsed.GetValue(Checkpoint))));
        return command;
    }

    private static Option<T> Path<T>(string name, string description, string helpName, bool isRequired) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = isRequired,
        CustomParser = argument =>
        {
            var path = argument.Tokens[0].Value;
            if (string.IsNullOrWhiteSpace(path))
                argument.AddError($"{name} takes a path, not an empty text.");
            return (T)(object)path;
        },
    };

    private static Option<int> Number(string name, Func<ArgumentResult, int> initial, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = initial,
        CustomParser = argument => ParseNumber(argument, name, least, most) ?? 0,
    };

    /// <summary>A number that the network's recipe has where the user gives none.</summary>
    private static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = argument => ParseNumber(argument, name, least, most),
    };

    private static int? ParseNumber(ArgumentResult argument, string name, int least, int most)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {most}, not '{text}'."));
        return null;
    }

    private static string ParseNetwork(ArgumentResult argument)
    {
        var name = argument.Tokens[0].Value;
        if (name is not ("small" or "large"))
            argument.AddError($"--network takes small or large, not '{name}'.");
        return name;
    }

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

    private static float? ParseRate(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate > 0 && float.IsFinite(rate))
            return rate;
        argument.AddError($"--learning-rate takes a positive number such as 0.1, not '{text}'.");
        return null;
    }
}
