namespace CnnGen.Images.Decoding;

/// <summary>
/// How a decoded picture lies (EXIF 2.3, tag 0112): 1 as it is, 2 mirrored left to right, 3 turned by 180 degrees, 4 mirrored top to bottom, 5 to 8 the same with rows and columns exchanged.
/// </summary>
internal static class Orientation
{
    /// <summary>Whether rows become columns.</summary>
    public static bool IsSideways(int orientation) => orientation >= 5;

    /// <summary>The picture as it is to be seen.</summary>
    /// <param name="image">As it is stored.</param>
    /// <param name="orientation">2 to 8.</param>
    /// <param name="pixels">Receives the pixels.</param>
    public static Image Apply(Image image, int orientation, byte[] pixels)
    {
        var isSideways = IsSideways(orientation);
        var (width, height) = isSideways ? (image.Height, image.Width) : (image.Width, image.Height);
        var channels = image.Channels;

        // Where the seen picture's first pixel lies in the stored one, and the way to the next in its row and its column.
        var (left, top, right, bottom) = (0, 0, image.Width - 1, image.Height - 1);
        var (x, y) = orientation switch { 2 => (right, top), 3 => (right, bottom), 4 => (left, bottom), 6 => (left, bottom), 7 => (right, bottom), 8 => (right, top), _ => (left, top) };
        var (stepX, stepY) = (x == left ? 1 : -1, y == top ? image.Width : -image.Width);
        var (alongRow, alongColumn) = isSideways ? (stepY, stepX) : (stepX, stepY);
        var start = (y * image.Width) + x;
        for (var row = 0; row < height; row++)
        {
            var from = start + (row * alongColumn);
            for (var column = 0; column < width; column++, from += alongRow)
            {
                for (var c = 0; c < channels; c++)
                    pixels[(((row * width) + column) * channels) + c] = image.Pixels[(from * channels) + c];
            }
        }

        return new Image(width, height, channels, pixels);
    }
}
