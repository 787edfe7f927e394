using System.CommandLine;
using TrainingSamples;

namespace TransferSample;

/// <summary>The command line's options, with their defaults and their help.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Data =
        Options.Path("--data", "DIR", "The folder with CIFAR-10's six files (data_batch_1.bin to data_batch_5.bin, test_batch.bin).");

    private static readonly Option<string?> Folder =
        Options.Path("--folder", "DIR", "Instead of these: photographs, a folder for each class, ten classes or more; a fifth of each class is to be tested on.");

    private static readonly Option<bool> Quick = new("--quick") { Description = "Try the program out: less training, and of CIFAR-10 a part of the images. The figures mean little." };

    private static readonly Option<int?> Epochs =
        Options.Number("--epochs", $"How often the first training sees every image (default {Effort.Whole.Epochs}, with --quick {Effort.Quick.Epochs}).", 1, 10_000);

    private static readonly Option<int?> Draws = Options.Number(
        "--draws", $"How often the few images are drawn anew: mean and deviation are over them (default {Effort.Whole.Draws}, with --quick {Effort.Quick.Draws}).", 1, 1000);

    private static readonly Option<int> Seed = Options.Seed(most: 1_000_000);

    private static readonly Option<int> ThreadCount = Options.ThreadCount();

    private static readonly Option<string?> Chart = Options.Path("--chart", "FILE", "The file for the drawing of the table (SVG; default transfer.svg).");

    /// <summary>The command with every option, which calls <paramref name="run"/> with what the user chose and exits with what it returns.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var command = new RootCommand("Trains a network on five classes of CIFAR-10, or of a folder of photographs, and learns five others from few images: from scratch, fine-tuned, and by linear classifiers on the features of each layer.")
        {
            Data, Folder, Quick, Epochs, Draws, Seed, ThreadCount, Chart,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(Data) == null == (parsed.GetResult(Folder) == null))
                parsed.AddError("Say where the images are: by --data DIR (CIFAR-10), or by --folder DIR (photographs).");
        });
        command.SetAction(parsed => run(new Settings(
            parsed.GetValue(Data),
            parsed.GetValue(Folder),
            parsed.GetValue(Quick),
            parsed.GetValue(Epochs),
            parsed.GetValue(Draws),
            parsed.GetValue(Seed),
            parsed.GetValue(ThreadCount),
            parsed.GetValue(Chart) ?? "transfer.svg")));
        return command;
    }
}
