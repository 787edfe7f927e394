using CnnGen.Tests.Data;
using CnnGen.Tests.Training.State;

namespace CnnGen.Tests.Training;

public class StreamTests
{
    /// <summary>A stream of one window is the training on these images.</summary>
    [Fact]
    public void A_stream_is_trained_on_as_the_same_images_are()
    {
        var images = StateTraining.Images(40);
        var (stream, fit) = (New(), New());
        fit.Fit(images, 1, 8, images);
        var history = stream.FitStream(Stream(images, 40), steps: 5, batchSize: 8, stepsPerEpoch: 5, images);
        Assert.Equal(StateTraining.Lines(fit.History!), StateTraining.Lines(history));
        Assert.Equal(fit.Model.Parameters.ValuesAndStatistics.ToArray(), stream.Model.Parameters.ValuesAndStatistics.ToArray());
        Assert.Null(history.StopReason);
    }

    [Fact]
    public void A_stream_without_end_is_read_as_far_as_its_steps_and_schedules_go_by_them()
    {
        var read = 0;
        var steps = new List<(long Step, long Total, long PerEpoch)>();
        var schedule = new FunctionSchedule((step, total, epoch) =>
        {
            steps.Add((step, total, epoch));
            return 1;
        });
        var trainer = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05), schedule);
        var history = trainer.FitStream(Endless(), steps: 11, batchSize: 6, stepsPerEpoch: 4);
        Assert.Equal(66, read);
        Assert.Equal(3, history.Epochs.Count);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => (long)i), steps.Select(step => step.Step));
        Assert.All(steps, step => Assert.Equal((12, 4), (step.Total, step.PerEpoch)));
        Assert.Null(history.StopReason);

        IEnumerable<StreamedImage> Endless()
        {
            var images = StateTraining.Images(30);
            while (true)
            {
                var image = new float[36];
                images.CopyImage(read % 30, image, StateNet.Normalization);
                yield return StreamedImage.Of(image.AsMemory(), images.GetLabel(read++ % 30));
            }
        }
    }

    [Fact]
    public void A_stream_that_ends_early_ends_the_training_and_says_so()
    {
        var images = StateTraining.Images(29);
        var trainer = New();
        var history = trainer.FitStream(Stream(images, 29), steps: 100, batchSize: 6, stepsPerEpoch: 2);
        Assert.Equal("the stream ended after 29 images", history.StopReason);
        Assert.Equal(3, history.Epochs.Count);

        // The trainer goes on as ever.
        Assert.Equal(2, trainer.Fit(images, 2, 6).Epochs.Count);
        Assert.Null(trainer.History!.StopReason);
    }

    /// <summary>As many as there can be: until the stream ends.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Steps_without_number_are_taken_until_the_stream_ends(int stepsPerEpoch)
    {
        var images = StateTraining.Images(24, 1);

        var history = New().FitStream(Stream(images, 24), steps: int.MaxValue, batchSize: 6, stepsPerEpoch);

        Assert.Equal(4 / stepsPerEpoch, history.Epochs.Count);
        Assert.Equal("the stream ended after 24 images", history.StopReason);
        Assert.All(history.Epochs, epoch => Assert.True(epoch.LearningRate > 0));
    }

    [Fact]
    public void Bytes_and_targets_can_be_streamed()
    {
        var pixels = Enumerable.Range(0, 36 * 8).Select(i => (byte)(i * 11)).ToArray();
        var dataset = new ByteImageDataset(StateNet.InputShape, pixels, new[] { 0, 1, 2, 0, 1, 2, 0, 1 }, 3);
        var (bytes, fit, targets) = (New(), New(), New());
        fit.Fit(dataset, 1, 4);
        bytes.FitStream(Enumerable.Range(0, 8).Select(i => StreamedImage.Of(pixels.AsMemory(i * 36, 36), dataset.GetLabel(i))), 2, 4);
        targets.FitStream(
            Enumerable.Range(0, 8).Select(i => StreamedImage.Of(pixels.AsMemory(i * 36, 36), Enumerable.Range(0, 3).Select(j => j == dataset.GetLabel(i) ? 1f : 0).ToArray().AsMemory())), 2, 4);
        Assert.Equal(fit.Model.Parameters.Values.ToArray(), bytes.Model.Parameters.Values.ToArray());
        Assert.Equal(fit.Model.Parameters.Values.ToArray(), targets.Model.Parameters.Values.ToArray());
        Assert.True(double.IsNaN(targets.History!.Epochs[0].Accuracy));
    }

    [Fact]
    public void What_does_not_suit_is_said_with_its_number()
    {
        var images = StateTraining.Images(5);
        Refused("has no images", []);
        Refused("Image 1 of the stream has 35 numbers", [Image(0), StreamedImage.Of(new float[35].AsMemory(), 0)]);
        Refused("Image 1 of the stream has label 3", [Image(0), Image(3)]);
        Refused("Image 0 of the stream has label -1", [Image(-1)]);
        Refused("Image 0 of the stream has 2 targets", [StreamedImage.Of(new float[36].AsMemory(), new float[2].AsMemory())]);
        Refused("Image 1 of the stream has targets", [Image(0), StreamedImage.Of(new float[36].AsMemory(), new float[3].AsMemory())]);
        Assert.Throws<ArgumentOutOfRangeException>(() => New().FitStream(Stream(images, 5), 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => New().FitStream(Stream(images, 5), 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => New().FitStream(Stream(images, 5), 1, 2, 0));
        var weighted = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05)) { SampleWeights = [1, 2] };
        Assert.Throws<ArgumentException>(() => weighted.FitStream(Stream(images, 5), 1, 2));

        var sampled = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05)) { Sampling = ImageSampling.ByImage([1, 2, 3, 4, 5]) };
        Assert.Contains("Sample by classes", Assert.Throws<ArgumentException>(() => sampled.FitStream(Stream(images, 5), 1, 2)).Message, StringComparison.Ordinal);

        // Also where the change comes with a later epoch.
        var changing = new[] { Image(0), Image(1), StreamedImage.Of(new float[36].AsMemory(), new float[3].AsMemory()) };
        Assert.Contains("Image 2 of the stream has targets", Assert.Throws<ArgumentException>(() => New().FitStream(changing, 2, 2, stepsPerEpoch: 1)).Message, StringComparison.Ordinal);

        static StreamedImage Image(int label) => StreamedImage.Of(new float[36].AsMemory(), label);

        static void Refused(string message, StreamedImage[] stream)
        {
            var trainer = New();
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => trainer.FitStream(stream, 5, 2)).Message, StringComparison.Ordinal);
            Assert.Equal(New().Model.Parameters.Values.ToArray(), trainer.Model.Parameters.Values.ToArray());
        }
    }

    /// <summary>Two epochs of 54 images and one of 18: 9, 9 and 3 batches, three to a step.</summary>
    private static TrainingHistory Long(Trainer<StateNet> trainer, IEnumerable<StreamedImage> stream, string? checkpoint = null, int steps = 7) =>
        trainer.FitStream(stream, steps, batchSize: 6, stepsPerEpoch: 3, StateTraining.Images(20, 3), checkpoint: checkpoint);

    [Theory]
    [InlineData("Sgd")]
    [InlineData("Muon")]
    public void A_stream_goes_on_to_the_bit_wherever_it_was_stopped(string optimizer)
    {
        var images = StateTraining.Images(200);
        var whole = StateTraining.Full(optimizer);
        var lines = StateTraining.Lines(Long(whole, Stream(images, 200)));
        Assert.Equal(3, lines.Length);
        foreach (var batch in new[] { 1, 3, 5, 8, 9, 10, 17, 18, 20 })
        {
            using var folder = new TemporaryFolder();
            var stopped = StateTraining.Full(optimizer, new AtBatch(batch, training => training.Stop("enough")));
            Assert.Equal("enough", Long(stopped, Stream(images, 200), folder.Path).StopReason);
            var resumed = StateTraining.Full(optimizer);
            Assert.Equal(lines, StateTraining.Lines(Long(resumed, Stream(images, 200), folder.Path)));
            Assert.Equal(StateTraining.Bits(whole), StateTraining.Bits(resumed));

            // What is done is only loaded: the stream is not read.
            var again = StateTraining.Full(optimizer);
            Assert.Equal(lines, StateTraining.Lines(Long(again, Unread(), folder.Path)));
            Assert.Equal(StateTraining.Bits(whole), StateTraining.Bits(again));
        }
    }

    [Fact]
    public void A_state_that_was_saved_between_two_epochs_goes_on_with_the_next()
    {
        using var folder = new TemporaryFolder();
        var images = StateTraining.Images(200);
        var path = System.IO.Path.Combine(folder.Path, "between.safetensors");
        var whole = StateTraining.Full("Sgd", new AtEnd(1, training => training.SaveState(path)));
        var lines = StateTraining.Lines(Long(whole, Stream(images, 200)));
        var resumed = StateTraining.Full("Sgd");
        resumed.Resume(path);
        Assert.Single(resumed.History!.Epochs);

        // What fails leaves the position.
        Assert.Contains("54 images of its stream, but this one ends after 53", Assert.Throws<InvalidOperationException>(() => Long(resumed, Stream(images, 53))).Message);
        Assert.Contains("steps was 7 and is 8", Assert.Throws<InvalidOperationException>(() => Long(resumed, Unread(), steps: 8)).Message);
        Assert.Contains("it was a FitStream", Assert.Throws<InvalidOperationException>(() => resumed.Fit(images, 3, 6)).Message);
        Assert.Equal(lines, StateTraining.Lines(Long(resumed, Stream(images, 200))));
        Assert.Equal(StateTraining.Bits(whole), StateTraining.Bits(resumed));
    }

    [Fact]
    public void Another_stream_is_refused_and_one_that_ended_is_done()
    {
        using var folder = new TemporaryFolder();
        var images = StateTraining.Images(200);
        Long(StateTraining.Full("Sgd", new AtBatch(12, training => training.Stop("enough"))), Stream(images, 200), folder.Path);
        var other = Stream(images, 200).Select((image, i) => i == 60 ? StreamedImage.Of(image.Floats, (image.Label + 1) % 3) : image);
        Assert.Contains("The stream's images from 54 on are others", Assert.Throws<InvalidOperationException>(() => Long(StateTraining.Full("Sgd"), other, folder.Path)).Message);

        // It goes on until the stream ends, within the third epoch; then there is nothing more to do.
        const string Reason = "the stream ended after 113 images";
        Assert.Contains("steps was 7 and is 9", Assert.Throws<InvalidOperationException>(() => Long(StateTraining.Full("Sgd"), Unread(), folder.Path, steps: 9)).Message);
        Assert.Equal(Reason, Long(StateTraining.Full("Sgd"), Stream(images, 113), folder.Path).StopReason);
        var again = Long(StateTraining.Full("Sgd"), Unread(), folder.Path);
        Assert.Equal((3, Reason), (again.Epochs.Count, again.StopReason));
    }

    private static IEnumerable<StreamedImage> Unread()
    {
        Assert.Fail("The stream was read.");
        yield break;
    }

    private static Trainer<StateNet> New() => new(StateNet.Create(1), new Sgd(0.05, 0.9), seed: 6) { AlternatingFlip = true };

    private static IEnumerable<StreamedImage> Stream(ImageDataset images, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var image = new float[36];
            images.CopyImage(i, image, StateNet.Normalization);
            yield return StreamedImage.Of(image.AsMemory(), images.GetLabel(i));
        }
    }
}

/// <summary>Does something after an epoch.</summary>
internal sealed class AtEnd(int epoch, Action<ITraining> action) : ITrainingCallback
{
    public void OnEpoch(ITraining training, EpochResult result)
    {
        if (result.Epoch == epoch)
            action(training);
    }
}
