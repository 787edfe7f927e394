using CnnGen.Insight.Tests.Models;

namespace CnnGen.Insight.Tests.Explaining;

/// <summary>Images and gradients have one order here, C x H x W, whichever the model has.</summary>
public sealed class ChannelsLastTests
{
    [Fact]
    public void A_model_whose_channels_stand_last_is_explained_as_any_other()
    {
        var random = new Random(1);
        var images = Enumerable.Range(0, 2 * PlaneNet.InputShape.Length).Select(_ => random.NextSingle()).ToArray();
        using var planes = PlaneNet.Create(3);
        using var pixels = PixelNet.Create(3);
        using var ofPlanes = planes.Explain();
        using var ofPixels = pixels.Explain();

        Assert.Equal(Found(ofPlanes, images, 0), Found(ofPixels, images, 0));
        Assert.Equal(Found(ofPlanes, images, 1), Found(ofPixels, images, 1));
        Assert.Throws<ArgumentException>(() => ofPixels.Forward(images.AsSpan(1), 2));
        var image = images.AsSpan(0, PlaneNet.InputShape.Length);
        Assert.Equal(ofPlanes.Profile(image, 0.01).Layers.Select(layer => layer.MultiplyAdds), ofPixels.Profile(image, 0.01).Layers.Select(layer => layer.MultiplyAdds));
    }

    /// <summary>What a layer makes of the images and the gradient by them, from an image's first score on; a second run over other images.</summary>
    private static float[] Found(IExplainable model, float[] images, int turn)
    {
        var own = turn == 0 ? images : images.Reverse().ToArray();
        model.Forward(own, 2);
        var seed = new float[2 * model.ShapeOf(model.ScoreLayer).Length];
        seed[0] = 1;
        model.Backward(model.ScoreLayer, seed);
        var (activations, gradients) = (new float[2 * model.ShapeOf(1).Length], new float[own.Length]);
        model.CopyActivations(1, activations);
        model.CopyGradients(0, gradients);
        return [.. activations, .. gradients];
    }
}
