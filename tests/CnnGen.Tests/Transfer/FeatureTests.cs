using CnnGen.Tests.Training;
using CnnGen.Tests.Training.State;
using TransferSample;

namespace CnnGen.Tests.Transfer;

public class FeatureTests
{
    [Fact]
    public void The_features_of_a_model_are_its_outputs_with_the_images_labels_and_names()
    {
        var model = StateNet.Create(3);
        var pixels = Enumerable.Range(0, 36 * 5).Select(i => (byte)(i * 37)).ToArray();
        var images = new ByteImageDataset(StateNet.InputShape, pixels, new[] { 2, 0, 1, 1, 0 }, 3) { ClassNames = ["a", "b", "c"] };
        var features = model.Features(images, batchSize: 2);
        Assert.Equal((5, 3, new ImageShape(3, 1, 1)), (features.Count, features.ClassCount, features.Shape));
        Assert.Equal(["a", "b", "c"], features.ClassNames);
        var expected = new float[15];
        model.Predict(pixels, expected, 5);
        var copied = new float[3];
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(expected.AsSpan(i * 3, 3).ToArray(), features.GetFeatures(i).ToArray());
            features.CopyImage(i, copied, StateNet.Normalization);
            Assert.Equal(expected.AsSpan(i * 3, 3).ToArray(), copied);
            Assert.Equal(images.GetLabel(i), features.GetLabel(i));
        }

        var target = new float[3];
        features.CopyTarget(0, target);
        Assert.Equal([0f, 0, 1], target);
        Assert.Equal(0, model.Features(images.Subset(0, 0)).Count);
        Assert.Equal([images.GetLabel(3), images.GetLabel(4)], Enumerable.Range(0, 2).Select(features.Subset(3, 2).GetLabel));
    }

    [Fact]
    public void The_features_of_a_layer_are_what_the_layers_behind_it_make_the_prediction_of()
    {
        using var network = FiveClassNet.Create(3);
        var pixels = Enumerable.Range(0, 3072 * 5).Select(i => (byte)(i * 37 % 251)).ToArray();
        var images = new ByteImageDataset(FiveClassNet.InputShape, pixels, new[] { 2, 0, 1, 4, 3 }, 5) { ClassNames = ["a", "b", "c", "d", "e"] };
        var features = network.Features(images, network.Stage4, batchSize: 2);

        Assert.Equal((5, 5, new ImageShape(128, 2, 2)), (features.Count, features.ClassCount, features.Shape));
        Assert.Equal("c", features.ClassNames![features.GetLabel(0)]);
        var (weights, biases, scores) = (network.Dense1.Weight.ToArray(), network.Dense1.Bias.ToArray(), new float[25]);
        network.Predict(pixels, scores, 5);
        for (var i = 0; i < 5; i++)
        {
            var maps = features.GetFeatures(i).ToArray();
            var means = Enumerable.Range(0, 128).Select(channel => maps.Skip(channel * 4).Take(4).Average()).ToArray();
            var powers = Enumerable.Range(0, 5).Select(unit => Math.Exp(biases[unit] + means.Select((mean, channel) => (double)mean * weights[(unit * 128) + channel]).Sum())).ToArray();
            for (var unit = 0; unit < 5; unit++)
                Assert.Equal(powers[unit] / powers.Sum(), scores[(i * 5) + unit], 1e-5);
        }

        // Of images in memory the same.
        var (floats, own) = (new float[pixels.Length], new float[features.Count * features.Shape.Length]);
        for (var i = 0; i < 5; i++)
            images.CopyImage(i, floats.AsSpan(i * 3072, 3072), FiveClassNet.Normalization);
        network.Features(network.Stage4, floats, own, 5);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(i => features.GetFeatures(i).ToArray()), own);

        Assert.Equal(0, network.Features(images.Subset(0, 0), network.Stage1).Count);
        Assert.Contains("Stage4.MaxPool1, Dense1\")]", Assert.Throws<ArgumentException>(() => network.Features(images.Subset(0, 0), network.Dense1)).Message);
        Assert.Contains("StateNet was not compiled with the features of Conv1. Say [Model(..., Features = \"Conv1\")].", NoFeatures());

        static string NoFeatures()
        {
            var model = StateNet.Create(1);
            return Assert.Throws<ArgumentException>(() => model.Features(StateTraining.Images(6), model.Conv1)).Message;
        }
    }

    [Fact]
    public void Targets_of_any_kind_stay_those_of_the_images_and_images_without_labels_have_features_too()
    {
        var images = new WithTargets(new MadeUpImages(new ImageShape(1, 2, 2), 0, 3, _ => throw new InvalidOperationException("no labels"), index => index + 0.5f));
        var features = FeatureDataset.Of(images, new ImageShape(2, 1, 1), StateNet.Normalization, (image, result, count) =>
        {
            for (var i = 0; i < count; i++)
                (result[2 * i], result[(2 * i) + 1]) = (image[4 * i], -image[(4 * i) + 3]);
        });
        var target = new float[2];
        features.CopyTarget(2, target);
        Assert.Equal([20f, 20], target);
        Assert.Equal(0, features.ClassCount);
        Assert.Equal([1.5f, -1.5f], features.GetFeatures(1).ToArray());
        Assert.Throws<InvalidOperationException>(() => features.GetLabel(0));
    }

    /// <summary>A trunk reads no regions; the head that learns from its features does.</summary>
    [Fact]
    public void The_regions_of_the_images_stay_with_their_features()
    {
        var images = new RegionDataset(StateTraining.Images(2), [[new LabelledRegion(new Box(1, 2, 3, 4), 0)], []], regionCount: 1, classes: 2);
        var features = StateNet.Create(1).Features(images);
        var (regions, target) = (new float[4], new float[10]);
        features.CopyRegions(0, regions);
        features.CopyTarget(0, target);

        Assert.Equal((1, 0), (features.RegionCount, features.ClassCount));
        Assert.Equal([1, 2, 3, 4], regions);
        Assert.Equal(1, target[0]);
    }

    [Fact]
    public void What_has_no_features_is_refused_with_the_mend()
    {
        var (model, images) = (StateNet.Create(1), StateTraining.Images(6));
        var shape = Assert.Throws<ArgumentException>(() => model.Features(new MadeUpImages(new ImageShape(1, 6, 7), 3, 2, _ => 0, _ => 0)));
        Assert.Contains("The images are of shape 1x6x7, but StateNet takes 1x6x6", shape.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Features(images, batchSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Features(images).GetFeatures(6));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Features(images, cancellationToken: cancelled.Token));
        var many = new MadeUpImages(new ImageShape(1, 1, 1), 1, 1 << 20, _ => 0, _ => 0);
        Assert.Contains("Take fewer images", Assert.Throws<ArgumentException>(() => FeatureDataset.Of(many, new ImageShape(4096, 1, 1), StateNet.Normalization, (_, _, _) => Assert.Fail("It was called."))).Message);
        Assert.Throws<ArgumentException>(() => FeatureDataset.Of(many, new ImageShape(1, 0, 1), StateNet.Normalization, (_, _, _) => Assert.Fail("It was called.")));
    }

    private sealed class WithTargets(ImageDataset images) : ImageDataset(images.Shape, 0, images.Count)
    {
        public override void CopyImage(int index, Span<float> destination, Normalization normalization) => images.CopyImage(index, destination, normalization);

        public override int GetLabel(int index) => images.GetLabel(index);

        public override void CopyTarget(int index, Span<float> destination) => destination.Fill(10 * index);
    }
}
