using CnnGen;
using MnistSample.Digits;

namespace MnistSample;

/// <summary>The digits to learn and those to be tested on.</summary>
/// <param name="Training">The images to learn from.</param>
/// <param name="Test">Other images.</param>
/// <param name="Origin">Where they come from, for the reader.</param>
internal sealed record DigitData(ByteImageDataset Training, ByteImageDataset Test, string Origin)
{
    private const int DrawnToTrain = 20_000;
    private const int DrawnToTest = 4_000;

    /// <summary>Reads MNIST from a folder, or draws digits where none is named.</summary>
    /// <exception cref="IOException">The folder or a file isn't there.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public static DigitData Load(string? directory, int seed, int threads)
    {
        if (directory is not null)
        {
            var (training, test) = Mnist.Load(directory);
            return new DigitData(training, test, $"read from {directory}");
        }

        return new DigitData(
            DigitArtist.Draw(0, DrawnToTrain, seed, threads),
            DigitArtist.Draw(DrawnToTrain, DrawnToTest, seed, threads),
            "drawn by this program (--data DIR reads MNIST instead)");
    }
}
