using System.Globalization;
using CnnGen.Images.Decoding;
using CnnGen.Images.Folders;
using CnnGen.Runtime;

namespace CnnGen.Images;

/// <summary>
/// Labelled pictures of a folder that holds a folder for each class, by torchvision's convention: classes are the folders in the order of their names, pictures may lie in folders within
/// them. All are decoded and resized on all threads when the folder is loaded, and held as bytes.
/// </summary>
public sealed class ImageFolder
{
    private readonly byte[] _pixels;
    private readonly int[] _labels;

    private ImageFolder(ImageShape shape, byte[] pixels, int[] labels, string[] classNames, string[] files, DamagedImage[] damaged)
    {
        (_pixels, _labels) = (pixels, labels);
        (Shape, ClassNames, Files, Damaged) = (shape, Array.AsReadOnly(classNames), Array.AsReadOnly(files), Array.AsReadOnly(damaged));
        Images = new ByteImageDataset(shape, pixels, labels, classNames.Length);
    }

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>All pictures that could be read, class after class; their bytes are height x width x channels.</summary>
    public ByteImageDataset Images { get; }

    /// <summary>The names of the classes: label 0 is the first.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The file of each image of <see cref="Images"/>.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The pictures that can't be read, with the reasons.</summary>
    public IReadOnlyList<DamagedImage> Damaged { get; }

    /// <summary>Reads all pictures of a folder.</summary>
    /// <param name="path">The folder: <c>path/cats/1.jpg</c> is a picture of the class <c>cats</c>. Names that begin with a dot are passed over.</param>
    /// <param name="width">Columns that every picture is resized to, 1 or more. Proportions are not kept.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="options">Channels, filter, bounds, and what becomes of damaged pictures; null for RGB, bilinear and leaving them out.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are fewer than two classes, or one without a picture that can be read, or all pictures together are more than 2^31 - 1 bytes.</exception>
    /// <exception cref="ImageException">A picture can't be read, and the options say that this is an error.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> or <paramref name="height"/> is below 1.</exception>
    public static ImageFolder Load(string path, int width, int height, ImageFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        options ??= new ImageFolderOptions();
        var classNames = FolderListing.Classes(path);
        var (files, labels) = (new List<string>(), new List<int>());
        for (var label = 0; label < classNames.Length; label++)
        {
            var found = FolderListing.Files(Path.Combine(path, classNames[label]));
            files.AddRange(found);
            labels.AddRange(Enumerable.Repeat(label, found.Count));
        }

        var length = Math.BigMul(width, height) * options.Channels;
        if (length > Array.MaxLength || length * files.Count > Array.MaxLength)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"'{path}' holds {files.Count} pictures, which as {height} x {width} x {options.Channels} bytes are more than an array can hold. Choose a smaller size, or load fewer."));
        }

        var pixels = new byte[length * files.Count];
        var reasons = new string?[files.Count];
        var decoding = options.Decoding with { Width = width, Height = height, Channels = options.Channels, Filter = options.Filter };
        Parallel.For(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads.Count }, i =>
        {
            try
            {
                ImageReader.Read(ImageFile.Read(files[i], decoding.MaxMemory), decoding).Pixels.CopyTo(pixels, i * length);
            }
            catch (Exception failure) when (failure is ImageException or IOException or UnauthorizedAccessException)
            {
                reasons[i] = failure.Message.ReplaceLineEndings(" ");
            }
        });

        return Assemble(path, new ImageShape(options.Channels, height, width), pixels, files, labels, reasons, classNames, options);
    }

    /// <summary>
    /// The images in two parts, each with its share of every class; which image goes where is a function of the seed. The parts are copies.
    /// </summary>
    /// <param name="validation">The part of each class for validation, above 0 and below 1; rounded, but a class of two or more images has one in each part.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="validation"/> is out of its range.</exception>
    public (ByteImageDataset Training, ByteImageDataset Validation) Split(double validation, int seed)
    {
        if (!(validation > 0 && validation < 1))
            throw new ArgumentOutOfRangeException(nameof(validation), string.Create(CultureInfo.InvariantCulture, $"validation is {validation}, but must be above 0 and below 1."));
        var isValidation = new bool[_labels.Length];
        for (var label = 0; label < ClassNames.Count; label++)
        {
            var members = Enumerable.Range(0, _labels.Length).Where(i => _labels[i] == label).ToArray();
            var count = (int)Math.Round(members.Length * validation, MidpointRounding.AwayFromZero);
            if (members.Length > 1)
                count = Math.Clamp(count, 1, members.Length - 1);

            // The first of a shuffled class (Fisher, Yates), each class by a stream of its own.
            var random = new CounterRandom((ulong)seed, (ulong)label);
            for (var i = 0; i < count; i++)
            {
                var other = i + random.NextInt(members.Length - i);
                (members[i], members[other]) = (members[other], members[i]);
                isValidation[members[i]] = true;
            }
        }

        return (Part(i => !isValidation[i]), Part(i => isValidation[i]));
    }

    private static ImageFolder Assemble(
        string path, ImageShape shape, byte[] pixels, List<string> files, List<int> labels, string?[] reasons, string[] classNames, ImageFolderOptions options)
    {
        var damaged = Enumerable.Range(0, files.Count).Where(i => reasons[i] is not null).Select(i => new DamagedImage(files[i], reasons[i]!)).ToArray();
        if (damaged.Length == 0)
            return new ImageFolder(shape, pixels, [.. labels], classNames, [.. files], damaged);
        if (options.OnDamaged == DamagedImages.Throw)
        {
            throw new ImageException(string.Create(
                CultureInfo.InvariantCulture, $"{damaged.Length} of the {files.Count} pictures of '{path}' can't be read; the first is {damaged[0]}. ImageFolderOptions.OnDamaged = Skip leaves them out."));
        }

        var kept = Enumerable.Range(0, files.Count).Where(i => reasons[i] is null).ToArray();
        for (var label = 0; label < classNames.Length; label++)
        {
            if (!kept.Any(i => labels[i] == label))
            {
                var first = damaged.First(one => labels[files.IndexOf(one.Path)] == label);
                throw new InvalidDataException($"No picture of class '{classNames[label]}' can be read; the first is {first}.");
            }
        }

        var rest = new byte[kept.Length * shape.Length];
        for (var i = 0; i < kept.Length; i++)
            pixels.AsSpan(kept[i] * shape.Length, shape.Length).CopyTo(rest.AsSpan(i * shape.Length));
        return new ImageFolder(shape, rest, [.. kept.Select(i => labels[i])], classNames, [.. kept.Select(i => files[i])], damaged);
    }

    private ByteImageDataset Part(Func<int, bool> isIn)
    {
        var members = Enumerable.Range(0, _labels.Length).Where(isIn).ToArray();
        var pixels = new byte[members.Length * Shape.Length];
        for (var i = 0; i < members.Length; i++)
            _pixels.AsSpan(members[i] * Shape.Length, Shape.Length).CopyTo(pixels.AsSpan(i * Shape.Length));
        return new ByteImageDataset(Shape, pixels, members.Select(i => _labels[i]).ToArray(), ClassNames.Count);
    }
}
