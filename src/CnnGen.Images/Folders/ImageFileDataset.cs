using CnnGen.Images.Folders;

namespace CnnGen.Images;

/// <summary>
/// Labelled pictures of a folder that holds a folder for each class, as <see cref="ImageFolder"/> has them, but decoded when a training asks for them: for more pictures than memory holds.
/// A training loads its batches ahead, on all threads. Decoded pictures are kept within <see cref="ImageFolderOptions.CacheBytes"/>; what a training computes depends neither on that nor on the threads.
/// </summary>
/// <example><code>
/// var pictures = ImageFileDataset.Open("flowers", width: 64, height: 64);
/// var (training, validation) = pictures.Split(0.2, seed: 1);
/// new Trainer&lt;Flowers&gt;(model, new AdamW()).Fit(training, epochs: 10, batchSize: 32, validation);
/// model.Save("flowers.safetensors");
/// </code></example>
public sealed class ImageFileDataset : ImageDataset
{
    /// <summary>The memory of a picture that this thread has decoded and nobody sees any more: the next one's.</summary>
    [ThreadStatic]
    private static byte[]? t_memory;

    private readonly FolderContent _content;
    private readonly PictureCache _cache;

    /// <summary>Each image's number in the folder.</summary>
    private readonly int[] _members;

    private ImageFileDataset(FolderContent content, PictureCache cache, int[] members, IReadOnlyList<DamagedImage> damaged)
        : base(content.Shape, content.ClassNames.Length, members.Length)
    {
        (_content, _cache, _members, Damaged) = (content, cache, members, damaged);
        ClassNames = content.ClassNames;
        Files = Array.AsReadOnly(Array.ConvertAll(members, member => content.Files[member]));
    }

    /// <summary>The file of each image.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The pictures of the folder that can't be read, with the reasons; they are none of the images.</summary>
    public IReadOnlyList<DamagedImage> Damaged { get; }

    /// <summary>False: pictures are read and decoded.</summary>
    public override bool IsInMemory => false;

    /// <summary>
    /// Lists a folder's pictures, and decodes each of them once, on all threads, to find those that are damaged; what fits into the cache is kept at once.
    /// </summary>
    /// <param name="path">The folder: <c>path/cats/1.jpg</c> is a picture of the class <c>cats</c>. Names that begin with a dot are passed over.</param>
    /// <param name="width">Columns that every picture is resized to, 1 or more. Proportions are not kept.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="options">Channels, filter, bounds, cache, and what becomes of damaged pictures; null for RGB, bilinear, 1 GiB and leaving them out.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are fewer than two classes, or one without a picture that can be read.</exception>
    /// <exception cref="ImageException">A picture can't be read, and the options say that this is an error.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> or <paramref name="height"/> is below 1.</exception>
    public static ImageFileDataset Open(string path, int width, int height, ImageFolderOptions? options = null)
    {
        options ??= new ImageFolderOptions();
        var content = FolderContent.List(path, width, height, options);
        var cache = new PictureCache(content.Files.Length, content.Shape.Length, options.CacheBytes);
        var (kept, damaged) = content.Sort(content.DecodeAll(cache.Offer), options);
        return new ImageFileDataset(content, cache, kept, Array.AsReadOnly(damaged));
    }

    /// <summary>
    /// The images in two parts, each with its share of every class; which image goes where is a function of the seed. Both have the one cache.
    /// </summary>
    /// <param name="validation">The part of each class for validation, above 0 and below 1; rounded, but a class of two or more images has one in each part.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="validation"/> is out of its range.</exception>
    public (ImageFileDataset Training, ImageFileDataset Validation) Split(double validation, int seed)
    {
        var isValidation = FolderContent.Split(Array.ConvertAll(_members, member => _content.Labels[member]), ClassCount, validation, seed);
        return (Part(false), Part(true));

        ImageFileDataset Part(bool part) => new(_content, _cache, [.. _members.Where((_, i) => isValidation[i] == part)], Damaged);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="normalization"/> is for another number of channels.</exception>
    /// <exception cref="ImageException">The picture can't be read any more; the message names its file.</exception>
    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        CheckImageLength(destination.Length);
        ArgumentNullException.ThrowIfNull(normalization);
        if (t_memory?.Length != Shape.Length)
            t_memory = new byte[Shape.Length];
        var picture = Bytes(index, t_memory, out var isKept);
        normalization.Apply(picture, destination);
        if (isKept && picture == t_memory)
            t_memory = null;
    }

    /// <summary>The bytes of one image, H x W x C: what a model's <c>Predict</c> and <c>Classify</c> take.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    /// <exception cref="ImageException">The picture can't be read any more; the message names its file.</exception>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        CheckIndex(index);
        return Bytes(index, null, out _);
    }

    /// <inheritdoc/>
    public override int GetLabel(int index)
    {
        CheckIndex(index);
        return _content.Labels[_members[index]];
    }

    /// <summary>The images [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>), with the same cache.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data set.</exception>
    public override ImageFileDataset Subset(int start, int count)
    {
        CheckRange(start, count);
        return new ImageFileDataset(_content, _cache, _members[start..(start + count)], Damaged);
    }

    /// <summary>A picture.</summary>
    /// <param name="index">The image.</param>
    /// <param name="memory">An array that may be taken for it, or null.</param>
    /// <param name="isKept">Whether others see it too.</param>
    private byte[] Bytes(int index, byte[]? memory, out bool isKept)
    {
        var member = _members[index];
        isKept = true;
        if (_cache.Find(member) is { } kept)
            return kept;
        try
        {
            var picture = _content.Decode(member, memory);
            isKept = _cache.Offer(member, picture);
            return picture;
        }
        catch (Exception failure) when (FolderContent.ReasonOf(failure) is { } reason)
        {
            throw new ImageException($"'{_content.Files[member]}' could be read when the folder was opened, but can't be any more: {reason}", failure);
        }
    }
}
