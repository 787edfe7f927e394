using System.Globalization;

namespace CnnGen.Images;

/// <summary>What becomes of a picture that can't be read.</summary>
public enum DamagedImages
{
    /// <summary>It is left out and listed in <see cref="ImageFolder.Damaged"/> or <see cref="ImageFileDataset.Damaged"/>.</summary>
    Skip,

    /// <summary>It is an <see cref="ImageException"/>.</summary>
    Throw,
}

/// <summary>A picture that can't be read.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record DamagedImage(string Path, string Reason)
{
    /// <summary>Path and reason on one line.</summary>
    public override string ToString() => $"{Path}: {Reason}";
}

/// <summary>How a folder of pictures is read.</summary>
public sealed record ImageFolderOptions
{
    private readonly int _channels = 3;
    private readonly DecodeOptions _decoding = DecodeOptions.Default;
    private readonly long _cacheBytes = 1L << 30;

    /// <summary>1 for grey, 3 for RGB (the default).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int Channels
    {
        get => _channels;
        init => _channels = value is 1 or 3
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Channels), string.Create(CultureInfo.InvariantCulture, $"Channels is {value}, but must be 1 (grey) or 3 (RGB)."));
    }

    /// <summary>How pixels are weighted when resizing: bilinear with antialiasing unless set, as torchvision's <c>Resize</c> has it.</summary>
    public ResizeFilter Filter { get; init; } = ResizeFilter.Bilinear;

    /// <summary>What becomes of a picture that can't be read: it is left out and listed unless set.</summary>
    public DamagedImages OnDamaged { get; init; } = DamagedImages.Skip;

    /// <summary>The bytes of decoded pictures that an <see cref="ImageFileDataset"/> keeps in memory, 0 or more: 1 GiB unless set. All beyond are decoded anew each time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long CacheBytes
    {
        get => _cacheBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(CacheBytes));
            _cacheBytes = value;
        }
    }

    /// <summary>Bounds and decoders. Size, channels and filter are those of the folder.</summary>
    public DecodeOptions Decoding
    {
        get => _decoding;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _decoding = value;
        }
    }
}
