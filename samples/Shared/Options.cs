using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CnnGen;

namespace TrainingSamples;

/// <summary>Options of a command line, each kind read and checked in one way.</summary>
internal static class Options
{
    /// <summary>The threads, which every program has.</summary>
    public static Option<int> ThreadCount()
    {
        var option = Number("--threads", "The threads to compute on; results don't depend on it.", 1, Threads.Maximum, 0);
        option.DefaultValueFactory = argument =>
        {
            try
            {
                return Threads.Count;
            }
            catch (InvalidOperationException error)
            {
                // The environment variable is no number.
                argument.AddError(error.Message);
                return 1;
            }
        };
        return option;
    }

    /// <summary>The seed, which every program has.</summary>
    /// <param name="most">The greatest one.</param>
    public static Option<int> Seed(int most = int.MaxValue) => Number("--seed", "Decides all that is random: the same seed gives the same weights.", 0, most, 1);

    /// <summary>A whole number.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it says.</param>
    /// <param name="least">The smallest one.</param>
    /// <param name="most">The greatest one.</param>
    /// <param name="initial">The number where the user gives none.</param>
    public static Option<int> Number(string name, string description, int least, int most, int initial) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => initial,
        CustomParser = argument => ParseNumber(argument, name, least, most) ?? initial,
    };

    /// <summary>A whole number; null where the user gives none.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it says.</param>
    /// <param name="least">The smallest one.</param>
    /// <param name="most">The greatest one.</param>
    public static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = argument => ParseNumber(argument, name, least, most),
    };

    /// <summary>A learning rate, above 0; null where the user gives none.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it says.</param>
    public static Option<float?> Rate(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "RATE",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate > 0 && float.IsFinite(rate))
                return rate;
            argument.AddError($"{name} takes a positive number such as 0.04, not '{text}'.");
            return null;
        },
    };

    /// <summary>A file or a folder that has to be named.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="helpName">What stands for it in the help: FILE or DIR.</param>
    /// <param name="description">What it says.</param>
    public static Option<string> RequiredPath(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = true,
        CustomParser = argument => ParsePath(argument, name),
    };

    /// <summary>A file or a folder; null where the user names none.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="helpName">What stands for it in the help: FILE or DIR.</param>
    /// <param name="description">What it says.</param>
    public static Option<string?> Path(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = argument => ParsePath(argument, name),
    };

    /// <summary>One of some words, the first where the user says none.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it says.</param>
    /// <param name="words">The words.</param>
    public static Option<string> Choice(string name, string description, params string[] words) => new(name)
    {
        Description = description,
        HelpName = "NAME",
        DefaultValueFactory = _ => words[0],
        CustomParser = argument =>
        {
            var word = argument.Tokens[0].Value;
            if (!words.Contains(word))
                argument.AddError($"{name} takes {string.Join(" or ", words)}, not '{word}'.");
            return word;
        },
    };

    private static int? ParseNumber(ArgumentResult argument, string name, int least, int most)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {most}, not '{text}'."));
        return null;
    }

    private static string ParsePath(ArgumentResult argument, string name)
    {
        var path = argument.Tokens[0].Value;
        if (string.IsNullOrWhiteSpace(path))
            argument.AddError($"{name} takes a path, not an empty text.");
        return path;
    }
}
