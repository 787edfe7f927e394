namespace CnnGen.Images;

/// <summary>A decoder made of two functions, for a format that another library reads.</summary>
public sealed class ImageDecoder : IImageDecoder
{
    private readonly Recognizer _recognizes;
    private readonly Reader _decode;

    /// <summary>Makes a decoder.</summary>
    /// <param name="format">The format's name, for messages.</param>
    /// <param name="recognizes">Whether a file is of the format, by its first bytes.</param>
    /// <param name="decode">Decodes a file. An exception that is no <see cref="ImageException"/> is given on as one, with the first inside.</param>
    public ImageDecoder(string format, Recognizer recognizes, Reader decode)
    {
        ArgumentException.ThrowIfNullOrEmpty(format);
        ArgumentNullException.ThrowIfNull(recognizes);
        ArgumentNullException.ThrowIfNull(decode);
        Format = format;
        _recognizes = recognizes;
        _decode = decode;
    }

    /// <summary>Whether a file is of a format, by its first bytes.</summary>
    public delegate bool Recognizer(ReadOnlySpan<byte> file);

    /// <summary>Decodes a file.</summary>
    public delegate Image Reader(ReadOnlySpan<byte> file);

    /// <inheritdoc/>
    public string Format { get; }

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> file) => _recognizes(file);

    /// <inheritdoc/>
    public Image Decode(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        try
        {
            return _decode(file) ?? throw new ImageException($"the decoder for {Format} gave no image");
        }
        catch (Exception failure) when (failure is not (ImageException or OutOfMemoryException))
        {
            throw new ImageException($"the decoder for {Format} can't read it: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }
}
