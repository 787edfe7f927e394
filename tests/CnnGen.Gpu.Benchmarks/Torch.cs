using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CnnGen.Gpu.Benchmarks;

/// <summary>The same by PyTorch, where a Python has it with a GPU: <c>torch_gpu.py</c> prints a line for each number.</summary>
internal sealed class Torch
{
    private readonly Dictionary<string, double> _times = [];

    /// <summary>Why there are no numbers, or what measured them.</summary>
    public string About { get; private set; } = "";

    /// <param name="python">The Python.</param>
    /// <param name="seconds">How long each number is measured.</param>
    public static Torch Measure(string python, double seconds)
    {
        var torch = new Torch();
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "torch_gpu.py"));
        start.ArgumentList.Add(seconds.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            while (process.StandardOutput.ReadLine() is { } line)
                torch.Read(line);
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            torch.About = $"there is no {python}";
        }

        return torch;
    }

    /// <summary>Seconds, or null where PyTorch was not measured.</summary>
    public double? TimeOf(string name) => _times.TryGetValue(name, out var time) ? time : null;

    private void Read(string line)
    {
        var parts = line.Split('\t');
        if (parts is ["about", var about])
            About = about;
        else if (parts is [var name, var time])
            _times[name] = double.Parse(time, CultureInfo.InvariantCulture);
    }
}
