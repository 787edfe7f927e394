using CnnGen.Tests.Weights;

namespace CnnGen.Tests.Data;

/// <summary>Whatever reads a file says of a folder, a FIFO and a device what it is, and waits for nobody.</summary>
public sealed class NoRegularFileTests : IDisposable
{
    private static readonly Dictionary<string, Action<string>> s_readers = new()
    {
        ["SafeTensors.Open"] = path => SafeTensors.Open(path).Dispose(),
        ["TensorSource.Map"] = path => TensorSource.Map(path).Dispose(),
        ["ModelWeights.Load"] = path => ModelWeights.Load(path, new CnnGen.Runtime.ParameterStore([], 0, 0)),
        ["IdxFile.ReadImages"] = path => IdxFile.ReadImages(path),
        ["IdxFile.ReadLabels"] = path => IdxFile.ReadLabels(path),
        ["IdxFile.ReadDataset"] = path => IdxFile.ReadDataset(path, path, 10),
        ["Cifar10.ReadBatch"] = path => Cifar10.ReadBatch(path),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readers => [.. s_readers.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_folder_is_called_one(string reader) =>
        Assert.Contains($"'{_folder.Path}' is a folder. Name the ", Assert.Throws<InvalidDataException>(() => s_readers[reader](_folder.Path)).Message);

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_FIFO_is_refused_and_not_waited_for(string reader)
    {
        if (OperatingSystem.IsLinux())
            AssertRefused(() => s_readers[reader](Posix.MakeFifo(Path.Combine(_folder.Path, "fifo"))), "fifo' is a FIFO, but has to be a regular file");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_device_is_refused(string reader)
    {
        if (OperatingSystem.IsLinux())
            AssertRefused(() => s_readers[reader]("/dev/zero"), "'/dev/zero' is a device, but has to be a regular file");
    }

    [Fact]
    public void The_files_of_a_data_set_are_looked_at_too()
    {
        for (var i = 1; i <= 5; i++)
            _folder.Write($"data_batch_{i}.bin", new byte[3073]);
        var path = Path.Combine(_folder.Path, "test_batch.bin");
        Directory.CreateDirectory(path);
        Assert.Contains($"'{path}' is a folder", Assert.Throws<InvalidDataException>(() => Cifar10.Load(_folder.Path, 1)).Message);
        Directory.Delete(path);
        if (!OperatingSystem.IsLinux())
            return;
        Posix.MakeFifo(path);
        AssertRefused(() => Cifar10.Load(_folder.Path, 1), "is a FIFO");
        foreach (var name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
            Posix.MakeFifo(Path.Combine(_folder.Path, name));
        AssertRefused(() => Mnist.Load(_folder.Path), "is a FIFO");
    }

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_called_one()
    {
        var path = _folder.Write("file", [1]);
        Assert.Contains($"'{path}' is a file. Name the folder", Assert.Throws<DirectoryNotFoundException>(() => Mnist.Load(path)).Message);
        Assert.Contains($"'{path}' is a file. Name the folder", Assert.Throws<DirectoryNotFoundException>(() => Cifar10.Load(path)).Message);
    }

    /// <summary>On another thread: one that opened a FIFO would wait for ever.</summary>
    private static void AssertRefused(Action read, string message)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(read)) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "It waits for the other end.");
        Assert.Contains(message, Assert.IsType<InvalidDataException>(error).Message);
    }
}
