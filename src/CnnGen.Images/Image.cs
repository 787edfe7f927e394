using System.Globalization;
using CnnGen.Images.Decoding;
using CnnGen.Images.Png;

namespace CnnGen.Images;

/// <summary>
/// A decoded image: 8 bits a channel, rows from top to bottom, the channels of a pixel one after the other (H x W x C), as a model's prediction from bytes takes them.
/// </summary>
public sealed class Image
{
    /// <summary>Makes an image over an array, which it keeps.</summary>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="channels">1 for grey, 3 for RGB.</param>
    /// <param name="pixels">Height x width x channels bytes.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the array has another length.</exception>
    public Image(int width, int height, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || channels is not (1 or 3))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"An image of {width} x {height} pixels with {channels} channels: width and height must be 1 or more, channels 1 or 3."));
        if (pixels.Length != Math.BigMul(width, height) * channels)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{width} x {height} pixels of {channels} channels are {Math.BigMul(width, height) * channels} bytes, but {pixels.Length} were given."), nameof(pixels));
        }

        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    /// <summary>Pixels of a row, 1 or more.</summary>
    public int Width { get; }

    /// <summary>Rows, 1 or more.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels { get; }

    /// <summary>Height x Width x Channels bytes.</summary>
    public byte[] Pixels { get; }

    /// <summary>Reads an image of a file.</summary>
    /// <param name="path">The file: a JPEG, PNG, BMP, GIF (its first frame), PBM, PGM or PPM, known by its first bytes and not by its name.</param>
    /// <param name="options">Size and channels to bring it to, and bounds; null for the image as it is.</param>
    /// <exception cref="ImageException">It is damaged, of no known kind, or larger than the bounds. The message names the file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">It can't be read, or is no file but a folder, pipe or device.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Image Load(string path, DecodeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= DecodeOptions.Default;
        try
        {
            return ImageReader.ReadFile(path, options);
        }
        catch (ImageException fault)
        {
            throw new ImageException($"'{path}': {fault.Message}", fault.InnerException);
        }
    }

    /// <summary>Decodes an image that is in memory.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Size and channels to bring it to, and bounds; null for the image as it is.</param>
    /// <exception cref="ImageException">It is damaged, of no known kind, or larger than the bounds.</exception>
    public static Image Decode(ReadOnlySpan<byte> file, DecodeOptions? options = null) => ImageReader.Read(file, options ?? DecodeOptions.Default);

    /// <summary>The image with another number of channels: colour becomes grey by ITU-R BT.601's luma, grey becomes three equal channels.</summary>
    /// <param name="channels">1 or 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public Image WithChannels(int channels)
    {
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), string.Create(CultureInfo.InvariantCulture, $"channels is {channels}, but must be 1 (grey) or 3 (RGB)."));
        if (channels == Channels)
            return this;
        var pixels = new byte[Width * Height * channels];
        ChannelConversion.Convert(Pixels, Channels, pixels, channels);
        return new Image(Width, Height, channels, pixels);
    }

    /// <summary>Light and dark exchanged.</summary>
    public Image Inverted()
    {
        var pixels = new byte[Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(255 - Pixels[i]);
        return new Image(Width, Height, Channels, pixels);
    }

    /// <summary>The image at another size, without keeping its proportions; this image where it has the size already.</summary>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="filter">How pixels are weighted.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or there is no such filter.</exception>
    /// <exception cref="ArgumentException">The size has more than 2^31 - 1 bytes.</exception>
    public Image Resize(int width, int height, ResizeFilter filter = ResizeFilter.Area) => Resizing.Resizer.Resize(this, width, height, filter);

    /// <summary>The image as a PNG file: 8 bits a channel, without loss.</summary>
    public byte[] ToPng() => PngWriter.Write(this);

    /// <summary>Writes the image as a PNG file. The file is there as a whole or, where writing fails, as it was before.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void SavePng(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImageFile.Write(path, ToPng());
    }
}
