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

    private static readonly Option<int> Epochs = Number("--epochs", _ => 5, "How often training sees every image.", least: 1, most: 10_000);

    private static readonly Option<int> Batch = Number("--batch", _ => 64, "The images of one step.", least: 1, most: 60_000);

    private static readonly Option<float> LearningRate = new("--learning-rate")
    {
        Description = "The highest learning rate of the one-cycle schedule.",
        HelpName = "RATE",
        CustomParser = ParseRate,
        DefaultValueFactory = _ => 0.04f,
    };

    private static readonly Option<int> Seed = Number("--seed", _ => 1, "Decides all that is random: the same seed gives the same weights.", least: 0, most: int.MaxValue);

    private static readonly Option<int> ThreadCount =
        Number("--threads", DefaultThreads, "The threads to compute on; the weights don't depend on it.", least: 1, most: Threads.Maximum);

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The file for the trained weights.",
        HelpName = "FILE",
        CustomParser = ParsePath,
        DefaultValueFactory = _ => "lenet5.safetensors",
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
        var command = new RootCommand("Trains LeNet-5 on handwritten digits, saves its weights and predicts with the saved file.")
        {
            Data, Epochs, Batch, LearningRate, Seed, ThreadCount, Out, SaveDigits,
        };
        command.SetAction(parsed => run(new Settings(
            parsed.GetValue(Data),
            parsed.GetValue(Epochs),
            parsed.GetValue(Batch),
            parsed.GetValue(LearningRate),
            parsed.GetValue(Seed),
            parsed.GetValue(ThreadCount),
            parsed.GetRequiredValue(Out),
            parsed.GetValue(SaveDigits))));
        return command;
    }

    private static Option<int> Number(string name, Func<ArgumentResult, int> initial, string description, int least, int most)
    {
        return new Option<int>(name)
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

    private static float ParseRate(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate > 0 && float.IsFinite(rate))
            return rate;
        argument.AddError($"--learning-rate takes a positive number such as 0.04, not '{text}'.");
        return 0;
    }
}
