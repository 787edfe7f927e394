using System.Diagnostics.CodeAnalysis;

namespace ZooSample;

/// <summary>Every network of the zoo.</summary>
public static class Catalogue
{
    /// <summary>Whole networks first, then single layers.</summary>
    public static IReadOnlyList<Network> All { get; } =
    [
        new Network<LinearClassifier>(LinearClassifier.OutputShape),
        new Network<OneConvolution>(OneConvolution.OutputShape),
        new Network<TwoPoolings>(TwoPoolings.OutputShape),
        new Network<ThreePoolings>(ThreePoolings.OutputShape),
        new Network<LeNet5>(LeNet5.OutputShape, new Published(61_706)),
        new Network<CifarCnn>(CifarCnn.OutputShape),
        new Network<AlexNet>(AlexNet.OutputShape, new Published(62_378_344)),
        new Network<AlexNetGrouped>(AlexNetGrouped.OutputShape, new Published(60_965_224)),
        new Network<AlexNetPlain>(AlexNetPlain.OutputShape),
        new Network<AlexNetTorch>(AlexNetTorch.OutputShape, new Published(61_100_840, 0.71)),
        new Network<AlexNetWithout7>(AlexNetWithout7.OutputShape),
        new Network<AlexNetWithout67>(AlexNetWithout67.OutputShape),
        new Network<AlexNetWithout34>(AlexNetWithout34.OutputShape),
        new Network<AlexNetWithout3467>(AlexNetWithout3467.OutputShape),
        new Network<ZFNet>(ZFNet.OutputShape),
        new Network<NetworkInNetwork>(NetworkInNetwork.OutputShape),
        new Network<Vgg11>(Vgg11.OutputShape, new Published(132_863_336, 7.61)),
        new Network<Vgg13>(Vgg13.OutputShape, new Published(133_047_848, 11.31)),
        new Network<Vgg16>(Vgg16.OutputShape, new Published(138_357_544, 15.47)),
        new Network<Vgg19>(Vgg19.OutputShape, new Published(143_667_240, 19.63)),
        new Network<ResNet18>(ResNet18.OutputShape, new Published(11_689_512, 1.81)),
        new Network<ResNet34>(ResNet34.OutputShape, new Published(21_797_672, 3.66)),
        new Network<ResNet50>(ResNet50.OutputShape, new Published(25_557_032, 4.09)),
        new Network<ResNet101>(ResNet101.OutputShape, new Published(44_549_160, 7.80)),
        new Network<ResNet152>(ResNet152.OutputShape, new Published(60_192_808, 11.51)),
        new Network<SEResNet50>(SEResNet50.OutputShape, new Published(28_088_024)),
        new Network<CifarResNet18>(CifarResNet18.OutputShape),
        new Network<CifarResNet20>(CifarResNet20.OutputShape),
        new Network<CifarResNet32>(CifarResNet32.OutputShape),
        new Network<CifarResNet44>(CifarResNet44.OutputShape),
        new Network<CifarResNet56>(CifarResNet56.OutputShape),
        new Network<CifarResNet110>(CifarResNet110.OutputShape),
        new Network<GoogLeNet>(GoogLeNet.OutputShape, new Published(13_004_888)),
        new Network<DenseNet121>(DenseNet121.OutputShape, new Published(7_978_856, 2.83)),
        new Network<SqueezeNet>(SqueezeNet.OutputShape, new Published(1_235_496, 0.35)),
        new Network<MobileNetV2>(MobileNetV2.OutputShape, new Published(3_504_872, 0.30)),
        new Network<ShuffleNetV2>(ShuffleNetV2.OutputShape, new Published(2_278_604, 0.14)),
        new Network<UNet>(UNet.OutputShape),
        new Network<EncoderDecoder>(EncoderDecoder.OutputShape),
        new Network<FastRcnn>(FastRcnn.OutputShape),
        new Network<Conv3x3Of64At56>(Conv3x3Of64At56.OutputShape),
        new Network<Conv3x3Of256At14>(Conv3x3Of256At14.OutputShape),
        new Network<Conv1x1Of256At56>(Conv1x1Of256At56.OutputShape),
        new Network<Conv7x7Of3At224>(Conv7x7Of3At224.OutputShape),
        new Network<Conv5x5Of6At14>(Conv5x5Of6At14.OutputShape),
        new Network<DirectConv3x3Of64At56>(DirectConv3x3Of64At56.OutputShape),
        new Network<DirectConv3x3Of256At14>(DirectConv3x3Of256At14.OutputShape),
        new Network<Dense9216To4096>(Dense9216To4096.OutputShape),
    ];

    /// <summary>Finds a network by its name, whatever the case of its letters.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Network? network)
    {
        network = All.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return network is not null;
    }
}
