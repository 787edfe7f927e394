using System.Globalization;

namespace CnnGen.Insight;

/// <summary>What every look at a data set asks of it first.</summary>
internal static class ImageChecks
{
    /// <summary>Whether there are images, of the network's shape.</summary>
    /// <exception cref="ArgumentException">The images have another shape, or there are none.</exception>
    public static void Check(this IExplainable network, ImageDataset images)
    {
        var shape = network.ShapeOf(0);
        if (images.Shape != shape || images.Count == 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"One image at least of {shape} is needed, but there are {images.Count} of {images.Shape}."), nameof(images));
    }
}
