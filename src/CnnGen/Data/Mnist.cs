using static System.FormattableString;

namespace CnnGen;

/// <summary>
/// Reads MNIST (LeCun, Cortes, Burges) and the data sets that copy its files' names, Fashion-MNIST and KMNIST:
/// 10 classes, 60,000 training and 10,000 test images of 1 x 28 x 28.
/// </summary>
public static class Mnist
{
    /// <summary>The number of classes.</summary>
    public const int ClassCount = 10;

    /// <summary>The mean of MNIST's training pixels in [0, 1].</summary>
    public const float Mean = 0.1307f;

    /// <summary>The standard deviation of MNIST's training pixels in [0, 1].</summary>
    public const float Deviation = 0.3081f;

    /// <summary>
    /// Reads the four files <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>,
    /// or with a dot (<c>train-images.idx3-ubyte</c>), each plain or as <c>.gz</c>.
    /// </summary>
    /// <param name="directory">The folder that holds the files.</param>
    /// <returns>The images as bytes. A model with <c>[Normalize(Mnist.Mean, Mnist.Deviation)]</c> takes them to mean 0 and deviation 1.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the message lists the names that were looked for.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or two of them don't belong together.</exception>
    public static (ByteImageDataset Training, ByteImageDataset Test) Load(string directory)
    {
        DataFolder.Check(directory, "the four MNIST files");
        var trainingImages = Find(directory, "train-images", "idx3-ubyte");
        var trainingLabels = Find(directory, "train-labels", "idx1-ubyte");
        var testImages = Find(directory, "t10k-images", "idx3-ubyte");
        var testLabels = Find(directory, "t10k-labels", "idx1-ubyte");

        var training = IdxFile.ReadDataset(trainingImages, trainingLabels, ClassCount);
        var test = IdxFile.ReadDataset(testImages, testLabels, ClassCount);
        if (training.Shape != test.Shape)
        {
            throw new InvalidDataException(Invariant(
                $"'{trainingImages}' has images of shape {training.Shape}, but '{testImages}' of {test.Shape}. Use the files of one data set."));
        }

        return (training, test);
    }

    private static string Find(string directory, string stem, string kind) =>
        DataFolder.Find(directory, $"{stem}-{kind}", $"{stem}.{kind}", $"{stem}-{kind}.gz", $"{stem}.{kind}.gz");
}
