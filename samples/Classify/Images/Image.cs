namespace ClassifySample.Images;

/// <summary>A decoded image: 8 bits a channel, rows from top to bottom, the channels of a pixel one after the other.</summary>
/// <param name="Width">Pixels of a row, 1 or more.</param>
/// <param name="Height">Rows, 1 or more.</param>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Pixels">Height x Width x Channels bytes.</param>
internal sealed record Image(int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>The most pixels that are decoded: more is rather a damaged header than an image to classify.</summary>
    public const long MostPixels = 1L << 26;

    /// <summary>The image with another number of channels: colour becomes grey by ITU-R BT.601's luma, grey becomes three equal channels.</summary>
    public Image WithChannels(int channels)
    {
        if (channels == Channels)
            return this;
        var area = Width * Height;
        var pixels = new byte[area * channels];
        if (channels == 1)
        {
            for (var i = 0; i < area; i++)
                pixels[i] = (byte)(((299 * Pixels[3 * i]) + (587 * Pixels[(3 * i) + 1]) + (114 * Pixels[(3 * i) + 2]) + 500) / 1000);
        }
        else
        {
            for (var i = 0; i < area; i++)
                pixels.AsSpan(i * channels, channels).Fill(Pixels[i]);
        }

        return new Image(Width, Height, channels, pixels);
    }

    /// <summary>Light and dark exchanged.</summary>
    public Image Inverted()
    {
        var pixels = new byte[Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(255 - Pixels[i]);
        return this with { Pixels = pixels };
    }
}
