namespace CnnGen.Images.Decoding;

/// <summary>From grey to RGB and back.</summary>
internal static class ChannelConversion
{
    /// <summary>Colour becomes grey by ITU-R BT.601's luma, rounded to the nearest; grey becomes three equal channels.</summary>
    public static void Convert(ReadOnlySpan<byte> source, int sourceChannels, Span<byte> destination, int channels)
    {
        if (sourceChannels == channels)
        {
            source.CopyTo(destination);
        }
        else if (channels == 1)
        {
            for (var i = 0; i < destination.Length; i++)
            {
                var pixel = source.Slice(3 * i, 3);
                destination[i] = (byte)(((299 * pixel[0]) + (587 * pixel[1]) + (114 * pixel[2]) + 500) / 1000);
            }
        }
        else
        {
            for (var i = 0; i < source.Length; i++)
            {
                var pixel = destination.Slice(3 * i, 3);
                pixel[0] = pixel[1] = pixel[2] = source[i];
            }
        }
    }
}
