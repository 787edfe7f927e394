namespace CnnGen;

/// <summary>
/// The one order of bytes, H x W x C, made of the other that files have, C x H x W.
/// </summary>
internal static class PixelOrder
{
    /// <param name="planes">One image, channel by channel.</param>
    /// <param name="pixels">Receives it pixel by pixel.</param>
    /// <param name="channels">The number of channels.</param>
    public static void FromPlanes(ReadOnlySpan<byte> planes, Span<byte> pixels, int channels)
    {
        if (channels == 1)
        {
            planes.CopyTo(pixels);
            return;
        }

        var area = planes.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = planes.Slice(channel * area, area);
            for (int i = 0, position = channel; i < plane.Length; i++, position += channels)
                pixels[position] = plane[i];
        }
    }
}
