namespace CnnGen.Images;

/// <summary>
/// Reads one format of images. The formats of this library are <see cref="DecodeOptions.BuiltInDecoders"/>; another library's is a class with these members, or one line:
/// <c>new DecodeOptions { Decoders = [new ImageDecoder("WebP", file => ..., file => ...), .. DecodeOptions.BuiltInDecoders] }</c>.
/// </summary>
/// <remarks>One object may be used from several threads at once.</remarks>
public interface IImageDecoder
{
    /// <summary>The format's name, for messages: <c>PNG</c>.</summary>
    string Format { get; }

    /// <summary>Whether a file is of this format, by its first bytes.</summary>
    /// <param name="file">The file, or as much of its start as there is.</param>
    bool Recognizes(ReadOnlySpan<byte> file);

    /// <summary>Decodes a file that <see cref="Recognizes"/> said yes to.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">
    /// Bounds that the decoder keeps where it can. Channels and size need not be regarded: the caller brings the image to them.
    /// </param>
    /// <returns>The image, of any size and of 1 or 3 channels.</returns>
    /// <exception cref="ImageException">The file is damaged, or larger than the bounds.</exception>
    Image Decode(ReadOnlySpan<byte> file, DecodeOptions options);
}
