namespace CnnGen.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Grey_images_are_read(bool isPacked)
    {
        var images = IdxFile.ReadImages(Write(IdxBytes.Images(2), isPacked));
        Assert.Equal(new ImageShape(1, 2, 3), images.Shape);
        Assert.Equal(2, images.Count);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (byte)i), images.Bytes);
    }

    [Fact]
    public void Images_of_several_channels_are_read()
    {
        var images = IdxFile.ReadImages(Write(IdxBytes.Make(8, [1, 3, 1, 2], 1, 2, 3, 4, 5, 6)));
        Assert.Equal(new ImageShape(3, 1, 2), images.Shape);
        Assert.Equal(1, images.Count);
        Assert.Equal([1, 3, 5, 2, 4, 6], images.Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_are_read(bool isPacked) => Assert.Equal([7, 0, 255], IdxFile.ReadLabels(Write(IdxBytes.Labels(7, 0, 255), isPacked)));

    [Fact]
    public void A_packed_file_larger_than_the_first_block_is_read_whole()
    {
        // 3 MB, so that the buffer grows twice.
        var bytes = new byte[3_000_000];
        new Random(2).NextBytes(bytes);
        var images = IdxFile.ReadImages(Write(IdxBytes.Make(8, [3, 1000, 1000], bytes), isPacked: true));
        Assert.Equal(bytes, images.Bytes);
    }

    [Theory]
    [InlineData(0, "begins with nothing (it is empty)")]
    [InlineData(3, "begins with 00 00 08")]
    [InlineData(10, "cut off within its header: expected 16 bytes, but it has 10")]
    [InlineData(16, "cut off: expected 12 bytes after the header, for 2 x 2 x 3, but it has 0")]
    [InlineData(27, "cut off: expected 12 bytes after the header, for 2 x 2 x 3, but it has 11")]
    public void A_truncated_file_is_refused(int length, string message)
    {
        var bytes = IdxBytes.Images(2)[..length];
        Refused(Write(bytes), message);
        Refused(Write(bytes, isPacked: true), message);
    }

    [Fact]
    public void An_overlong_file_is_refused()
    {
        byte[] bytes = [.. IdxBytes.Images(2), 0];
        Refused(Write(bytes), "too long: expected 12 bytes after the header, for 2 x 2 x 3, but it has 13");
        Refused(Write(bytes, isPacked: true), "too long: expected 12 bytes after the header, for 2 x 2 x 3, but it has more");
    }

    [Fact]
    public void A_wrong_magic_is_refused() => Refused(Write([0x89, 0x50, 0x4E, 0x47, 1, 2, 3]), "no IDX file: it begins with 89 50 4E 47");

    [Theory]
    [InlineData(0x09, "signed bytes (type 0x09)")]
    [InlineData(0x0B, "16-bit integers")]
    [InlineData(0x0C, "32-bit integers")]
    [InlineData(0x0D, "32-bit floats")]
    [InlineData(0x0E, "64-bit floats")]
    [InlineData(0x77, "an unknown element type (type 0x77)")]
    public void A_wrong_element_type_is_refused(byte type, string message) => Refused(Write(IdxBytes.Make(type, [1, 1, 1], 0)), message);

    [Fact]
    public void Labels_in_place_of_images_are_refused() => Refused(Write(IdxBytes.Labels(1, 2)), "1 dimensions, but a file of images has 3 or 4");

    [Fact]
    public void Images_in_place_of_labels_are_refused()
    {
        var path = Write(IdxBytes.Images(1));
        Assert.Contains("3 dimensions, but a file of labels has 1", Assert.Throws<InvalidDataException>(() => IdxFile.ReadLabels(path)).Message);
    }

    [Theory]
    [InlineData(0u, 2u, 3u, "gives 0 as dimension 1 of 3")]
    [InlineData(2u, 0u, 3u, "gives 0 as dimension 2 of 3")]
    [InlineData(2u, 2u, 0u, "gives 0 as dimension 3 of 3")]
    [InlineData(2u, 0x80000000u, 3u, "gives 2147483648 as dimension 2 of 3")]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFFu, 0x7FFFFFFFu, "claims 2147483647 x 2147483647 x 2147483647 bytes")]
    [InlineData(65536u, 65536u, 1u, "claims 65536 x 65536 x 1 bytes")]
    [InlineData(60000u, 28u, 28u, "cut off: expected 47040000 bytes")]
    public void Dimensions_that_cannot_be_are_refused(uint count, uint height, uint width, string message)
    {
        var bytes = IdxBytes.Make(8, [count, height, width], 1, 2, 3);
        Refused(Write(bytes), message);
        Refused(Write(bytes, isPacked: true), message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_header_that_claims_a_gigabyte_allocates_little(bool isPacked)
    {
        var path = Write(IdxBytes.Make(8, [1000, 1000, 1000], 1, 2, 3), isPacked);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(path, "cut off: expected 1000000000 bytes");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void A_packed_file_that_claims_more_than_gzip_can_hold_is_refused_before_it_is_unpacked()
    {
        var packed = IdxBytes.Gzip([.. IdxBytes.Make(8, [2000, 1000, 1000]), .. new byte[50_000_000]]);
        var path = _folder.Write("images.gz", packed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(path, FormattableString.Invariant($"expected 2000000000 bytes after the header, for 2000 x 1000 x 1000, but a gzip file of {packed.Length} bytes can't hold so many"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
    }

    [Fact]
    public void A_damaged_gzip_file_is_refused()
    {
        var packed = IdxBytes.Gzip(IdxBytes.Images(40));
        for (var i = 10; i < packed.Length; i++)
        {
            var damaged = packed.ToArray();
            damaged[i] ^= 0xFF;
            var path = _folder.Write("images.gz", damaged);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path)).Message);
        }

        Refused(_folder.Write("images.gz", [0x1F, 0x8B, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99]), "damaged gzip file");
    }

    [Fact]
    public void A_truncated_gzip_file_is_refused()
    {
        var packed = IdxBytes.Gzip(IdxBytes.Images(40));
        for (var length = 2; length < packed.Length; length++)
        {
            var path = _folder.Write("images.gz", packed.AsSpan(0, length));
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path)).Message);
        }
    }

    [Fact]
    public void Bytes_after_a_gzip_file_are_refused() =>
        Refused(_folder.Write("images.gz", [.. IdxBytes.Gzip(IdxBytes.Images(40)), 1, 2, 3]), "something follows it");

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(_folder.Path, "nothing");
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => IdxFile.ReadImages(path)).Message);
    }

    [Fact]
    public void Counts_of_images_and_labels_have_to_agree()
    {
        var images = _folder.Write("images", IdxBytes.Images(3));
        var labels = _folder.Write("labels", IdxBytes.Labels(1, 2));
        var message = Assert.Throws<InvalidDataException>(() => IdxFile.ReadDataset(images, labels, 10)).Message;
        Assert.Contains($"'{images}' has 3 images, but '{labels}' has 2 labels", message);
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused()
    {
        var images = _folder.Write("images", IdxBytes.Images(2));
        var labels = _folder.Write("labels", IdxBytes.Labels(1, 10));
        var message = Assert.Throws<InvalidDataException>(() => IdxFile.ReadDataset(images, labels, 10)).Message;
        Assert.Contains($"'{labels}' gives image 1 the label 10, but with 10 classes labels lie in 0 to 9", message);
        Assert.Equal(10, IdxFile.ReadDataset(images, labels, 11).GetLabel(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_damage_is_read_or_refused_and_nothing_else(bool isPacked)
    {
        var sound = IdxBytes.Images(5);
        if (isPacked)
            sound = IdxBytes.Gzip(sound);
        var random = new Random(3);
        var refused = 0;
        for (var i = 0; i < 1000; i++)
        {
            var path = _folder.Write("images", Damage.Apply(sound, random));
            try
            {
                var images = IdxFile.ReadImages(path);
                Assert.Equal(images.Count * images.Shape.Length, images.Bytes.Length);
            }
            catch (InvalidDataException exception)
            {
                Assert.Contains(path, exception.Message);
                refused++;
            }
        }

        Assert.InRange(refused, 200, 1000);
    }

    private string Write(byte[] bytes, bool isPacked = false) => _folder.Write("images-idx", isPacked ? IdxBytes.Gzip(bytes) : bytes);

    private static void Refused(string path, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path));
        Assert.Contains(message, error.Message);
        Assert.Contains($"'{path}'", error.Message);
    }
}
