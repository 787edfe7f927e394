namespace CnnGen.Tests.Data;

public sealed class Cifar10Tests : IDisposable
{
    private const int Records = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin/")]
    public void The_six_files_are_read_in_order(string folder)
    {
        WriteAll(folder);
        var (training, test) = Cifar10.Load(_folder.Path, Records);
        Assert.Equal((10, 2), (training.Count, test.Count));
        Assert.Equal(new ImageShape(3, 32, 32), training.Shape);
        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(0, 10).Select(training.GetLabel));
        Assert.Equal([6, 7], Enumerable.Range(0, 2).Select(test.GetLabel));

        // A record has plane after plane; a pixel comes out with its three bytes together.
        for (var i = 0; i < 10; i++)
        {
            for (var at = 0; at < 3072; at++)
                Assert.Equal((byte)((at / 3) + (100 * (at % 3)) + i), training.GetBytes(i)[at]);
        }
    }

    [Fact]
    public void A_missing_batch_is_named()
    {
        WriteAll("");
        File.Delete(Path.Combine(_folder.Path, "data_batch_3.bin"));
        Assert.Contains("'data_batch_3.bin'", Assert.Throws<FileNotFoundException>(() => Cifar10.Load(_folder.Path, Records)).Message);
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Assert.Contains("nothing", Assert.Throws<DirectoryNotFoundException>(() => Cifar10.Load(Path.Combine(_folder.Path, "nothing"))).Message);

    [Theory]
    [InlineData(-1, "cut off: expected 6146 bytes, 2 records of 3073, but it has 6145")]
    [InlineData(1, "too long: expected 6146 bytes, 2 records of 3073, but it has 6147")]
    public void A_batch_of_another_length_is_refused(int change, string message)
    {
        WriteAll("");
        var bytes = new byte[(Records * 3073) + change];
        var path = _folder.Write("test_batch.bin", bytes);
        var error = Assert.Throws<InvalidDataException>(() => Cifar10.Load(_folder.Path, Records));
        Assert.Contains(message, error.Message);
        Assert.Contains($"'{path}'", error.Message);
    }

    [Fact]
    public void The_published_files_have_10000_records()
    {
        WriteAll("");
        Assert.Contains("expected 30730000 bytes", Assert.Throws<InvalidDataException>(() => Cifar10.Load(_folder.Path)).Message);
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused()
    {
        WriteAll("");
        var path = _folder.Write("data_batch_2.bin", [.. Record(1), .. Record(10)]);
        var message = Assert.Throws<InvalidDataException>(() => Cifar10.Load(_folder.Path, Records)).Message;
        Assert.Contains($"'{path}' gives image 1 the label 10", message);
        Assert.Contains("label 10", Assert.Throws<InvalidDataException>(() => Cifar10.ReadBatch(path)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_batch_of_any_length_is_read(bool isPacked)
    {
        byte[] bytes = [.. Record(4), .. Record(2), .. Record(9)];
        var batch = Cifar10.ReadBatch(_folder.Write("own.bin", isPacked ? IdxBytes.Gzip(bytes) : bytes));
        Assert.Equal([4, 2, 9], Enumerable.Range(0, 3).Select(batch.GetLabel));
        Assert.Equal(2 + 1 + 200, batch.GetBytes(1)[5]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3072)]
    [InlineData(3074)]
    public void A_batch_of_no_whole_records_is_refused(int length) =>
        Assert.Contains($"has {length} bytes", Assert.Throws<InvalidDataException>(() => Cifar10.ReadBatch(_folder.Write("own.bin", new byte[length]))).Message);

    /// <summary>A few MB of gzip can hold gigabytes: what the file claims is compared with the bound before memory is taken, and is all that is read.</summary>
    [Fact]
    public void A_gzip_bomb_is_refused_before_it_is_unpacked()
    {
        var path = _folder.Write("bomb.gz", IdxBytes.Gzip(new byte[200 * 3073]));
        Assert.Equal(200, Cifar10.ReadBatch(path, mostImages: 200).Count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<InvalidDataException>(() => Cifar10.ReadBatch(path, mostImages: 199)).Message;
        Assert.Contains("has 200 images of 3073 bytes, but at most 199 are read at once", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);

        // One that lies about its length: what it holds past that is not read.
        var packed = IdxBytes.Gzip(new byte[200 * 3073]);
        BitConverter.TryWriteBytes(packed.AsSpan(packed.Length - 4), 2 * 3073);
        path = _folder.Write("bomb.gz", packed);
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Cifar10.ReadBatch(path, mostImages: 100));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);

        // And one that claims more than it holds: memory is taken for what comes.
        BitConverter.TryWriteBytes(packed.AsSpan(packed.Length - 4), 50_000 * 3073);
        path = _folder.Write("bomb.gz", packed);
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Cifar10.ReadBatch(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Fact]
    public void A_plain_file_of_too_many_images_is_refused_too()
    {
        var path = _folder.Write("own.bin", [.. Record(4), .. Record(2), .. Record(9)]);
        Assert.Contains("has 3 images", Assert.Throws<InvalidDataException>(() => Cifar10.ReadBatch(path, 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Cifar10.ReadBatch(path, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cifar10.ReadBatch(path, int.MaxValue));
    }

    [LocalDataFact("cifar10", "test_batch.bin")]
    public void The_real_files_are_read()
    {
        var (training, test) = Cifar10.Load(LocalDataFactAttribute.Find("cifar10", "test_batch.bin")!);
        Assert.Equal((50_000, 10_000), (training.Count, test.Count));
        Assert.All(Enumerable.Range(0, 50_000).CountBy(training.GetLabel), pair => Assert.Equal(5000, pair.Value));
        Assert.All(Enumerable.Range(0, 10_000).CountBy(test.GetLabel), pair => Assert.Equal(1000, pair.Value));

        // Looser than the constants' last digit: copies of the data set that went through a lossy format are let through.
        for (var channel = 0; channel < 3; channel++)
        {
            var (mean, deviation) = Statistics.Of(training, channel);
            Assert.Equal(Cifar10.Mean[channel], mean, 2e-3);
            Assert.Equal(Cifar10.Deviation[channel], deviation, 2e-3);
        }
    }

    private void WriteAll(string folder)
    {
        for (var i = 0; i < 5; i++)
            _folder.Write($"{folder}data_batch_{i + 1}.bin", [.. Record((byte)(2 * i)), .. Record((byte)((2 * i) + 1))]);
        _folder.Write($"{folder}test_batch.bin", [.. Record(6), .. Record(7)]);
    }

    private static byte[] Record(byte label) => [label, .. Enumerable.Range(0, 3072).Select(at => (byte)(label + (at % 1024) + (100 * (at / 1024))))];
}
