using System.Buffers;
using System.Globalization;
using CnnGen.Images.Decoding;

namespace CnnGen.Images;

/// <summary>Finds the decoder of a file by its first bytes, and brings what it gives to the form that was asked for.</summary>
internal static class ImageReader
{
    /// <summary>The first bytes of kinds that are often met and not read, for a message that names them.</summary>
    private static readonly (int Position, byte[] Bytes, string Name)[] s_strangers =
    [
        (8, "WEBP"u8.ToArray(), "a WebP"),
        (4, "ftypavif"u8.ToArray(), "an AVIF"),
        (4, "ftyphei"u8.ToArray(), "a HEIF"),
        (4, "ftypmif1"u8.ToArray(), "a HEIF"),
        (0, [0x49, 0x49, 0x2A, 0], "a TIFF"),
        (0, [0x4D, 0x4D, 0, 0x2A], "a TIFF"),
        (0, [0, 0, 0, 12, 0x6A, 0x50], "a JPEG 2000"),
        (0, "%PDF"u8.ToArray(), "a PDF"),
        (0, "<svg"u8.ToArray(), "an SVG"),
        (0, "<?xml"u8.ToArray(), "an XML file (an SVG?)"),
        (0, "<!DOCTYPE"u8.ToArray(), "an HTML page"),
        (0, "<html"u8.ToArray(), "an HTML page"),
        (0, [0, 0, 1, 0], "an icon"),
        (0, [0x1F, 0x8B], "a gzip file"),
        (0, "PK"u8.ToArray(), "a ZIP archive"),
    ];

    /// <summary>Decodes a file.</summary>
    /// <exception cref="ImageException">It is damaged, of no known kind, or larger than the bounds.</exception>
    /// <exception cref="IOException">It can't be read, or is no regular file.</exception>
    public static Image ReadFile(string path, DecodeOptions options)
    {
        var file = ImageFile.Rent(path, options.MaxMemory, out var length);
        try
        {
            return Read(file.AsSpan(0, length), options);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
        }
    }

    /// <exception cref="ImageException">The bytes are of no known format, damaged, or larger than the bounds.</exception>
    public static Image Read(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        if (file.IsEmpty)
            throw new ImageException($"the file is empty; an image was expected ({Names(options)})");
        foreach (var decoder in options.Decoders)
        {
            if (!decoder.Recognizes(file))
                continue;
            if (decoder is not RowDecoder rows)
                return Finish(decoder.Decode(file, options), options, decoder.Format);

            try
            {
                return rows.Decode(file, options);
            }
            catch (ImageException fault)
            {
                throw new ImageException($"{decoder.Format}: {fault.Message}");
            }
        }

        foreach (var (position, bytes, name) in s_strangers)
        {
            if (file.Length >= position + bytes.Length && file.Slice(position, bytes.Length).SequenceEqual(bytes))
                throw new ImageException($"it looks like {name}, which is not read; {Names(options)} are");
        }

        throw new ImageException($"no image of a known format: it begins with {Describe(file)}; {Names(options)} are read");
    }

    /// <summary>What a decoder of another library gave, in the form that was asked for, as rows of our own decoders are on the way.</summary>
    private static Image Finish(Image image, DecodeOptions options, string format)
    {
        if (Math.BigMul(image.Width, image.Height) > options.MaxPixels)
            throw RowSink.TooManyPixels(image.Width, image.Height, options.MaxPixels);
        var (width, height) = (options.Width == 0 ? image.Width : options.Width, options.Height == 0 ? image.Height : options.Height);
        if ((width, height) == (image.Width, image.Height) && (options.Channels == 0 || options.Channels == image.Channels))
            return image;
        var sink = new RowSink(options);
        sink.Begin(image.Width, image.Height, image.Channels);
        for (var y = 0; y < image.Height; y++)
        {
            image.Pixels.AsSpan(y * image.Width * image.Channels, image.Width * image.Channels).CopyTo(sink.Row);
            sink.EndRow();
        }

        return sink.Finish();
    }

    private static string Names(DecodeOptions options)
    {
        var names = options.Decoders[0].Format;
        for (var i = 1; i < options.Decoders.Count; i++)
            names += (i < options.Decoders.Count - 1 ? ", " : " and ") + options.Decoders[i].Format;
        return names;
    }

    private static string Describe(ReadOnlySpan<byte> file)
    {
        var text = "";
        foreach (var value in file[..Math.Min(4, file.Length)])
            text += (text.Length > 0 ? " " : "") + value.ToString("X2", CultureInfo.InvariantCulture);
        return text;
    }
}
