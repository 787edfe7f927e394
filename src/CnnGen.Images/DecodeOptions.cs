using System.Globalization;
using CnnGen.Images.Bmp;
using CnnGen.Images.Gif;
using CnnGen.Images.Jpeg;
using CnnGen.Images.Png;
using CnnGen.Images.Pnm;

namespace CnnGen.Images;

/// <summary>What an image is brought to while it is read, and the bounds beyond which it isn't read at all.</summary>
public sealed record DecodeOptions
{
    private readonly int _channels;
    private readonly int _width;
    private readonly int _height;
    private readonly long _maxPixels = 1L << 26;
    private readonly long _maxMemory = 512L << 20;
    private readonly TimeSpan _maxTime = Timeout.InfiniteTimeSpan;
    private readonly IReadOnlyList<IImageDecoder> _decoders = BuiltInDecoders;

    /// <summary>All decoders of this library: PNG, JPEG, BMP, GIF and PNM.</summary>
    public static IReadOnlyList<IImageDecoder> BuiltInDecoders { get; } =
        Array.AsReadOnly<IImageDecoder>([new PngDecoder(), new JpegDecoder(), new BmpDecoder(), new GifDecoder(), new PnmDecoder()]);

    /// <summary>An image as it is in its file, within the usual bounds.</summary>
    public static DecodeOptions Default { get; } = new();

    /// <summary>1 for grey (ITU-R BT.601's luma), 3 for RGB, 0 (the default) for what the file has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int Channels
    {
        get => _channels;
        init => _channels = value is 0 or 1 or 3 ? value : throw Wrong(nameof(Channels), value, "0 (as in the file), 1 (grey) or 3 (RGB)");
    }

    /// <summary>Columns to resize to while decoding; 0 (the default) for the file's own. Proportions are not kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public int Width
    {
        get => _width;
        init => _width = value >= 0 ? value : throw Wrong(nameof(Width), value, "0 (as in the file) or more");
    }

    /// <summary>Rows to resize to while decoding; 0 (the default) for the file's own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public int Height
    {
        get => _height;
        init => _height = value >= 0 ? value : throw Wrong(nameof(Height), value, "0 (as in the file) or more");
    }

    /// <summary>How pixels are weighted when resizing.</summary>
    public ResizeFilter Filter { get; init; } = ResizeFilter.Area;

    /// <summary>Whether a JPEG is turned as its EXIF orientation says (the default), so that its first row is the top of the scene.</summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>The most pixels (width x height, before resizing) that are decoded: 67,108,864 unless set. More is an <see cref="ImageException"/> before anything is allocated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public long MaxPixels
    {
        get => _maxPixels;
        init => _maxPixels = value >= 1 ? value : throw Wrong(nameof(MaxPixels), value, "1 or more");
    }

    /// <summary>
    /// The most bytes that decoding one image takes beside the file itself, the decoded image included: 512 MiB unless set. What an image needs is computed from its header, and more
    /// is an <see cref="ImageException"/> before it is allocated.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public long MaxMemory
    {
        get => _maxMemory;
        init => _maxMemory = value >= 1 ? value : throw Wrong(nameof(MaxMemory), value, "1 or more bytes");
    }

    /// <summary>
    /// The time after which decoding one image is given up with an <see cref="ImageException"/>; infinite unless set. Without it the time is bounded by the number of pixels, and by the
    /// length of the file.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither positive nor <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public TimeSpan MaxTime
    {
        get => _maxTime;
        init => _maxTime = value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan ? value : throw Wrong(nameof(MaxTime), value, "positive, or Timeout.InfiniteTimeSpan");
    }

    /// <summary>
    /// Memory for the image's pixels, null unless set: taken where it has as many bytes as the image, and left alone where not. The image of before that has it is overwritten, also where decoding fails, and two images
    /// may not be decoded into it at once. For many pictures of one size: fresh memory for each costs as much time as decoding it.
    /// </summary>
    public byte[]? Pixels { get; init; }

    /// <summary>The decoders to ask, in their order; the first that recognises a file decodes it.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<IImageDecoder> Decoders
    {
        get => _decoders;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count == 0)
                throw new ArgumentException("There is no decoder, so that no file could be read; DecodeOptions.BuiltInDecoders are those of the library.", nameof(Decoders));
            _decoders = value;
        }
    }

    /// <summary>The form that an image is brought to, on one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(DecodeOptions)} {{ Channels = {Channels}, Width = {Width}, Height = {Height}, Filter = {(int)Filter} }}");

    private static ArgumentOutOfRangeException Wrong<T>(string name, T value, string expected) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be {expected}."));
}
