using CnnGen;

namespace TransferSample;

/// <summary>A layer of a trained network, whose output for each image is what a linear classifier gets.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Of">The features of images.</param>
internal sealed record LayerFeatures(string Name, Func<ImageDataset, FeatureDataset> Of)
{
    /// <summary>The image itself, and the outputs of the network's stages.</summary>
    public static IReadOnlyList<LayerFeatures> AllOf(FiveClassNet network) =>
    [
        new("pixels", images => FeatureDataset.Of(images, FiveClassNet.InputShape, FiveClassNet.Normalization, (image, features, _) => image.CopyTo(features))),
        new("stage 1", images => network.Features(images, network.Stage1)),
        new("stage 2", images => network.Features(images, network.Stage2)),
        new("stage 3", images => network.Features(images, network.Stage3)),
        new("stage 4", images => network.Features(images, network.Stage4)),
    ];
}
