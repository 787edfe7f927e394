using System.Runtime.InteropServices;
using CnnGen.Generator.Weights;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>What the compiler does with a weights file that is none, or that was made to keep it busy.</summary>
public sealed class HeaderReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnngen-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_is_called_one()
    {
        var path = Path.Combine(_folder.FullName, "net.safetensors");
        Directory.CreateDirectory(path);
        Assert.Equal("'net.safetensors' is a folder. Name the safetensors file within it.", HeaderReader.Read(path).Fault);
    }

    [Fact]
    public void A_FIFO_and_a_device_are_refused_and_not_waited_for()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var path = Path.Combine(_folder.FullName, "net.safetensors");
        Assert.Equal(0, MakeFifo(path, 0x180));
        string? fault = null;
        var thread = new Thread(() => fault = HeaderReader.Read(path).Fault) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "It waits for the other end.");
        Assert.StartsWith("'net.safetensors' is a FIFO, but has to be a regular file", fault);
        Assert.StartsWith("'zero' is a device", HeaderReader.Read("/dev/zero").Fault);
    }

    /// <summary>Where the time grows with the square of the length, these 96 MB take more than a minute.</summary>
    [Fact]
    public void A_name_of_escapes_takes_time_in_proportion_to_its_length()
    {
        var path = Path.Combine(_folder.FullName, "net.safetensors");
        using (var file = File.Create(path))
        {
            var name = new byte[6 * 16_000_000];
            for (var i = 0; i < name.Length; i += 6)
                "\\u0041"u8.CopyTo(name.AsSpan(i));
            file.Write(BitConverter.GetBytes(name.Length + 5L));
            file.Write("{\""u8);
            file.Write(name);
            file.Write("\":1"u8);
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Contains("expected an object with dtype", HeaderReader.Read(path).Fault);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi)]
    private static extern int MakeFifo(string path, uint mode);
}
