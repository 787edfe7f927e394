using System.Globalization;
using CnnGen.Images.Folders;

namespace CnnGen.Images;

/// <summary>
/// Labelled pictures of a folder that holds a folder for each class, by torchvision's convention: classes are the folders in the order of their names, pictures may lie in folders within
/// them. All are decoded and resized on all threads when the folder is loaded, and held as bytes; <see cref="ImageFileDataset"/> decodes them when they are asked for.
/// </summary>
public sealed class ImageFolder
{
    private readonly byte[] _pixels;
    private readonly int[] _labels;

    private ImageFolder(ImageShape shape, byte[] pixels, int[] labels, string[] classNames, string[] files, DamagedImage[] damaged)
    {
        (_pixels, _labels) = (pixels, labels);
        (Shape, ClassNames, Files, Damaged) = (shape, Array.AsReadOnly(classNames), Array.AsReadOnly(files), Array.AsReadOnly(damaged));
        Images = new ByteImageDataset(shape, pixels, labels, classNames.Length) { ClassNames = classNames };
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
        options ??= new ImageFolderOptions();
        var content = FolderContent.List(path, width, height, options);
        var length = content.Shape.Length;
        if (Math.BigMul(length, content.Files.Length) > Array.MaxLength)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{path}' holds {content.Files.Length} pictures, which as {height} x {width} x {options.Channels} bytes are more than an array can hold. Choose a smaller size, load fewer, or open it as an ImageFileDataset, which decodes pictures when they are asked for."));
        }

        var pixels = new byte[length * content.Files.Length];
        var (kept, damaged) = content.Sort(content.DecodeAll((i, picture) =>
        {
            picture.CopyTo(pixels, i * length);
            return false;
        }), options);
        if (damaged.Length > 0)
        {
            var rest = new byte[kept.Length * length];
            for (var i = 0; i < kept.Length; i++)
                pixels.AsSpan(kept[i] * length, length).CopyTo(rest.AsSpan(i * length));
            pixels = rest;
        }

        return new ImageFolder(content.Shape, pixels, [.. kept.Select(i => content.Labels[i])], content.ClassNames, [.. kept.Select(i => content.Files[i])], damaged);
    }

    /// <summary>
    /// The images in two parts, each with its share of every class; which image goes where is a function of the seed. The parts are copies.
    /// </summary>
    /// <param name="validation">The part of each class for validation, above 0 and below 1; rounded, but a class of two or more images has one in each part.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="validation"/> is out of its range.</exception>
    public (ByteImageDataset Training, ByteImageDataset Validation) Split(double validation, int seed)
    {
        var isValidation = FolderContent.Split(_labels, ClassNames.Count, validation, seed);
        return (Part(i => !isValidation[i]), Part(i => isValidation[i]));
    }

    private ByteImageDataset Part(Func<int, bool> isIn)
    {
        var members = Enumerable.Range(0, _labels.Length).Where(isIn).ToArray();
        var pixels = new byte[members.Length * Shape.Length];
        for (var i = 0; i < members.Length; i++)
            _pixels.AsSpan(members[i] * Shape.Length, Shape.Length).CopyTo(pixels.AsSpan(i * Shape.Length));
        return new ByteImageDataset(Shape, pixels, members.Select(i => _labels[i]).ToArray(), ClassNames.Count) { ClassNames = ClassNames };
    }
}
