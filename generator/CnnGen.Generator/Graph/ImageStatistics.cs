namespace CnnGen.Generator.Graph;

/// <summary>The data sets whose numbers <c>[Normalize]</c> knows by name; the library's enumeration of the same name has the same members.</summary>
internal enum ImageStatistics
{
    Mnist,
    Cifar10,
    ImageNet,
}

/// <summary>Their means and standard deviations, each channel's own.</summary>
internal static class KnownStatistics
{
    public static (double[] Mean, double[] Deviation) Of(ImageStatistics statistics) => statistics switch
    {
        ImageStatistics.Mnist => ([0.1307], [0.3081]),
        ImageStatistics.Cifar10 => ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
        ImageStatistics.ImageNet => ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        _ => throw new InvalidOperationException($"The statistics of {statistics} are not known."),
    };
}
