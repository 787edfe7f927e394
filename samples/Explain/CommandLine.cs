using System.CommandLine;
using TrainingSamples;

namespace ExplainSample;

/// <summary>What the user chose.</summary>
/// <param name="Port">The port of the page; 0 for any that is free.</param>
/// <param name="WeightsPath">A safetensors file, or null for the program's own.</param>
/// <param name="DataFolder">A folder with MNIST's files, or null for the program's own images.</param>
/// <param name="ImageCount">How many images to look at the network with.</param>
/// <param name="Epochs">How long to train first; 0 for not at all.</param>
/// <param name="ReportFolder">Where the report goes; null for the page.</param>
/// <param name="HasPictures">Whether the report's pictures are written as files too.</param>
internal sealed record Settings(int Port, string? WeightsPath, string? DataFolder, int ImageCount, int Epochs, string? ReportFolder, bool HasPictures);

/// <summary>The command line's options, with their defaults and their help.</summary>
internal static class CommandLine
{
    private const int DefaultPort = 5080;

    /// <summary>The command, which calls <paramref name="run"/> with what the user chose.</summary>
    public static RootCommand Create(string model, Func<Settings, int> run)
    {
        var port = Options.Number("--port", "The page's port on this machine; 0 takes any that is free.", 0, 65_535, DefaultPort);
        var weights = Options.Path("--weights", "FILE", "The weights to show, as safetensors.");
        var data = Options.Path("--data", "DIR", "A folder with MNIST's four files (IDX, plain or .gz): images to look at the network with.");
        var images = Options.Number("--images", "How many images are looked at for the strongest activations and the report.", 1, 1_000_000, 1000);
        var epochs = Options.Number("--epochs", "Trains a new model for so many epochs first, and shows how it came about; 0 takes the weights.", 0, 10_000, 0);
        var root = new RootCommand($"Shows what {model} makes of an image, layer by layer: a page on this machine.") { port, weights, data, images, epochs };
        root.SetAction(parsed => run(Chosen(parsed, null, hasPictures: false)));

        var folder = new Argument<string>("FOLDER") { Description = "Where report.html is written; it is made if need be." };
        var pictures = new Option<bool>("--pictures") { Description = "Writes the report's pictures as files too, PNG and SVG." };
        var report = new Command("report", "Writes all of it for the images as one HTML file, without a server.") { folder, weights, data, images, epochs, pictures };
        report.SetAction(parsed => run(Chosen(parsed, parsed.GetRequiredValue(folder), parsed.GetValue(pictures))));
        root.Add(report);
        return root;

        Settings Chosen(ParseResult parsed, string? reportFolder, bool hasPictures) =>
            new(parsed.GetValue(port), parsed.GetValue(weights), parsed.GetValue(data), parsed.GetValue(images), parsed.GetValue(epochs), reportFolder, hasPictures);
    }
}
