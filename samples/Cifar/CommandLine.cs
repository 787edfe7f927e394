using System.CommandLine;
using TrainingSamples;

namespace CifarSample;

/// <summary>The command line's options, with their defaults and their help.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Data =
        Options.RequiredPath("--data", "DIR", "The folder with CIFAR-10's six files (data_batch_1.bin to data_batch_5.bin, test_batch.bin).");

    private static readonly Option<string> Network = Options.Choice("--network", "small (the default): about 9 minutes on two cores with AVX-512, 89 % right with views; or large: about 10, 90 %.", "small", "large");

    private static readonly Option<int?> Epochs =
        Options.Number("--epochs", $"How often training sees every image (default {Recipe.Small.Epochs}, of the large network {Recipe.Large.Epochs}).", 1, 10_000);

    private static readonly Option<int> Images = Options.Number("--images", "How many of the images to train on: fewer to try the program out.", 1000, 50_000, 50_000);

    private static readonly Option<int?> Seconds = Options.Number("--seconds", "End training after so many seconds, wherever its schedule is; otherwise only after its epochs.", 1, 10_000_000);

    private static readonly Option<int?> Batch =
        Options.Number("--batch", $"The images of one step (default {Recipe.Small.BatchSize}, of the large network {Recipe.Large.BatchSize}).", 1, 50_000);

    private static readonly Option<float?> LearningRate = Options.Rate("--learning-rate", FormattableString.Invariant(
        $"Muon's first learning rate, which falls to 0 in a line (default {Recipe.Small.LearningRate}, of the large network {Recipe.Large.LearningRate})."));

    private static readonly Option<int> Shift = Options.Number("--shift", "The pixels by which an image is shifted at most: more where training is long.", 0, 16, Recipe.Shift);

    private static readonly Option<int> Erase = Options.Number("--erase", "The side of a square that is erased from each image, in pixels: for trainings that are long enough.", 0, 32, 0);

    private static readonly Option<int> Seed = Options.Seed();

    private static readonly Option<int> ThreadCount = Options.ThreadCount();

    private static readonly Option<string> On = Target.Option();

    private static readonly Option<string?> Save = Options.Path("--save", "FILE", "A file for the trained weights.");

    private static readonly Option<string?> Checkpoint = Options.Path("--checkpoint", "DIR", "A folder for the training's state: started again, it goes on from there.");

    /// <summary>The command with every option, which calls <paramref name="run"/> with what the user chose and exits with what it returns.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var command = new RootCommand("Trains a network on CIFAR-10 in minutes and measures it.")
        {
            Data, Network, Epochs, Images, Seconds, Batch, LearningRate, Shift, Erase, Seed, ThreadCount, On, Save, Checkpoint,
        };
        command.SetAction(parsed => run(new Settings(
            parsed.GetRequiredValue(Data),
            parsed.GetValue(Network) == "large",
            parsed.GetValue(Epochs),
            parsed.GetValue(Images),
            parsed.GetValue(Seconds),
            parsed.GetValue(Batch),
            parsed.GetValue(LearningRate),
            parsed.GetValue(Shift),
            parsed.GetValue(Erase),
            parsed.GetValue(Seed),
            parsed.GetValue(ThreadCount),
            parsed.GetValue(On) == Target.Ilgpu,
            parsed.GetValue(Save),
            parsed.GetValue(Checkpoint))));
        return command;
    }
}
