namespace CnnGen.Images.Tests.Folders;

public sealed class ImageFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnngen-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Classes_are_the_sorted_folders_and_pictures_lie_at_any_depth()
    {
        Add("b/2.png", 20);
        Add("b/1.png", 10);
        Add("a/z/1.png", 3);
        Add("a/9.PNG", 2);
        Add("a/10.png", 1);
        Add(".hidden/1.png", 99);
        Add("a/._1.png", 99);
        File.WriteAllText(Path.Combine(_folder, "a", "notes.txt"), "no picture");

        var folder = ImageFolder.Load(_folder, width: 4, height: 3);

        Assert.Equal(["a", "b"], folder.ClassNames);
        Assert.Equal(new ImageShape(3, 3, 4), folder.Images.Shape);
        Assert.Equal([1, 2, 3, 10, 20], Enumerable.Range(0, 5).Select(i => (int)folder.Images.GetBytes(i)[0]));
        Assert.Equal([0, 0, 0, 1, 1], Enumerable.Range(0, 5).Select(folder.Images.GetLabel));
        Assert.Equal(["a/10.png", "a/9.PNG", "a/z/1.png", "b/1.png", "b/2.png"], folder.Files.Select(file => Path.GetRelativePath(_folder, file)));
        Assert.Empty(folder.Damaged);
    }

    [Fact]
    public void Bytes_are_height_by_width_by_channels_as_a_decoder_gives_them()
    {
        foreach (var name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
            File.Copy(Path.Combine(Repository.Tests, "Jpeg", "files", "larger.jpg"), Path.Combine(_folder, name, "1.jpg"));
        }

        foreach (var channels in new[] { 1, 3 })
        {
            var folder = ImageFolder.Load(_folder, 32, 24, new ImageFolderOptions { Channels = channels, Filter = ResizeFilter.Bicubic });

            Assert.Equal(Image.Load(folder.Files[0]).WithChannels(channels).Resize(32, 24, ResizeFilter.Bicubic).Pixels, folder.Images.GetBytes(1).ToArray());
        }
    }

    /// <summary>Memory goes from one picture to the next, but never what a decoder of the user's holds.</summary>
    [Fact]
    public void Pictures_of_a_decoder_that_keeps_them_stay_as_they_are()
    {
        var decoder = new KeepingDecoder();
        for (var i = 0; i < 4; i++)
        {
            Add($"a/{i}.png", i);
            Add($"b/{i}.png", 10 + i);
            File.WriteAllText(Path.Combine(_folder, i < 2 ? "a" : "b", $"{20 + i}.png"), "kept");
        }

        var options = new ImageFolderOptions { CacheBytes = 0, Decoding = new DecodeOptions { Decoders = [decoder, .. DecodeOptions.BuiltInDecoders] } };
        var folder = ImageFolder.Load(_folder, 4, 3, options);
        var files = ImageFileDataset.Open(_folder, 4, 3, options);
        var (expected, actual) = (new float[36], new float[36]);
        for (var i = 0; i < files.Count; i++)
        {
            folder.Images.CopyImage(i, expected, new Normalization([0, 0, 0], [1, 1, 1]));
            files.CopyImage(i, actual, new Normalization([0, 0, 0], [1, 1, 1]));
            Assert.Equal(expected, actual);
        }

        Assert.Equal(4, Enumerable.Range(0, files.Count).Count(i => folder.Images.GetBytes(i)[0] == KeepingDecoder.Value));
        Assert.All(decoder.Image.Pixels, value => Assert.Equal(KeepingDecoder.Value, value));
    }

    /// <summary>A cache of three pictures has the first three, whichever was decoded first; the others are decoded whenever they are asked for.</summary>
    [Fact]
    public void What_is_kept_is_the_first_pictures_of_the_folder()
    {
        for (var i = 0; i < 8; i++)
        {
            Directory.CreateDirectory(Path.Combine(_folder, i < 4 ? "a" : "b"));
            File.WriteAllText(Path.Combine(_folder, i < 4 ? "a" : "b", $"{i}.png"), $"once{i}");
        }

        var decoder = new CountingDecoder();
        var files = ImageFileDataset.Open(_folder, 1, 1, new ImageFolderOptions { Channels = 3, CacheBytes = 11, Decoding = new DecodeOptions { Decoders = [decoder] } });
        Assert.Equal(Enumerable.Repeat(1, 8), decoder.Counts);
        var image = new float[3];
        for (var i = 0; i < 2 * files.Count; i++)
        {
            files.CopyImage(i % 8, image, new Normalization([0, 0, 0], [1, 1, 1]));
            Assert.Equal((i % 8) / 255f, image[0], 1e-6f);
        }

        Assert.Equal([1, 1, 1, 3, 3, 3, 3, 3], decoder.Counts);
    }

    /// <summary>Counts how often it decodes each picture; the earlier a picture stands in the folder, the longer that takes.</summary>
    private sealed class CountingDecoder : IImageDecoder
    {
        public int[] Counts { get; } = new int[8];

        public string Format => "counted";

        public bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("once"u8);

        public Image Decode(ReadOnlySpan<byte> file, DecodeOptions options)
        {
            var picture = file[4] - '0';
            Thread.Sleep(8 - picture);
            Interlocked.Increment(ref Counts[picture]);
            return new Image(1, 1, 3, [(byte)picture, (byte)picture, (byte)picture]);
        }
    }

    private sealed class KeepingDecoder : IImageDecoder
    {
        public const byte Value = 77;

        public string Format => "kept";

        public Image Image { get; } = new(4, 3, 3, [.. Enumerable.Repeat(Value, 36)]);

        public bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("kept"u8);

        public Image Decode(ReadOnlySpan<byte> file, DecodeOptions options) => Image;
    }

    [Fact]
    public void Damaged_pictures_are_listed_with_path_and_reason_or_are_an_error()
    {
        for (var i = 0; i < 3; i++)
        {
            Add($"a/{i}.png", i);
            Add($"b/{i}.png", 10 + i);
        }

        var (empty, web) = (Path.Combine(_folder, "a", "1.png"), Path.Combine(_folder, "b", "2.webp"));
        File.WriteAllBytes(empty, []);
        File.WriteAllText(web, "RIFF....WEBPVP8 ");

        var folder = ImageFolder.Load(_folder, 2, 2);

        Assert.Equal(
            [$"{empty}: the file is empty; an image was expected (PNG, JPEG, BMP, GIF and PNM)", $"{web}: it looks like a WebP, which is not read; PNG, JPEG, BMP, GIF and PNM are"],
            folder.Damaged.Select(one => one.ToString()));
        Assert.Equal([0, 2, 10, 11, 12], Enumerable.Range(0, 5).Select(i => (int)folder.Images.GetBytes(i)[0]));
        Assert.Equal([0, 0, 1, 1, 1], Enumerable.Range(0, 5).Select(folder.Images.GetLabel));
        Assert.Equal(5, folder.Files.Count);
        var fault = Assert.Throws<ImageException>(() => ImageFolder.Load(_folder, 2, 2, new ImageFolderOptions { OnDamaged = DamagedImages.Throw }));
        Assert.StartsWith($"2 of the 7 pictures of '{_folder}' can't be read; the first is {empty}: the file is empty", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_are_none_are_told()
    {
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Load(Path.Combine(_folder, "missing"), 2, 2));
        Assert.StartsWith($"'{_folder}' holds no folder; ", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder, 2, 2)).Message, StringComparison.Ordinal);
        Add("a/1.png", 1);
        Assert.StartsWith($"'{_folder}' holds one folder alone, 'a'; ", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder, 2, 2)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder, "b"));
        Assert.StartsWith(
            $"The class folder '{Path.Combine(_folder, "b")}' holds no picture", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder, 2, 2)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_folder, "b", "1.jpg"), [0xFF, 0xD8, 0xFF]);
        Assert.StartsWith("No picture of class 'b' can be read; the first is ", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder, 2, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Load(_folder, 0, 2));
        Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder, 60_000, 60_000));
    }

    [Fact]
    public void The_split_has_its_share_of_every_class_and_is_a_function_of_the_seed()
    {
        for (var i = 0; i < 20; i++)
            Add($"a/{i:00}.png", i);
        for (var i = 0; i < 5; i++)
            Add($"b/{i}.png", 100 + i);
        Add("c/1.png", 200);
        Add("c/2.png", 201);
        var folder = ImageFolder.Load(_folder, 1, 1);

        var (training, validation) = folder.Split(0.2, seed: 1);
        var again = folder.Split(0.2, seed: 1).Validation;
        var other = folder.Split(0.2, seed: 2).Validation;

        Assert.Equal([4, 1, 1], Counts(validation));
        Assert.Equal([16, 4, 1], Counts(training));
        Assert.Equal(Enumerable.Range(0, 27).Select(i => (int)folder.Images.GetBytes(i)[0]), Values(training).Concat(Values(validation)).Order());
        Assert.Equal(Values(validation), Values(again));
        Assert.NotEqual(Values(validation), Values(other));
        Assert.Throws<ArgumentOutOfRangeException>(() => folder.Split(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => folder.Split(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => folder.Split(double.NaN, 1));
    }

    private static int[] Counts(ByteImageDataset images) => [.. Enumerable.Range(0, 3).Select(label => Enumerable.Range(0, images.Count).Count(i => images.GetLabel(i) == label))];

    private static int[] Values(ByteImageDataset images) => [.. Enumerable.Range(0, images.Count).Select(i => (int)images.GetBytes(i)[0])];

    private void Add(string name, int value)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new Image(1, 1, 1, [(byte)value]).SavePng(path);
    }
}
