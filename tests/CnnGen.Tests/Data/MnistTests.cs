namespace CnnGen.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private const string TrainingImages = "train-images-idx3-ubyte.gz";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData('-', "")]
    [InlineData('-', ".gz")]
    [InlineData('.', "")]
    [InlineData('.', ".gz")]
    public void Both_spellings_are_read_plain_and_packed(char separator, string ending)
    {
        WriteAll(separator, ending);
        var (training, test) = Mnist.Load(_folder.Path);
        Assert.Equal((3, 2), (training.Count, test.Count));
        Assert.Equal(new ImageShape(1, 2, 3), training.Shape);
        Assert.Equal(10, training.ClassCount);
        Assert.Equal([7, 8, 9], Enumerable.Range(0, 3).Select(training.GetLabel));
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(test.GetLabel));
        Assert.Equal([6, 7, 8, 9, 10, 11], training.GetBytes(1).ToArray());
    }

    [Fact]
    public void A_missing_file_is_named_in_all_its_spellings()
    {
        WriteAll('-', "");
        File.Delete(Path.Combine(_folder.Path, "t10k-labels-idx1-ubyte"));
        var message = Assert.Throws<FileNotFoundException>(() => Mnist.Load(_folder.Path)).Message;
        Assert.Contains(_folder.Path, message);
        foreach (var name in (string[])["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte", "t10k-labels-idx1-ubyte.gz", "t10k-labels.idx1-ubyte.gz"])
            Assert.Contains($"'{name}'", message);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var path = Path.Combine(_folder.Path, "nothing");
        Assert.Contains($"'{path}'", Assert.Throws<DirectoryNotFoundException>(() => Mnist.Load(path)).Message);
    }

    [Fact]
    public void Counts_that_disagree_are_refused()
    {
        WriteAll('-', "");
        _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(1));
        Assert.Contains("3 images", Assert.Throws<InvalidDataException>(() => Mnist.Load(_folder.Path)).Message);
    }

    [Fact]
    public void A_label_of_10_is_refused()
    {
        WriteAll('-', "");
        _folder.Write("t10k-labels-idx1-ubyte", IdxBytes.Labels(1, 10));
        Assert.Contains("label 10", Assert.Throws<InvalidDataException>(() => Mnist.Load(_folder.Path)).Message);
    }

    [Fact]
    public void Test_images_of_another_shape_are_refused()
    {
        WriteAll('-', "");
        _folder.Write("t10k-images-idx3-ubyte", IdxBytes.Images(2, height: 4));
        Assert.Contains("shape 1x2x3, but", Assert.Throws<InvalidDataException>(() => Mnist.Load(_folder.Path)).Message);
    }

    [LocalDataFact("mnist", TrainingImages)]
    public void The_real_files_are_read()
    {
        var (training, test) = Mnist.Load(LocalDataFactAttribute.Find("mnist", TrainingImages)!);
        Assert.Equal((60_000, 10_000), (training.Count, test.Count));
        Assert.Equal(new ImageShape(1, 28, 28), training.Shape);

        // The digits that begin the two sets, as the literature shows them.
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], Enumerable.Range(0, 10).Select(training.GetLabel));
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], Enumerable.Range(0, 10).Select(test.GetLabel));

        var (mean, deviation) = Statistics.Of(training, channel: 0);
        Assert.Equal(Mnist.Mean, mean, 5e-5);
        Assert.Equal(Mnist.Deviation, deviation, 5e-5);
    }

    private void WriteAll(char separator, string ending)
    {
        Write($"train-images{separator}idx3-ubyte", IdxBytes.Images(3));
        Write($"train-labels{separator}idx1-ubyte", IdxBytes.Labels(7, 8, 9));
        Write($"t10k-images{separator}idx3-ubyte", IdxBytes.Images(2));
        Write($"t10k-labels{separator}idx1-ubyte", IdxBytes.Labels(0, 1));

        void Write(string name, byte[] bytes) => _folder.Write(name + ending, ending.Length == 0 ? bytes : IdxBytes.Gzip(bytes));
    }
}
