using System.Globalization;

namespace CnnGen.Images.Tests;

public sealed class ImageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnngen-images-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_is_written_as_PNG_is_read_again(int channels)
    {
        var random = new Random(channels);
        foreach (var (width, height) in new[] { (1, 1), (2, 3), (40, 30), (1, 50), (300, 2) })
        {
            var pixels = new byte[width * height * channels];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)((i % 97 * 2) + random.Next(9));
            var image = new Image(width, height, channels, pixels);
            var path = Path.Combine(_folder, "image.png");

            image.SavePng(path);

            var read = Image.Load(path);
            Assert.Equal((width, height, channels), (read.Width, read.Height, read.Channels));
            Assert.Equal(pixels, read.Pixels);
            Assert.Equal(image.ToPng(), File.ReadAllBytes(path));
        }

        Assert.Equal(["image.png"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Pixels_go_into_memory_that_is_given_where_it_fits()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(Repository.Tests, "Jpeg", "files"), "*.jpg"))
        {
            foreach (var form in new[] { new DecodeOptions(), new DecodeOptions { Channels = 1, Width = 9, Height = 14 } })
            {
                var expected = Image.Load(path, form);
                var (fitting, other) = (new byte[expected.Pixels.Length], new byte[expected.Pixels.Length + 1]);
                Array.Fill(fitting, (byte)99);
                Array.Fill(other, (byte)99);

                Assert.Same(fitting, Image.Load(path, form with { Pixels = fitting }).Pixels);
                Assert.Equal(expected.Pixels, fitting);
                Assert.Equal(expected.Pixels, Image.Load(path, form with { Pixels = other }).Pixels);
                Assert.All(other, value => Assert.Equal(99, value));
            }
        }
    }

    [Fact]
    public void A_picture_is_written_in_fewer_bytes_than_it_has()
    {
        var image = Image.Load(Path.Combine(Repository.Tests, "Jpeg", "files", "larger.jpg"));

        Assert.InRange(image.ToPng().Length, 1, image.Pixels.Length * 4 / 5);
    }

    [Fact]
    public void Files_that_are_none_are_told()
    {
        var missing = Path.Combine(_folder, "missing.png");
        var text = Path.Combine(_folder, "text.jpg");
        File.WriteAllText(text, "RIFF....WEBPVP8 ");

        Assert.Throws<FileNotFoundException>(() => Image.Load(missing));
        Assert.Throws<DirectoryNotFoundException>(() => Image.Load(Path.Combine(missing, "a.png")));
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => Image.Load(_folder)).Message, StringComparison.Ordinal);
        Assert.Equal(
            $"'{text}': it looks like a WebP, which is not read; PNG, JPEG, BMP, GIF and PNM are", Assert.Throws<ImageException>(() => Image.Load(text)).Message);
        Assert.Equal(
            $"'{text}': the file has 16 bytes, more than the 10 that are read (DecodeOptions.MaxMemory)",
            Assert.Throws<ImageException>(() => Image.Load(text, new DecodeOptions { MaxMemory = 10 })).Message);
    }

    [Fact]
    public void Another_librarys_decoder_is_one_line()
    {
        var options = new DecodeOptions
        {
            Decoders = [new ImageDecoder("dots", file => file.StartsWith("DOTS"u8), file => new Image(file[4], 1, 1, file[5..].ToArray())), .. DecodeOptions.BuiltInDecoders],
        };

        Assert.Equal([7, 9], Image.Decode("DOTS\u0002\u0007\u0009"u8, options).Pixels);
        Assert.Equal([7, 7, 7, 9, 9, 9], Image.Decode("DOTS\u0002\u0007\u0009"u8, options with { Channels = 3 }).Pixels);
        Assert.Equal([8], Image.Decode("DOTS\u0002\u0007\u0009"u8, options with { Width = 1 }).Pixels);
        Assert.Equal(4, Image.Decode("P5 4 1 255\nabcd"u8, options).Width);
        Assert.Throws<ImageException>(() => Image.Decode("DOTS\u0002\u0007\u0009"u8, options with { MaxPixels = 1 }));

        // Whatever it throws comes as the one exception.
        var fault = Assert.Throws<ImageException>(() => Image.Decode("DOTS\u0003\u0007"u8, options));
        Assert.StartsWith("the decoder for dots can't read it: ", fault.Message, StringComparison.Ordinal);
        Assert.IsType<ArgumentException>(fault.InnerException);
    }

    [Fact]
    public void Messages_are_the_same_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("sv-SE");
            Assert.Equal("PNM: at byte 3: the width is 0, but must be from 1 to 2147483647", Assert.Throws<ImageException>(() => Image.Decode("P5 0 1 255 A"u8)).Message);
            Assert.Equal(
                "BMP: at byte 18: the header says -1 x 1 pixels; both must be 1 or more, or the height negative for rows from the top",
                Assert.Throws<ImageException>(() => Image.Decode([.. "BM"u8, .. new byte[12], 40, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[40]])).Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Sizes_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Image(0, 1, 1, []));
        Assert.Throws<ArgumentException>(() => new Image(1, 1, 2, [1, 2]));
        Assert.Throws<ArgumentException>(() => new Image(2, 2, 3, new byte[11]));
        var image = new Image(2, 1, 1, [1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(1, 1, (ResizeFilter)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.WithChannels(2));
        Assert.Throws<ArgumentException>(() => image.Resize(70_000, 70_000));
    }
}
