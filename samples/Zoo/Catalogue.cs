using System.Diagnostics.CodeAnalysis;

namespace ZooSample;

/// <summary>Every network of the zoo.</summary>
public static class Catalogue
{
    /// <summary>Whole networks first, then single layers.</summary>
    public static IReadOnlyList<Network> All { get; } =
    [
        new Network<LeNet5>(),
        new Network<CifarCnn>(),
        new Network<AlexNet>(),
        new Network<AlexNetPlain>(),
        new Network<Vgg11>(),
        new Network<Vgg16>(),
        new Network<Vgg19>(),
        new Network<Conv3x3Of64At56>(),
        new Network<Conv3x3Of256At14>(),
        new Network<Conv1x1Of256At56>(),
        new Network<Conv7x7Of3At224>(),
        new Network<Conv5x5Of6At14>(),
        new Network<DirectConv3x3Of64At56>(),
        new Network<DirectConv3x3Of256At14>(),
        new Network<Dense9216To4096>(),
    ];

    /// <summary>Finds a network by its name, whatever the case of its letters.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Network? network)
    {
        network = All.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return network is not null;
    }
}
