using System.Globalization;
using CnnGen.Images.Decoding;
using CnnGen.Runtime;

namespace CnnGen.Images.Folders;

/// <summary>The files of a folder that has a folder for each class, with what they are decoded to.</summary>
internal sealed class FolderContent
{
    private readonly DecodeOptions _decoding;

    private FolderContent(string path, ImageShape shape, DecodeOptions decoding, string[] classNames, string[] files, int[] labels)
    {
        (Path, Shape, _decoding) = (path, shape, decoding);
        (ClassNames, Files, Labels) = (classNames, files, labels);
    }

    public string Path { get; }

    public ImageShape Shape { get; }

    public string[] ClassNames { get; }

    public string[] Files { get; }

    public int[] Labels { get; }

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are fewer than two classes, or one without a picture.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static FolderContent List(string path, int width, int height, ImageFolderOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var classNames = FolderListing.Classes(path);
        var (files, labels) = (new List<string>(), new List<int>());
        for (var label = 0; label < classNames.Length; label++)
        {
            var found = FolderListing.Files(System.IO.Path.Combine(path, classNames[label]));
            files.AddRange(found);
            labels.AddRange(Enumerable.Repeat(label, found.Count));
        }

        if (Math.BigMul(width, height) * options.Channels > Array.MaxLength)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"A picture of {height} x {width} x {options.Channels} bytes is more than an array can hold. Choose a smaller size."));
        var decoding = options.Decoding with { Width = width, Height = height, Channels = options.Channels, Filter = options.Filter };
        return new FolderContent(path, new ImageShape(options.Channels, height, width), decoding, classNames, [.. files], [.. labels]);
    }

    /// <summary>Decodes one picture, height x width x channels.</summary>
    /// <param name="index">The picture's number.</param>
    /// <param name="memory">An array that may be taken for it, or null.</param>
    public byte[] Decode(int index, byte[]? memory) => ImageReader.ReadFile(Files[index], _decoding with { Pixels = memory }).Pixels;

    /// <summary>What is wrong with a picture, of an exception of <see cref="Decode"/>; null where that is another kind of fault.</summary>
    public static string? ReasonOf(Exception failure) =>
        failure is ImageException or IOException or UnauthorizedAccessException ? failure.Message.ReplaceLineEndings(" ") : null;

    /// <summary>Decodes all pictures, on all threads.</summary>
    /// <param name="keep">Told each picture's number and bytes, by several threads at once; says whether it keeps the array.</param>
    /// <returns>For each picture what is wrong with it, or null.</returns>
    public string?[] DecodeAll(Func<int, byte[], bool> keep)
    {
        var reasons = new string?[Files.Length];
        Parallel.For(0, Files.Length, new ParallelOptions { MaxDegreeOfParallelism = Threads.Count }, () => (byte[]?)null, (i, _, memory) =>
        {
            try
            {
                memory ??= new byte[Shape.Length];
                var picture = Decode(i, memory);
                return keep(i, picture) && picture == memory ? null : memory;
            }
            catch (Exception failure) when (ReasonOf(failure) is { } reason)
            {
                reasons[i] = reason;
                return memory;
            }
        }, _ => { });
        return reasons;
    }

    /// <summary>The pictures that can be read, and those that can't.</summary>
    /// <exception cref="ImageException">There are some that can't be, and the options say that this is an error.</exception>
    /// <exception cref="InvalidDataException">No picture of a class can be read.</exception>
    public (int[] Kept, DamagedImage[] Damaged) Sort(string?[] reasons, ImageFolderOptions options)
    {
        var damaged = Enumerable.Range(0, Files.Length).Where(i => reasons[i] is not null).Select(i => new DamagedImage(Files[i], reasons[i]!)).ToArray();
        if (damaged.Length > 0 && options.OnDamaged == DamagedImages.Throw)
        {
            throw new ImageException(string.Create(
                CultureInfo.InvariantCulture, $"{damaged.Length} of the {Files.Length} pictures of '{Path}' can't be read; the first is {damaged[0]}. ImageFolderOptions.OnDamaged = Skip leaves them out."));
        }

        var kept = Enumerable.Range(0, Files.Length).Where(i => reasons[i] is null).ToArray();
        var isThere = new bool[ClassNames.Length];
        foreach (var i in kept)
            isThere[Labels[i]] = true;
        for (var label = 0; label < ClassNames.Length; label++)
        {
            if (isThere[label])
                continue;
            var first = Enumerable.Range(0, Files.Length).First(i => Labels[i] == label);
            throw new InvalidDataException($"No picture of class '{ClassNames[label]}' can be read; the first is {new DamagedImage(Files[first], reasons[first]!)}.");
        }

        return (kept, damaged);
    }

    /// <summary>Which images of a split are for validation: of each class its part, by the seed.</summary>
    /// <param name="labels">The label of each image.</param>
    /// <param name="classCount">The classes.</param>
    /// <param name="validation">The part, above 0 and below 1; rounded, but a class of two or more images has one in each part.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="validation"/> is out of its range.</exception>
    public static bool[] Split(int[] labels, int classCount, double validation, int seed)
    {
        if (!(validation > 0 && validation < 1))
            throw new ArgumentOutOfRangeException(nameof(validation), string.Create(CultureInfo.InvariantCulture, $"validation is {validation}, but must be above 0 and below 1."));
        var isValidation = new bool[labels.Length];
        var ofLabel = Enumerable.Range(0, labels.Length).ToLookup(i => labels[i]);
        for (var label = 0; label < classCount; label++)
        {
            var members = ofLabel[label].ToArray();
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

        return isValidation;
    }
}
