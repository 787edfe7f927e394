using System.Globalization;

namespace CnnGen.Images.Resizing;

/// <summary>Resizes an image that is in memory: its rows go through <see cref="RowResizer"/>, as rows do that are still being decoded.</summary>
internal static class Resizer
{
    public static Image Resize(Image image, int width, int height, ResizeFilter filter = ResizeFilter.Area)
    {
        if (width < 1 || height < 1)
        {
            throw new ArgumentOutOfRangeException(
                width < 1 ? nameof(width) : nameof(height), string.Create(CultureInfo.InvariantCulture, $"A size of {width} x {height}: both must be 1 or more."));
        }

        if (!Enum.IsDefined(filter))
            throw new ArgumentOutOfRangeException(nameof(filter), $"There is no filter {(int)filter}.");
        if (Math.BigMul(width, height) > Array.MaxLength / image.Channels)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{width} x {height} pixels of {image.Channels} channels are more than an array can hold."));
        if (image.Width == width && image.Height == height)
            return image;
        var pixels = new byte[width * height * image.Channels];
        var rows = new RowResizer(image.Width, image.Height, width, height, image.Channels, filter, pixels);
        var stride = image.Width * image.Channels;
        for (var y = 0; y < image.Height; y++)
            rows.Add(image.Pixels.AsSpan(y * stride, stride));
        return new Image(width, height, image.Channels, pixels);
    }
}
