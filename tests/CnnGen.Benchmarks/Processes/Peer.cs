using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CnnGen.Benchmarks.Processes;

/// <summary>A process that is measured: it stays alive and idle between requests, so that several can take turns.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private Peer(string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, bool priority)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new IOException($"{file} did not start.");
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        if (priority)
            _process.PriorityClass = ProcessPriorityClass.RealTime;
        _process.BeginErrorReadLine();
        Name = Read().Peer ?? throw new InvalidDataException($"{file} did not say who it is.");
    }

    /// <summary>Who it is, with its version.</summary>
    public string Name { get; }

    /// <summary>The process.</summary>
    public Process Process => _process;

    /// <summary>This project in a process of its own.</summary>
    /// <param name="avx2">Whether AVX-512 is switched off, as on a processor that lacks it.</param>
    /// <param name="priority">Whether it goes before all other processes.</param>
    public static Peer StartOwn(bool avx2, bool priority) => StartSelf(["own"], OwnEnvironment(avx2), priority);

    /// <summary>Another build of this project.</summary>
    /// <param name="program">Its <c>CnnGen.Benchmarks.dll</c>.</param>
    /// <param name="avx2">Whether AVX-512 is switched off.</param>
    /// <param name="priority">Whether it goes before all other processes.</param>
    public static Peer StartBefore(string program, bool avx2, bool priority) => new("dotnet", [program, "own"], OwnEnvironment(avx2), priority);

    /// <summary>ONNX Runtime.</summary>
    /// <param name="library">Its shared library.</param>
    /// <param name="priority">Whether it goes before all other processes.</param>
    public static Peer StartOnnxRuntime(string library, bool priority) => StartSelf(["onnxruntime", library], [], priority);

    /// <summary>PyTorch, with the settings without which its libraries run far below what they can do (see the README of <c>peers</c>).</summary>
    /// <param name="python">A Python that has torch.</param>
    /// <param name="threads">The threads to compute on.</param>
    /// <param name="priority">Whether it goes before all other processes.</param>
    public static Peer StartPyTorch(string python, int threads, bool priority)
    {
        var count = threads.ToString(CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string>
        {
            ["OMP_NUM_THREADS"] = count,
            ["OPENBLAS_NUM_THREADS"] = count,
            ["MALLOC_MMAP_THRESHOLD_"] = "1073741824",
            ["MALLOC_TRIM_THRESHOLD_"] = "4294967296",
            ["MALLOC_TOP_PAD_"] = "67108864",
            ["PYTHONWARNINGS"] = "ignore",
            ["PYTHONDONTWRITEBYTECODE"] = "1",
        };
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        return new Peer(python, [Path.Combine(AppContext.BaseDirectory, "peers", "torch_worker.py")], environment, priority);
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The process could not do it, or ended.</exception>
    public Reply Ask(Request request)
    {
        _process.StandardInput.WriteLine(Wire.Write(request));
        _process.StandardInput.Flush();
        var reply = Read();
        return reply.Error is null ? reply : throw new InvalidOperationException($"{Name} failed at {Wire.Write(request)}: {reply.Error}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The end of its input ends it.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>How this program is started once more; input and output are the caller's.</summary>
    public static ProcessStartInfo SelfStart(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        IEnumerable<string> first = isHost ? [typeof(Peer).Assembly.Location] : [];
        return new ProcessStartInfo(program, first.Concat(arguments)) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
    }

    private static KeyValuePair<string, string>[] OwnEnvironment(bool avx2) => avx2 ? [new("DOTNET_EnableAVX512", "0")] : [];

    private static Peer StartSelf(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, bool priority)
    {
        var self = SelfStart(arguments);
        return new Peer(self.FileName, self.ArgumentList, environment, priority);
    }

    private Reply Read()
    {
        var line = _process.StandardOutput.ReadLine();
        if (line is not null)
            return Wire.Read<Reply>(line);
        _process.WaitForExit();
        lock (_errors)
            throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended with {_process.ExitCode}: {_errors}");
    }
}
