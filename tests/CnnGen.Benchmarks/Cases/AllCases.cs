using ZooSample;

namespace CnnGen.Benchmarks.Cases;

/// <summary>The cases and the bars that the project has set itself.</summary>
internal static class AllCases
{
    public static IReadOnlyList<BenchmarkCase> List { get; } =
    [
        .. Inference(nameof(LeNet5), 1, 3, false),
        .. Inference(nameof(LeNet5), 32, 2.5),
        .. Inference(nameof(CifarCnn), 1, 1.5),
        .. Inference(nameof(CifarCnn), 32, 1.5),
        .. Inference(nameof(Vgg16), 1, 1.6),
        .. Inference(nameof(Vgg16), 16, 1.6),
        .. Inference(nameof(AlexNetPlain), 1, 1.25),
        .. Inference(nameof(AlexNetPlain), 32, 1.25),
        .. Inference(nameof(AlexNet), 1, 2),
        .. Inference(nameof(AlexNet), 32, 2),
        .. Inference(nameof(ResNet18), 1, 1.8),
        .. Inference(nameof(ResNet18), 32, 1.8),
        .. Inference(nameof(ResNet50), 1, 1.4),
        .. Inference(nameof(ResNet50), 16, 1.4),
        .. Inference(nameof(MobileNetV2), 1, 1.3),
        .. Inference(nameof(MobileNetV2), 32, 1.3),
        .. Inference(nameof(SqueezeNet), 1, 1.3),
        .. Inference(nameof(SqueezeNet), 32, 1.3),
        .. Inference(nameof(GoogLeNet), 1, 1.3),
        .. Inference(nameof(GoogLeNet), 32, 1.3),
        .. Inference(nameof(DenseNet121), 1, 1.2),
        .. Inference(nameof(DenseNet121), 16, 1.2),
        .. Inference(nameof(UNet), 1, 1.5),
        .. Inference(nameof(UNet), 16, 1.5),
        .. Inference(nameof(Conv3x3Of64At56), 1, 1.8),
        .. Inference(nameof(Conv3x3Of256At14), 1, 1.8),
        .. Inference(nameof(Conv1x1Of256At56), 1, 1.1),
        .. Inference(nameof(Conv7x7Of3At224), 1, 1.1),
        .. Inference(nameof(Conv5x5Of6At14), 1, 3),
        .. Training(nameof(LeNet5), 4),
        .. Training(nameof(CifarCnn), 1.6),
        .. Training(nameof(CifarResNet18), 2),
        .. Training(nameof(CifarResNet20), 2),
        .. Share(nameof(DirectConv3x3Of64At56), 0.90, 0.85),
        .. Share(nameof(DirectConv3x3Of256At14), 0.90, 0.85),
        .. Share(nameof(DirectConv3x3Of64At56), 0.85, 0.85, avx2: true),
        .. Share(nameof(DirectConv3x3Of256At14), 0.85, 0.85, avx2: true),
        .. Threads(all => new BenchmarkCase(nameof(Dense9216To4096), Work.Inference, 1, all, BarKind.ShareOfBandwidth, 0.9)),
    ];

    private static IEnumerable<BenchmarkCase> Threads(Func<bool, BenchmarkCase> make) => [make(false), make(true)];

    private static IEnumerable<BenchmarkCase> Inference(string network, int batch, double times, bool allToo = true) =>
        Threads(all => new BenchmarkCase(network, Work.Inference, batch, all, BarKind.TimesPeer, times)).Take(allToo ? 2 : 1);

    private static IEnumerable<BenchmarkCase> Training(string network, double times) =>
        Threads(all => new BenchmarkCase(network, Work.Training, 64, all, BarKind.TimesPeer, times));

    private static IEnumerable<BenchmarkCase> Share(string network, double oneThread, double allThreads, bool avx2 = false) =>
        Threads(all => new BenchmarkCase(network, Work.Inference, 1, all, BarKind.ShareOfPeak, all ? allThreads : oneThread) { Avx2 = avx2 });
}
