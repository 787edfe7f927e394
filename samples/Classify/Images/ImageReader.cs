namespace ClassifySample.Images;

/// <summary>Reads an image of any of the formats that are known by its first bytes.</summary>
internal static class ImageReader
{
    /// <exception cref="ImageException">The bytes are of no known format, or damaged.</exception>
    public static Image Read(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw new ImageException("the file is empty; a PNG, PGM or PPM image was expected");
        if (file.StartsWith(PngReader.Signature[..Math.Min(file.Length, 4)]))
            return PngReader.Read(file);
        if (file[0] == 'P')
            return PnmReader.Read(file);
        throw new ImageException($"no image of a known format: it begins with {Describe(file)}, but PNG begins with 89 50 4E 47 and PGM and PPM with P2, P3, P5 or P6");
    }

    private static string Describe(ReadOnlySpan<byte> file)
    {
        var text = "";
        foreach (var value in file[..Math.Min(4, file.Length)])
            text += (text.Length > 0 ? " " : "") + value.ToString("X2");
        return text;
    }
}
