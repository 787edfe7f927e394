using static System.FormattableString;

namespace CnnGen;

/// <summary>
/// Reads the binary version of CIFAR-10 (Krizhevsky 2009): 10 classes, 50,000 training and 10,000 test images of 3 x 32 x 32.
/// A file is a run of records, each one byte of label and 3,072 bytes of image, the red plane first, then green, then blue; a data set of them has the three
/// bytes of a pixel one after the other, as all bytes here.
/// </summary>
public static class Cifar10
{
    /// <summary>The number of classes.</summary>
    public const int ClassCount = 10;

    private const int RecordsPerFile = 10_000;
    private const int FirstImages = 1000;

    private static readonly ImageShape _shape = new(3, 32, 32);
    private static readonly int _recordLength = 1 + _shape.Length;

    /// <summary>The means of the training pixels in [0, 1]: red, green, blue.</summary>
    public static ReadOnlySpan<float> Mean => [0.4914f, 0.4822f, 0.4465f];

    /// <summary>The standard deviations of the training pixels in [0, 1]: red, green, blue.</summary>
    public static ReadOnlySpan<float> Deviation => [0.2470f, 0.2435f, 0.2616f];

    /// <summary>The classes' names, in the order of the labels.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>
    /// Reads <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> and <c>test_batch.bin</c>, 10,000 records each.
    /// </summary>
    /// <param name="directory">The folder that holds the files, or its parent where theirs is called <c>cifar-10-batches-bin</c>.</param>
    /// <returns>The images as bytes, in the order of pixels (H x W x C).</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has not exactly 10,000 records, or a label is no class.</exception>
    public static (ByteImageDataset Training, ByteImageDataset Test) Load(string directory) => Load(directory, RecordsPerFile);

    /// <summary>Reads one file of any number of records.</summary>
    /// <param name="path">A file in the binary layout of CIFAR-10, plain or packed with gzip.</param>
    /// <param name="mostImages">
    /// A file of more is refused before memory is taken for them: 100,000 images are 307 MB, and a packed file of a few MB can claim, and hold, many more.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mostImages"/> is less than 1, or more than fit into one data set (699,050).</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The path leads to no regular file, or the file is empty, no whole number of records, or has more than <paramref name="mostImages"/>; or a label is no class.
    /// </exception>
    public static ByteImageDataset ReadBatch(string path, int mostImages = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostImages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostImages, Array.MaxLength / _shape.Length);
        using var file = InputFile.Open(path, "CIFAR-10 file");
        var claimed = file.ClaimedLength;
        var count = claimed / _recordLength;
        if (count > mostImages)
        {
            throw new InvalidDataException(Invariant(
                $"'{path}' has {count} images of {_recordLength} bytes, but at most {mostImages} are read at once. Allow more (mostImages), or split the file."));
        }

        if (count * _recordLength != claimed || count == 0)
        {
            throw new InvalidDataException(Invariant(
                $"'{path}' has {claimed} bytes{(file.IsCompressed ? " by what its end says" : "")}, which is no whole number of CIFAR-10 records of {_recordLength} bytes. It is cut off or something else: get the file again."));
        }

        // A packed file may end before what it claims: memory grows with what comes.
        var images = new byte[(file.IsCompressed ? Math.Min(count, FirstImages) : count) * _shape.Length];
        var labels = new int[count];
        var record = new byte[_recordLength];
        for (var i = 0; i < labels.Length; i++)
        {
            var got = file.Read(record);
            if (got < record.Length)
                throw new InvalidDataException(Invariant($"'{path}' ended within record {i}. It was changed while it was read: read it again."));
            labels[i] = Label(path, i, record[0]);
            var start = i * _shape.Length;
            if (start == images.Length)
                Array.Resize(ref images, (int)Math.Min(count * _shape.Length, 2L * images.Length));
            PixelOrder.FromPlanes(record.AsSpan(1), images.AsSpan(start, _shape.Length), _shape.Channels);
        }

        if (file.Read(record.AsSpan(0, 1)) != 0)
            throw new InvalidDataException(Invariant($"'{path}' goes on after the {claimed} bytes that it claims. It is damaged: get the file again."));
        return new ByteImageDataset(_shape, images, labels, ClassCount) { ClassNames = ClassNames };
    }

    internal static (ByteImageDataset Training, ByteImageDataset Test) Load(string directory, int recordsPerFile)
    {
        DataFolder.Check(directory, "CIFAR-10's six .bin files");
        var folder = Path.Combine(directory, "cifar-10-batches-bin");
        if (!Directory.Exists(folder))
            folder = directory;
        var training = Enumerable.Range(1, 5).Select(i => DataFolder.Find(folder, Invariant($"data_batch_{i}.bin"))).ToArray();
        string[] test = [DataFolder.Find(folder, "test_batch.bin")];
        return (Read(training, recordsPerFile), Read(test, recordsPerFile));
    }

    private static ByteImageDataset Read(string[] paths, int recordsPerFile)
    {
        // The lengths first: nothing is allocated for a folder of wrong files.
        var expected = (long)recordsPerFile * _recordLength;
        foreach (var path in paths)
        {
            FileStatus.CheckReadable(path, $"'{path}'", "CIFAR-10 file");
            var length = new FileInfo(path).Length;
            if (length != expected)
            {
                throw new InvalidDataException(Invariant(
                    $"'{path}' is {(length < expected ? "cut off" : "too long")}: expected {expected} bytes, {recordsPerFile} records of {_recordLength}, but it has {length}. Get the file again."));
            }
        }

        var images = new byte[paths.Length * recordsPerFile * _shape.Length];
        var labels = new int[paths.Length * recordsPerFile];
        var record = new byte[_recordLength];
        var index = 0;
        foreach (var path in paths)
        {
            using var file = InputFile.Open(path, "CIFAR-10 file");
            for (var i = 0; i < recordsPerFile; i++, index++)
            {
                if (file.Read(record) < record.Length)
                    throw new InvalidDataException(Invariant($"'{path}' ended within record {i}. It was changed while it was read: read it again."));
                labels[index] = Label(path, i, record[0]);
                PixelOrder.FromPlanes(record.AsSpan(1), images.AsSpan(index * _shape.Length, _shape.Length), _shape.Channels);
            }
        }

        return new ByteImageDataset(_shape, images, labels, ClassCount) { ClassNames = ClassNames };
    }

    private static int Label(string path, int index, byte label) => label < ClassCount
        ? label
        : throw new InvalidDataException(Invariant(
            $"'{path}' gives image {index} the label {label}, but CIFAR-10's labels lie in 0 to 9. The file is damaged or in another layout (CIFAR-100 has two labels a record): get the file again."));
}
