using System.Globalization;
using CnnGen.Images;

namespace CnnGen.Insight;

/// <summary>A raster of RGB pixels to draw on: maps of numbers, images, other pictures, rectangles and text. It is saved as PNG, shown in a terminal or put into a page.</summary>
public sealed class Picture
{
    /// <summary>More pixels than these are refused: a grid of many maps at a large scale is a mistake rather than a picture.</summary>
    public const int MostPixels = 1 << 26;

    /// <summary>Makes a picture of one colour.</summary>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="background">The colour of all of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or both together are more than <see cref="MostPixels"/> pixels.</exception>
    public Picture(int width, int height, Rgb background)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (Math.BigMul(width, height) > MostPixels)
        {
            throw new ArgumentOutOfRangeException(
                nameof(width), string.Create(CultureInfo.InvariantCulture, $"A picture of {width} x {height} pixels has more than {MostPixels}. Draw fewer maps, or a smaller scale."));
        }

        (Width, Height, Pixels) = (width, height, new byte[3 * width * height]);
        Fill(0, 0, width, height, background);
    }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Height x Width x 3 bytes: red, green, blue.</summary>
    public byte[] Pixels { get; }

    /// <summary>The colour of a pixel.</summary>
    /// <param name="x">The column, from the left.</param>
    /// <param name="y">The row, from the top.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pixel.</exception>
    public Rgb this[int x, int y]
    {
        get
        {
            var at = IndexOf(x, y);
            return new Rgb(Pixels[at], Pixels[at + 1], Pixels[at + 2]);
        }
        set
        {
            var at = IndexOf(x, y);
            (Pixels[at], Pixels[at + 1], Pixels[at + 2]) = (value.R, value.G, value.B);
        }
    }

    /// <summary>A map of numbers in the colours of a colour map.</summary>
    /// <param name="values">height x width numbers, row after row.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="map">The colours.</param>
    /// <param name="range">The numbers of the first and the last colour; null for the least and the largest of the map.</param>
    /// <exception cref="ArgumentException">There are not height x width numbers.</exception>
    public static Picture OfMap(ReadOnlySpan<float> values, int height, int width, ColorMap map, ValueRange? range = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        var picture = new Picture(width, height, Rgb.Black);
        CheckLength(values.Length, (long)height * width, $"A map of {height} x {width}");
        (range ?? ValueRange.Of(values, map)).Colors(values, map, picture.Pixels);
        return picture;
    }

    /// <summary>An image as a model reads it: of 3 channels in colour, of others the first one in grey.</summary>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="normalization">
    /// What made the floats of bytes, and is undone; null to spread the floats from their least (black) to their largest (white), of all channels together.
    /// </param>
    /// <exception cref="ArgumentException">There are not as many floats as the shape says, or the normalisation has another number of channels.</exception>
    public static Picture OfImage(ReadOnlySpan<float> image, ImageShape shape, Normalization? normalization = null)
    {
        CheckLength(image.Length, (long)shape.Channels * shape.Height * shape.Width, $"An image of {shape}");
        if (normalization is not null && normalization.Mean.Length != shape.Channels)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"An image of {shape} has {shape.Channels} channels, but the normalisation is of {normalization.Mean.Length}."), nameof(normalization));
        }

        var picture = new Picture(shape.Width, shape.Height, Rgb.Black);
        var plane = shape.Height * shape.Width;
        var isColor = shape.Channels == 3;
        var range = normalization is null ? ValueRange.Of(isColor ? image : image[..plane], ColorMap.Grey) : default;
        for (var channel = 0; channel < 3; channel++)
        {
            var from = isColor ? channel : 0;
            var (scale, offset) = normalization is null
                ? range.High > range.Low ? (255 / ((double)range.High - range.Low), -range.Low * 255 / ((double)range.High - range.Low)) : (0, 0)
                : (255.0 * normalization.Deviation[from], 255.0 * normalization.Mean[from]);
            for (var i = 0; i < plane; i++)
            {
                var value = image[(from * plane) + i];
                picture.Pixels[(3 * i) + channel] = float.IsNaN(value) ? (byte)(channel == 1 ? 0 : 255) : (byte)Math.Clamp(Math.Round((value * scale) + offset), 0, 255);
            }
        }

        return picture;
    }

    /// <summary>A decoded image.</summary>
    /// <param name="image">Grey or RGB.</param>
    public static Picture OfImage(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var picture = new Picture(image.Width, image.Height, Rgb.Black);
        image.WithChannels(3).Pixels.CopyTo(picture.Pixels, 0);
        return picture;
    }

    /// <summary>Fills a rectangle; what of it lies outside the picture is left out.</summary>
    /// <param name="x">Its left column.</param>
    /// <param name="y">Its top row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="color">The colour.</param>
    public void Fill(int x, int y, int width, int height, Rgb color)
    {
        var (left, right) = (Math.Max(0, x), (int)Math.Min(Width, (long)x + width));
        var (top, bottom) = (Math.Max(0, y), (int)Math.Min(Height, (long)y + height));
        for (var row = top; row < bottom; row++)
        {
            for (var at = 3 * ((row * Width) + left); at < 3 * ((row * Width) + right); at += 3)
                (Pixels[at], Pixels[at + 1], Pixels[at + 2]) = (color.R, color.G, color.B);
        }
    }

    /// <summary>Draws a frame of one pixel's width.</summary>
    /// <param name="x">Its left column.</param>
    /// <param name="y">Its top row.</param>
    /// <param name="width">Columns, the lines included.</param>
    /// <param name="height">Rows, the lines included.</param>
    /// <param name="color">The colour.</param>
    public void Frame(int x, int y, int width, int height, Rgb color)
    {
        Fill(x, y, width, 1, color);
        Fill(x, y + height - 1, width, 1, color);
        Fill(x, y, 1, height, color);
        Fill(x + width - 1, y, 1, height, color);
    }

    /// <summary>Puts a picture upon this one; what of it lies outside is left out.</summary>
    /// <param name="picture">What is drawn.</param>
    /// <param name="x">The column of its left one.</param>
    /// <param name="y">The row of its top one.</param>
    public void Draw(Picture picture, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var (left, right) = (Math.Max(0, x), Math.Min(Width, x + picture.Width));
        if (left >= right)
            return;
        for (var row = Math.Max(0, y); row < Math.Min(Height, y + picture.Height); row++)
        {
            picture.Pixels.AsSpan(3 * (((row - y) * picture.Width) + left - x), 3 * (right - left))
                .CopyTo(Pixels.AsSpan(3 * ((row * Width) + left)));
        }
    }

    /// <summary>Writes a line of text in the built-in font; signs that it has not are drawn as a box.</summary>
    /// <param name="text">The text; ASCII.</param>
    /// <param name="x">The column where it begins.</param>
    /// <param name="y">The row of its top.</param>
    /// <param name="color">The colour.</param>
    /// <param name="scale">Pixels of the picture for one of the font, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is below 1.</exception>
    public void Write(string text, int x, int y, Rgb color, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        for (var i = 0; i < text.Length; i++)
        {
            for (var row = 0; row < PixelFont.Height; row++)
            {
                var bits = PixelFont.Row(text[i], row);
                for (var column = 0; bits != 0 && column < PixelFont.Width; column++)
                {
                    if ((bits & (1 << (PixelFont.Width - 1 - column))) != 0)
                        Fill(x + (scale * ((i * PixelFont.Advance) + column)), y + (scale * row), scale, scale, color);
                }
            }
        }
    }

    /// <summary>A picture of its own with each pixel as a square: sharp, as small maps are looked at.</summary>
    /// <param name="factor">The side of that square in pixels, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1, or the picture would have more than <see cref="MostPixels"/> pixels.</exception>
    public Picture Scaled(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (factor > MostPixels / Math.Max(Width, Height))
        {
            throw new ArgumentOutOfRangeException(
                nameof(factor), factor, string.Create(CultureInfo.InvariantCulture, $"A picture of {Width} x {Height} pixels, scaled by {factor}, has more than {MostPixels}. Take a smaller factor."));
        }

        var scaled = new Picture(Width * factor, Height * factor, Rgb.Black);
        var stride = 3 * scaled.Width;
        for (var y = 0; y < Height; y++)
        {
            var line = scaled.Pixels.AsSpan(y * factor * stride, stride);
            for (var x = 0; x < Width; x++)
            {
                var at = 3 * ((y * Width) + x);
                for (var i = 3 * x * factor; i < 3 * (x + 1) * factor; i += 3)
                    (line[i], line[i + 1], line[i + 2]) = (Pixels[at], Pixels[at + 1], Pixels[at + 2]);
            }

            for (var copy = 1; copy < factor; copy++)
                line.CopyTo(scaled.Pixels.AsSpan(((y * factor) + copy) * stride));
        }

        return scaled;
    }

    /// <summary>A rectangle of it, as a picture of its own.</summary>
    /// <param name="x">The left column.</param>
    /// <param name="y">The top row.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not within the picture.</exception>
    public Picture Crop(int x, int y, int width, int height)
    {
        if (x < 0 || y < 0 || width < 1 || height < 1 || x > Width - width || y > Height - height)
        {
            throw new ArgumentOutOfRangeException(
                nameof(x), string.Create(CultureInfo.InvariantCulture, $"A rectangle of {width} x {height} pixels at ({x}, {y}) is not within a picture of {Width} x {Height}."));
        }

        var part = new Picture(width, height, Rgb.Black);
        for (var row = 0; row < height; row++)
            Pixels.AsSpan(3 * (((y + row) * Width) + x), 3 * width).CopyTo(part.Pixels.AsSpan(3 * row * width));
        return part;
    }

    /// <summary>The picture as an image of <c>CnnGen.Images</c>, over the same pixels.</summary>
    public Image ToImage() => new(Width, Height, 3, Pixels);

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng() => ToImage().ToPng();

    /// <summary>Writes the picture as a PNG file, as a whole or, where that fails, not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void SavePng(string path) => ToImage().SavePng(path);

    /// <summary>The picture as an address that pages and SVG documents may have in place of a file's: <c>data:image/png;base64,...</c>.</summary>
    public string ToDataUri() => "data:image/png;base64," + Convert.ToBase64String(ToPng());

    private static void CheckLength(int length, long expected, string what)
    {
        if (length != expected)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{what} has {expected} numbers, but {length} were given."));
    }

    private int IndexOf(int x, int y)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height)
        {
            throw new ArgumentOutOfRangeException(
                (uint)x >= (uint)Width ? nameof(x) : nameof(y), string.Create(CultureInfo.InvariantCulture, $"There is no pixel ({x}, {y}) in a picture of {Width} x {Height}."));
        }

        return 3 * ((y * Width) + x);
    }
}
