using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TrainingSamples;

namespace ZooSample;

/// <summary>The commands, and their help.</summary>
internal static class CommandLine
{
    private static readonly Argument<Network> Name = new("NAME")
    {
        Description = "A network's name, as the program lists them when it is called without a command.",
        CustomParser = ParseNetwork,
    };

    private static readonly Option<int> Batch = Options.Number("--batch", "The images of one call.", 1, 4096, 1);

    private static readonly Option<int> ThreadCount = Options.ThreadCount();

    private static readonly Option<string?> Out = Options.Path("--out", "FILE", "The file to write; without it, the network's name with .svg in this folder.");

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "How long to measure.",
        HelpName = "S",
        DefaultValueFactory = _ => 2,
        CustomParser = ParseSeconds,
    };

    /// <summary>The command line as a whole.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Well-known networks, compiled by CnnGen. Without a command it lists them.");
        root.SetAction(_ => Commands.List());

        var summary = new Command("summary", "Prints a network's table of layers.") { Name };
        summary.SetAction(parsed => Commands.Summarize(parsed.GetRequiredValue(Name)));
        root.Add(summary);

        var draw = new Command("draw", "Draws a network's layers, with their shapes, branches and blocks, as an SVG file.") { Name, Out };
        draw.SetAction(parsed => Commands.Draw(parsed.GetRequiredValue(Name), parsed.GetValue(Out)));
        root.Add(draw);

        var compare = new Command("compare", "Prints the networks' numbers of parameters and multiply-adds beside the published ones; fails where they differ.");
        compare.SetAction(_ => Commands.Compare());
        root.Add(compare);

        var bench = new Command("bench", "Measures how long a network takes to predict.") { Name, Batch, ThreadCount, Seconds };
        bench.SetAction(parsed => Commands.Bench(
            parsed.GetRequiredValue(Name), parsed.GetValue(Batch), parsed.GetValue(ThreadCount), parsed.GetValue(Seconds)));
        root.Add(bench);
        return root;
    }

    private static Network ParseNetwork(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Catalogue.TryFind(text, out var network))
            return network;
        argument.AddError($"There is no network '{text}'. There are {string.Join(", ", Catalogue.All.Select(one => one.Name))}.");
        return Catalogue.All[0];
    }

    private static double ParseSeconds(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 3600)
            return value;
        argument.AddError($"--seconds takes a number above 0, up to 3600, not '{text}'.");
        return 1;
    }
}
