using CnnGen.Tests.Memory;

namespace CnnGen.Tests.Training;

/// <summary>A batch normalisation over single values can't learn from one image.</summary>
public sealed class SmallestBatchTests
{
    [Theory]
    [InlineData(9, 4, new[] { 4, 5 })]
    [InlineData(10, 4, new[] { 4, 4, 2 })]
    [InlineData(8, 4, new[] { 4, 4 })]
    [InlineData(5, 4, new[] { 5 })]
    [InlineData(3, 2, new[] { 3 })]
    [InlineData(3, 100, new[] { 3 })]
    public void Fit_makes_no_batch_of_one_image_for_such_a_model(int images, int batchSize, int[] expected)
    {
        var batches = new List<int>();
        var model = FeatureNormNet.Create(1);
        var copied = 0;
        var dataset = new MadeUpImages(FeatureNormNet.InputShape, 3, images, index => index % 3, index => index % 4) { Copied = _ => Interlocked.Increment(ref copied) };
        var progress = new Counting(_ =>
        {
            batches.Add(copied);
            copied = 0;
        });

        var history = new Trainer<FeatureNormNet>(model, new Sgd(0.1f)).Fit(dataset, 1, batchSize, progress: progress);

        Assert.Equal(expected, batches);
        Assert.True(double.IsFinite(history.Epochs[0].Loss));
        Assert.DoesNotContain(model.Parameters.ValuesAndStatistics.ToArray(), value => !float.IsFinite(value));
    }

    /// <summary>Every other model trains on what is left, as it always did.</summary>
    [Fact]
    public void Other_models_train_on_one_image_that_is_left()
    {
        var model = SoftmaxRegression.Create(1);
        new Trainer<SoftmaxRegression>(model, new Sgd(0.1f)).Fit(Images.Easy(9), 1, 4);
        Assert.Equal([4, 4, 1], model.BatchSizes);
    }

    [Fact]
    public void Batches_or_data_of_one_image_are_refused_with_the_reason()
    {
        var trainer = new Trainer<FeatureNormNet>(FeatureNormNet.Create(1), new Sgd(0.1f));
        var size = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(Images.Easy(9), 1, 1));
        Assert.Equal("batchSize", size.ParamName);
        Assert.StartsWith("FeatureNormNet normalises features over the images of a batch", size.Message);
        var data = Assert.Throws<ArgumentException>(() => trainer.Fit(Images.Easy(1), 1, 4));
        Assert.StartsWith("The training data set has 1 image(s). FeatureNormNet normalises", data.Message);
    }

    /// <summary>A stream's, before an image of it is read, and with the same reason.</summary>
    [Fact]
    public void Batches_or_streams_of_one_image_are_refused_with_the_reason()
    {
        var trainer = new Trainer<FeatureNormNet>(FeatureNormNet.Create(1), new Sgd(0.1f));
        var size = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.FitStream(Unread(), steps: 2, batchSize: 1));
        Assert.Equal("batchSize", size.ParamName);
        Assert.StartsWith("FeatureNormNet normalises features over the images of a batch", size.Message);
        var data = Assert.Throws<ArgumentException>(() => trainer.FitStream([StreamedImage.Of(new float[6].AsMemory(), 0)], steps: 2, batchSize: 4));
        Assert.StartsWith("The images data set has 1 image(s). FeatureNormNet normalises", data.Message);

        static IEnumerable<StreamedImage> Unread()
        {
            Assert.Fail("An image was read.");
            yield break;
        }
    }

    private sealed class Counting(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
