using System.Diagnostics;
using CnnGen.Ilgpu;
using ZooSample;

namespace CnnGen.Gpu.Benchmarks;

/// <summary>Measures, and prints a row for each number as soon as it is known.</summary>
internal sealed class Report(GpuDevice device, double seconds, bool isTiny, string python, ReportPart? part)
{
    /// <summary>Images of a convolution's launch.</summary>
    private const int Images = 32;

    private double _peak;
    private Torch _torch = new();

    public void Print()
    {
        _peak = Peak.Measure(device, isTiny, seconds);
        Console.WriteLine($"{device}; multiply-adds on registers: {_peak:F0} GFLOP/s");
        if (!isTiny)
        {
            _torch = Torch.Measure(python, seconds);
            Console.WriteLine($"PyTorch: {_torch.About}");
        }

        if (part is null or ReportPart.Convolutions)
            PrintConvolutions();
        if (part is null or ReportPart.Training)
            PrintTraining();
        if (part is null or ReportPart.Prediction)
            PrintPredictions();
    }

    private void PrintConvolutions()
    {
        Console.WriteLine();
        Console.WriteLine($"| convolution, batch {(isTiny ? 1 : Images)} | ms | GFLOP/s | of the peak | CPU target, all threads, ms | its share of that rate | PyTorch ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        if (isTiny)
        {
            Convolution<TinyConvolution>((model, batch) => model.OnGpu(device, batch));
        }
        else
        {
            Convolution<Conv3x3Of64At56>((model, batch) => model.OnGpu(device, batch));
            Convolution<Conv3x3Of256At14>((model, batch) => model.OnGpu(device, batch));
            Convolution<Conv1x1Of256At56>((model, batch) => model.OnGpu(device, batch));
            Convolution<Conv7x7Of3At224>((model, batch) => model.OnGpu(device, batch));
            Convolution<Conv5x5Of6At14>((model, batch) => model.OnGpu(device, batch));
        }
    }

    private void PrintTraining()
    {
        Console.WriteLine();
        Console.WriteLine("| training | batch | images/s | PyTorch images/s | session made in s |");
        Console.WriteLine("|---|---|---|---|---|");
        if (isTiny)
        {
            Training<TinyNetwork>((model, batch) => model.OnGpu(device, batch), 2);
        }
        else
        {
            Training<CifarResNet18>((model, batch) => model.OnGpu(device, batch), 128);
            Training<ResNet50>((model, batch) => model.OnGpu(device, batch), 64);
            Training<Vgg16>((model, batch) => model.OnGpu(device, batch), 64);
        }
    }

    private void PrintPredictions()
    {
        Console.WriteLine();
        Console.WriteLine("| prediction of one image | ms | PyTorch ms |");
        Console.WriteLine("|---|---|---|");
        if (isTiny)
        {
            Latency<TinyNetwork>((model, batch) => model.OnGpu(device, batch));
        }
        else
        {
            Latency<LeNet5>((model, batch) => model.OnGpu(device, batch));
            Latency<ResNet18>((model, batch) => model.OnGpu(device, batch));
        }
    }

    /// <summary>Launches alone: the images are there.</summary>
    private void Convolution<T>(Func<T, int, GpuSession<T>> onGpu) where T : class, IModel<T>
    {
        var batch = isTiny ? 1 : Images;
        var model = T.Create(1);
        var (images, scores) = (Numbers(batch * T.InputShape.Length), new float[batch * T.OutputLength]);
        using var session = onGpu(model, batch);
        session.Predict(images, scores, batch);
        var time = Clock.Least(seconds, () => session.Repeat(batch, 1));

        // Of short launches many, so that waiting for them counts little.
        var times = isTiny ? 1 : (int)Math.Clamp(0.01 / time, 1, 1000);
        time = Clock.Least(seconds, () => session.Repeat(batch, times)) / times;
        var cpu = Clock.Least(seconds, () => model.Predict(images, scores, batch));
        var rate = 2.0 * T.Summary.MultiplyAdds * batch / time / 1e9;
        Console.WriteLine($"| {typeof(T).Name} | {1e3 * time:F4} | {rate:F0} | {100 * rate / _peak:F0} % | {1e3 * cpu:F4} | {100 * cpu / time:F0} % | {Milliseconds<T>()} |");
    }

    /// <summary>Whole steps: the batch uploaded, gradients, an optimiser's step.</summary>
    private void Training<T>(Func<T, int, GpuTrainingSession<T>> onGpu, int batch) where T : class, ITrainableModel<T>
    {
        var making = Stopwatch.StartNew();
        using var session = onGpu(T.Create(1), batch);
        var made = making.Elapsed.TotalSeconds;
        var (images, targets, optimizer) = (Numbers(batch * T.InputShape.Length), new float[batch * T.OutputLength], new Sgd(0.001, momentum: 0.9));
        for (var i = 0; i < batch; i++)
            targets[(i * T.OutputLength) + (i % T.OutputLength)] = 1;
        var time = Clock.Median(seconds, () => session.TrainStep(images, targets, batch, 1, optimizer));
        var torch = _torch.TimeOf(typeof(T).Name) is { } other ? $"{batch / other:F0}" : "";
        Console.WriteLine($"| {typeof(T).Name} | {batch} | {batch / time:F0} | {torch} | {made:F1} |");
    }

    /// <summary>From an image in the processor's memory to its scores there.</summary>
    private void Latency<T>(Func<T, int, GpuSession<T>> onGpu) where T : class, IModel<T>
    {
        using var session = onGpu(T.Create(1), 1);
        var (image, scores) = (Numbers(T.InputShape.Length), new float[T.OutputLength]);
        var time = Clock.Median(seconds, () => session.Predict(image, scores));
        Console.WriteLine($"| {typeof(T).Name} | {1e3 * time:F4} | {Milliseconds<T>()} |");
    }

    private string Milliseconds<T>() => _torch.TimeOf(typeof(T).Name) is { } time ? $"{1e3 * time:F4}" : "";

    private static float[] Numbers(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
