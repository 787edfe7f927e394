using System.Diagnostics;
using CnnGen.Benchmarks.Processes;

namespace CnnGen.Benchmarks.Hog;

/// <summary>Another program's process, busy on one processor for as long as it lives.</summary>
internal sealed class HogProcess : IDisposable
{
    private readonly Process _process;

    private HogProcess(Process process) => _process = process;

    /// <summary>Starts it on the first processor, and waits until it is busy.</summary>
    public static HogProcess Start()
    {
        var process = Process.Start(Peer.SelfStart(["hog-process"])) ?? throw new IOException("The process did not start.");
        if (process.StandardOutput.ReadLine() is null)
            throw new InvalidOperationException("The process ended at once.");
        return new HogProcess(process);
    }

    /// <summary>The process itself: spins on one processor until its input ends, as it does with its parent.</summary>
    public static int Spin()
    {
        using (var self = Process.GetCurrentProcess())
        {
            if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
                self.ProcessorAffinity = 1;
        }

        var ended = false;
        var reader = new Thread(() =>
        {
            Console.In.ReadToEnd();
            Volatile.Write(ref ended, true);
        });
        reader.Start();
        Console.WriteLine("busy");
        while (!Volatile.Read(ref ended))
        {
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
