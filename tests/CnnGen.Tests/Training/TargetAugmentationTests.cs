using System.Collections.Concurrent;

namespace CnnGen.Tests.Training;

/// <summary>Where each pixel has a class, the classes go where the pixels go.</summary>
public class TargetAugmentationTests
{
    /// <summary>Images of which each pixel is its class plus 1, so that 0 is what comes in from outside.</summary>
    private static PixelLabelDataset Data(int count)
    {
        var random = new Random(3);
        var labels = new byte[count * 24];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = (byte)random.Next(3);
        var images = new FloatImageDataset(MapNet.InputShape, Array.ConvertAll(labels, label => label + 1f), new int[count], 1);
        return new PixelLabelDataset(images, labels, 3, 4, 6);
    }

    private static void AssertTogether(ReadOnlySpan<float> image, ReadOnlySpan<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            Assert.Equal(image[i % 24] == (i / 24) + 1 ? 1 : 0, target[i]);
    }

    [Fact]
    public void Classes_move_as_their_pixels_do()
    {
        var (seen, moved) = (new ConcurrentDictionary<int, float[]>(), new ConcurrentDictionary<string, bool>());
        var data = Data(40);
        var (crop, targetCrop) = (Augment.Crop(MapNet.InputShape, 2, CropFill.Zero), Augment.Crop(MapNet.OutputShape, 2, CropFill.Zero));
        var trainer = new Trainer<MapNet>(MapNet.Create(1), new Sgd(0.01), seed: 5)
        {
            AlternatingFlip = true,
            Augmentation = (image, index, seed) =>
            {
                crop(image, index, seed);
                seen[index] = image.ToArray();
                moved[string.Join(' ', image.ToArray())] = true;
            },
            TargetAugmentation = (target, index, seed) =>
            {
                targetCrop(target, index, seed);
                AssertTogether(seen[index], target);
            },
        };
        trainer.Fit(data, 2, 8);
        Assert.Equal(40, seen.Count);
        Assert.InRange(moved.Count, 70, 80);
    }

    [Fact]
    public void A_flip_by_itself_mirrors_both()
    {
        // Nothing is learnt at this rate: mirrored labels of mirrored images are as before, so that the loss of an epoch is that without a flip.
        var data = Data(30);
        var losses = new[] { false, true }.Select(flips => new Trainer<MapNet>(MapNet.Create(1), new Sgd(1e-20), seed: 2) { AlternatingFlip = flips }.Fit(data, 1, 30).Epochs[0].Loss).ToArray();
        Assert.Equal(losses[0], losses[1], 5);
    }

    [Fact]
    public void What_is_not_said_is_asked_for()
    {
        var change = Augment.Noise(0.1);
        var refused = Assert.Throws<InvalidOperationException>(() => new Trainer<MapNet>(MapNet.Create(1), new Sgd(0.1)) { Augmentation = change }.Fit(Data(4), 1, 4));
        Assert.Contains("TargetAugmentation", refused.Message);
        new Trainer<MapNet>(MapNet.Create(1), new Sgd(0.1)) { Augmentation = change, TargetAugmentation = Augment.None }.Fit(Data(4), 1, 4);

        var small = new PixelLabelDataset(new FloatImageDataset(SmallMapNet.InputShape, new float[4 * 24], new int[4], 1), new byte[4 * 6], 3, 2, 3);
        var cut = Assert.Throws<InvalidOperationException>(() => new Trainer<SmallMapNet>(SmallMapNet.Create(1), new Sgd(0.1)) { Mixing = ImageMixing.CutMix() }.Fit(small, 1, 4));
        Assert.Contains("1x4x6 with maps of shape 3x2x3", cut.Message);
        new Trainer<SmallMapNet>(SmallMapNet.Create(1), new Sgd(0.1)) { Mixing = ImageMixing.MixUp() }.Fit(small, 1, 4);
    }

    [Fact]
    public void CutMix_cuts_maps_as_it_cuts_images()
    {
        var cuts = 0;
        for (var seed = 0UL; seed < 50; seed++)
        {
            var data = Data(5);
            var (images, targets) = (new float[5 * 24], new float[5 * 72]);
            for (var i = 0; i < 5; i++)
            {
                data.CopyImage(i, images.AsSpan(i * 24, 24), MapNet.Normalization);
                data.CopyTarget(i, targets.AsSpan(i * 72, 72));
            }

            var before = images.AsSpan(0, 24).ToArray();
            ImageMixing.CutMix().Apply(MapNet.InputShape, MapNet.OutputShape, images, targets, 5, seed);
            for (var i = 0; i < 5; i++)
                AssertTogether(images.AsSpan(i * 24, 24), targets.AsSpan(i * 72, 72));
            cuts += images.AsSpan(0, 24).SequenceEqual(before) ? 0 : 1;
        }

        Assert.True(cuts > 20);
    }
}

/// <summary>A class for each pixel.</summary>
[Model(1, 4, 6)]
[Conv2D(3, 1), Softmax]
internal sealed partial class MapNet;

/// <summary>A class for each four pixels.</summary>
[Model(1, 4, 6)]
[Conv2D(3, 1), MaxPool(2), Softmax]
internal sealed partial class SmallMapNet;
