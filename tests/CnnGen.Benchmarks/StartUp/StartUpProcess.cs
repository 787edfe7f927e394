using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace CnnGen.Benchmarks.StartUp;

/// <summary>One cold process: how long a model takes until it is ready, and how long its first and second call take then.</summary>
internal static class StartUpProcess
{
    /// <summary>Measures, and prints a line of numbers for <see cref="StartUpTimes.Parse"/>.</summary>
    /// <param name="way">A <see cref="StartUpWay"/>.</param>
    /// <param name="work">A <see cref="WarmupFor"/>.</param>
    public static int Run(string way, string work)
    {
        const int Batch = 4;
        var purpose = Enum.Parse<WarmupFor>(work);
        using var model = ManyKernels.Create(seed: 1);
        var images = new float[Batch * ManyKernels.InputShape.Length];
        var targets = new float[Batch * ManyKernels.OutputLength];
        for (var i = 0; i < images.Length; i++)
            images[i] = (i % 251 / 125f) - 1;

        var all = Threads.Count;
        Threads.Count = Enum.Parse<StartUpWay>(way) == StartUpWay.AllThreads ? all : 1;
        var methods = JitInfo.GetCompiledMethodCount();
        var compilation = JitInfo.GetCompilationTime();
        var start = Stopwatch.GetTimestamp();
        if (way != nameof(StartUpWay.Nothing))
            model.Warmup(purpose, Batch);
        var warmUp = Stopwatch.GetElapsedTime(start);
        Threads.Count = all;
        var first = Time(Call);
        compilation = JitInfo.GetCompilationTime() - compilation;
        methods = JitInfo.GetCompiledMethodCount() - methods;
        var second = Time(Call);
        Console.WriteLine(new StartUpTimes(warmUp.TotalMilliseconds, first, second, compilation.TotalMilliseconds, methods).ToString());
        return 0;

        void Call()
        {
            if (purpose == WarmupFor.Training)
                model.ComputeGradients(images, targets, Batch, dropoutSeed: 1);
            else
                model.Predict(images.AsSpan(0, ManyKernels.InputShape.Length), targets.AsSpan(0, ManyKernels.OutputLength));
        }
    }

    private static double Time(Action call)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}

/// <summary>What happens before the first call.</summary>
internal enum StartUpWay
{
    /// <summary>Nothing: the first call compiles what it calls.</summary>
    Nothing,

    /// <summary>Warmup on one thread.</summary>
    OneThread,

    /// <summary>Warmup on all threads.</summary>
    AllThreads,
}

/// <summary>What one process measured, in milliseconds.</summary>
/// <param name="WarmUp">Warmup.</param>
/// <param name="First">The first call.</param>
/// <param name="Second">The second call.</param>
/// <param name="Compilation">The JIT's time, of all threads together.</param>
/// <param name="Methods">Methods compiled.</param>
internal sealed record StartUpTimes(double WarmUp, double First, double Second, double Compilation, double Methods)
{
    public static StartUpTimes Parse(string line)
    {
        var numbers = Array.ConvertAll(line.Split(' '), text => double.Parse(text, CultureInfo.InvariantCulture));
        return new StartUpTimes(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{WarmUp:R} {First:R} {Second:R} {Compilation:R} {Methods:R}");
}
