using System.CommandLine;
using TrainingSamples;

namespace MnistSample;

/// <summary>The command line's options, with their defaults and their help.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Data =
        Options.Path("--data", "DIR", "A folder with the four MNIST files (IDX, plain or .gz). Without it the program draws its own digits.");

    private static readonly Option<string> Network = Options.Choice(
        "--network", "lenet5 (the default), or small: a network of fewer than 10,000 parameters, with batch normalisation and augmented images.", "lenet5", "small");

    private static readonly Option<int?> Epochs = Options.Number(
        "--epochs", $"How often training sees every image (default {Recipe.LeNet.Epochs}, of the small network {Recipe.Small.Epochs}).", 1, 10_000);

    private static readonly Option<int?> Batch = Options.Number(
        "--batch", $"The images of one step (default {Recipe.LeNet.BatchSize}, of the small network {Recipe.Small.BatchSize}).", 1, 60_000);

    private static readonly Option<float?> LearningRate = Options.Rate("--learning-rate", FormattableString.Invariant(
        $"The highest learning rate of the one-cycle schedule (default {Recipe.LeNet.LearningRate}, of the small network {Recipe.Small.LearningRate})."));

    private static readonly Option<int> Seed = Options.Seed();

    private static readonly Option<int> ThreadCount = Options.ThreadCount();

    private static readonly Option<string> On = Target.Option();

    private static readonly Option<string?> Out =
        Options.Path("--out", "FILE", "The file for the trained weights (default lenet5.safetensors, of the small network small.safetensors).");

    private static readonly Option<string?> SaveDigits = Options.Path(
        "--save-digits", "DIR", "Train nothing: write the first twenty test digits into this folder as images (PNG, PGM and PPM), named by their labels.");

    /// <summary>The command with every option, which calls <paramref name="run"/> with what the user chose and exits with what it returns.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var command = new RootCommand("Trains LeNet-5, or a smaller network, on handwritten digits, saves its weights and predicts with the saved file.")
        {
            Data, Network, Epochs, Batch, LearningRate, Seed, ThreadCount, On, Out, SaveDigits,
        };
        command.SetAction(parsed => run(new Settings(
            parsed.GetValue(Data),
            parsed.GetValue(Network) == "small",
            parsed.GetValue(Epochs),
            parsed.GetValue(Batch),
            parsed.GetValue(LearningRate),
            parsed.GetValue(Seed),
            parsed.GetValue(ThreadCount),
            parsed.GetValue(On) == Target.Ilgpu,
            parsed.GetValue(Out) ?? parsed.GetRequiredValue(Network) + ".safetensors",
            parsed.GetValue(SaveDigits))));
        return command;
    }
}
