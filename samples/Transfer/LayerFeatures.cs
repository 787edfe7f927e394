using System.Diagnostics;
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
        Stage(FirstStage.Create(), "stage 1", network),
        Stage(SecondStage.Create(), "stage 2", network),
        Stage(ThirdStage.Create(), "stage 3", network),
        Stage(LastStage.Create(), "stage 4", network),
    ];

    private static LayerFeatures Stage<TModel>(TModel front, string name, FiveClassNet network)
        where TModel : class, IModel<TModel>
    {
        if (front.CopyFrom(network) is { Kept.Count: > 0 } report)
            throw new UnreachableException($"{typeof(TModel).Name} is not the front of {nameof(FiveClassNet)}: {report}");
        return new LayerFeatures(name, images => front.Features(images));
    }
}
