using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CnnGen;

namespace MnistSample;

/// <summary>The command line's options, with their defaults, their checks and their help.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder with the four MNIST files (IDX, plain or .gz). Without it the program draws its own digits.",
        HelpName = "DIR",
        CustomParser = ParsePath,
    };

    private static readonly Option<string> Network = new("--network")
    {
        Description = "lenet5 (the default), or small: a network of fewer than 10,000 parameters, with batch normalisation and augmented images.",
        HelpName = "NAME",
        CustomParser = ParseNetwork,
        DefaultValueFactory = _ => "lenet5",
    };

    private static readonly Option<int?> Epochs = Number("--epochs", $"How often training sees every image (default {Recipe.LeNet.Epochs}, of the small network {Recipe.Small.Epochs}).", least: 1, most: 10_000);

    private static readonly Option<int?> Batch = Number("--batch", $"The images of one step (default {Recipe.LeNet.BatchSize}, of the small network {Recipe.Small.BatchSize}).", least: 1, most: 60_000);

    private static readonly Option<float?> LearningRate = new("--learning-rate")
    {
        Description = FormattableString.Invariant($"The highest learning rate of the one-cycle schedule (default {Recipe.LeNet.LearningRate}, of the small network {Recipe.Small.LearningRate})."),
        HelpName = "RATE",
        CustomParser = ParseRate,
    };

    private static readonly Option<int> Seed = Number("--seed", _ => 1, "Decides all that is random: the same seed gives the same weights.", least: 0, most: int.MaxValue);

    private static readonly Option<int> ThreadCount =
        Number("--threads", DefaultThreads, "The threads to compute on; the weights don't depend on it.", least: 1, most: Threads.Maximum);

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "The file for the trained weights (default lenet5.safetensors, of the small network small.safetensors).",
        HelpName = "FILE",
        CustomParser = ParsePath,
    };

    private static readonly Option<string?> SaveDigits = new("--save-digits")
    {
        Description = "Train nothing: write the first twenty test digits into this folder as images (PNG, PGM and PPM), named by their labels.",
        HelpName = "DIR",
        CustomParser = ParsePath,
    };

    /// <summary>The command with every option, which calls <paramref name="run"/> with what the user chose and exits with what it returns.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var command = new RootCommand("Trains LeNet-5, or a smaller network, on handwritten digits, saves its weights and predicts with the saved file.")
        {
            Data, Network, Epochs, Batch, LearningRate, Seed, ThreadCount, Out, SaveDigits,
        };
        command.SetAction(parsed => run(new Settings(
            parsed.GetValue(Data),
            parsed.GetValue(Network) == "small",
            parsed.GetValue(Epochs),
            parsed.GetValue(Batch),
            parsed.GetValue(LearningRate),
            parsed.GetValue(Seed),
            parsed.GetValue(ThreadCount),
            parsed.GetValue(Out) ?? parsed.GetRequiredValue(Network) + ".safetensors",
            parsed.GetValue(SaveDigits))));
        return command;
    }

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

    private static string ParsePath(ArgumentResult argument)
    {
        var path = argument.Tokens[0].Value;
        if (string.IsNullOrWhiteSpace(path))
            argument.AddError($"{((OptionResult)argument.Parent!).Option.Name} takes a path, not an empty text.");
        return path;
    }

    private static string ParseNetwork(ArgumentResult argument)
    {
        var name = argument.Tokens[0].Value;
        if (name is not ("lenet5" or "small"))
            argument.AddError($"--network takes lenet5 or small, not '{name}'.");
        return name;
    }

    private static float? ParseRate(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate > 0 && float.IsFinite(rate))
            return rate;
        argument.AddError($"--learning-rate takes a positive number such as 0.04, not '{text}'.");
        return null;
    }
}
