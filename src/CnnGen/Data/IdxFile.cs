using System.Buffers.Binary;
using static System.FormattableString;

namespace CnnGen;

/// <summary>The images of one IDX file.</summary>
/// <param name="Shape">The shape of every image.</param>
/// <param name="Count">The number of images.</param>
/// <param name="Bytes">The images one after another, each H x W x C.</param>
public sealed record IdxImages(ImageShape Shape, int Count, byte[] Bytes);

/// <summary>
/// Reads IDX files of unsigned bytes, the format of MNIST (described on the MNIST page of LeCun, Cortes and Burges):
/// two zero bytes, the element type, the number of dimensions, each dimension as a big-endian 32-bit number, then the elements. Files may be packed with gzip.
/// </summary>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;

    /// <summary>Reads grey images (a file of count x H x W) or images of several channels (a file of count x C x H x W, which come out as H x W x C).</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The path leads to no regular file, or to no IDX file of byte images, or it is damaged.</exception>
    public static IdxImages ReadImages(string path)
    {
        var (dimensions, bytes) = Read(path, "images", 3, 4);
        var shape = dimensions.Length == 3
            ? new ImageShape(1, dimensions[1], dimensions[2])
            : new ImageShape(dimensions[1], dimensions[2], dimensions[3]);
        if (shape.Channels > 1)
        {
            var pixels = new byte[bytes.Length];
            for (var i = 0; i < dimensions[0]; i++)
                PixelOrder.FromPlanes(bytes.AsSpan(i * shape.Length, shape.Length), pixels.AsSpan(i * shape.Length, shape.Length), shape.Channels);
            bytes = pixels;
        }

        return new IdxImages(shape, dimensions[0], bytes);
    }

    /// <summary>Reads labels, one byte each.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The path leads to no regular file, or to no IDX file of byte labels, or it is damaged.</exception>
    public static int[] ReadLabels(string path) => Array.ConvertAll(Read(path, "labels", 1, 1).Bytes, label => (int)label);

    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <param name="imagesPath">The images' file.</param>
    /// <param name="labelsPath">The labels' file.</param>
    /// <param name="classCount">The number of classes: each label has to lie in [0, classCount).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is below 1.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, the files disagree on the number of images, or a label is no class.</exception>
    public static ByteImageDataset ReadDataset(string imagesPath, string labelsPath, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        var labels = ReadLabels(labelsPath);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= classCount)
            {
                throw new InvalidDataException(Invariant(
                    $"'{labelsPath}' gives image {i} the label {labels[i]}, but with {classCount} classes labels lie in 0 to {classCount - 1}. Mend the file or read it with more classes."));
            }
        }

        var images = ReadImages(imagesPath);
        if (images.Count != labels.Length)
        {
            throw new InvalidDataException(Invariant(
                $"'{imagesPath}' has {images.Count} images, but '{labelsPath}' has {labels.Length} labels. Use the two files of one data set."));
        }

        return new ByteImageDataset(images.Shape, images.Bytes, labels, classCount);
    }

    private static (int[] Dimensions, byte[] Bytes) Read(string path, string content, int minimumRank, int maximumRank)
    {
        using var file = InputFile.Open(path, "IDX file");
        Span<byte> magic = stackalloc byte[4];
        var got = file.Read(magic);
        if (got < 4 || magic[0] != 0 || magic[1] != 0)
        {
            throw new InvalidDataException(Invariant(
                $"'{path}' is no IDX file: it begins with {Hexadecimal(magic[..got])}, but an IDX file of {content} begins with 00 00 08 0{minimumRank}. Get the file again, or name the right one."));
        }

        if (magic[2] != UnsignedByte)
        {
            throw new InvalidDataException(Invariant(
                $"'{path}' is an IDX file of {TypeName(magic[2])} (type 0x{magic[2]:X2}), but {content} have to be unsigned bytes (type 0x08). Convert the file."));
        }

        int rank = magic[3];
        if (rank < minimumRank || rank > maximumRank)
        {
            var expected = minimumRank == maximumRank ? Invariant($"{minimumRank}") : Invariant($"{minimumRank} or {maximumRank}");
            throw new InvalidDataException(Invariant(
                $"'{path}' has {rank} dimensions, but a file of {content} has {expected}. Images and labels may have been exchanged."));
        }

        var dimensions = ReadDimensions(file, rank);
        var product = Product(path, dimensions);
        return (dimensions, file.ReadRest(product, Invariant($"after the header, for {string.Join(" x ", dimensions)}"), 4 + (4 * rank)));
    }

    private static int[] ReadDimensions(InputFile file, int rank)
    {
        Span<byte> header = stackalloc byte[4 * rank];
        var got = file.Read(header);
        if (got < header.Length)
        {
            throw new InvalidDataException(Invariant(
                $"'{file.Path}' is cut off within its header: expected {4 + header.Length} bytes, but it has {4 + got}. Get the file again."));
        }

        var dimensions = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            var dimension = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * i)..]);
            if (dimension is 0 or > int.MaxValue)
            {
                throw new InvalidDataException(Invariant(
                    $"'{file.Path}' gives {dimension} as dimension {i + 1} of {rank}, which should lie in 1 to {int.MaxValue}. The header is damaged: get the file again."));
            }

            dimensions[i] = (int)dimension;
        }

        return dimensions;
    }

    private static int Product(string path, int[] dimensions)
    {
        long product = 1;
        foreach (var dimension in dimensions)
        {
            product *= dimension;
            if (product > Array.MaxLength)
            {
                throw new InvalidDataException(Invariant(
                    $"'{path}' claims {string.Join(" x ", dimensions)} bytes, more than the {Array.MaxLength} that can be read. The header is damaged, or the file has to be split."));
            }
        }

        return (int)product;
    }

    private static string Hexadecimal(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "nothing (it is empty)" : string.Join(' ', bytes.ToArray().Select(value => Invariant($"{value:X2}")));

    private static string TypeName(byte type) => type switch
    {
        0x09 => "signed bytes",
        0x0B => "16-bit integers",
        0x0C => "32-bit integers",
        0x0D => "32-bit floats",
        0x0E => "64-bit floats",
        _ => "an unknown element type",
    };
}
