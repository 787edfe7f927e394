using System.Diagnostics.CodeAnalysis;

namespace ZooSample;

/// <summary>Every network of the zoo.</summary>
public static class Catalogue
{
    /// <summary>Whole networks first, then single layers.</summary>
    public static IReadOnlyList<Network> All { get; } =
    [
        new Network<LeNet5>(LeNet5.OutputShape),
        new Network<CifarCnn>(CifarCnn.OutputShape),
        new Network<AlexNet>(AlexNet.OutputShape),
        new Network<AlexNetPlain>(AlexNetPlain.OutputShape),
        new Network<Vgg11>(Vgg11.OutputShape),
        new Network<Vgg16>(Vgg16.OutputShape),
        new Network<Vgg19>(Vgg19.OutputShape),
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
