using CnnGen.Tests.Threading;
using CnnGen.Tests.Training.State;

namespace CnnGen.Tests.Training.Loading;

[Collection(ThreadsCollection.Name)]
public class LoadAheadTests
{
    /// <summary>Everything that a batch goes through, from images in memory, and the same images said to be slow.</summary>
    [Fact]
    public void The_bits_depend_neither_on_threads_nor_on_how_far_batches_are_loaded_ahead()
    {
        var images = StateTraining.Images();
        var expected = Trained(images, threads: 1, ahead: null);
        foreach (var (threads, ahead) in new (int, int?)[] { (1, null), (2, null), (4, null), (1, 3), (2, 0), (3, 1), (4, 64) })
            Assert.Equal(expected, Trained(new SlowImages(images), threads, ahead));
        Assert.Equal(expected, Trained(images, 3, 2));

        static uint[] Trained(ImageDataset images, int threads, int? ahead)
        {
            using var with = new WithThreads(threads);
            var trainer = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05, 0.9), seed: 3)
            {
                LoadAhead = ahead,
                AlternatingFlip = true,
                Sampling = ImageSampling.Balanced(),
                LabelSmoothing = 0.1,
                Mixing = ImageMixing.MixUp(),
                ClassWeights = [1, 2, 0.5f],
                SampleWeights = [.. Enumerable.Range(0, images.Count).Select(i => 0.5f + (i % 4))],
                Augmentation = (image, _, seed) => image[(int)(seed % 36)] = 0,
            };
            trainer.Fit(images, 3, 7, images);
            return [.. trainer.Model.Parameters.ValuesAndStatistics.ToArray().Select(BitConverter.SingleToUInt32Bits)];
        }
    }

    [Fact]
    public void As_many_batches_as_were_asked_for_are_loaded_while_one_is_trained_on_and_no_more()
    {
        using var with = new WithThreads(3);
        var loaded = 0;
        var images = new SlowImages(StateTraining.Images(70)) { Copied = _ => Interlocked.Increment(ref loaded) };
        var most = 0;
        var trainer = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05))
        {
            LoadAhead = 3,
            Callbacks = [new AtBatch(2, _ =>
            {
                // The second batch is in use, the next three are loaded meanwhile.
                Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref loaded) >= 5 * 7, TimeSpan.FromSeconds(60)));
                Thread.Sleep(20);
                most = Volatile.Read(ref loaded);
            })],
        };
        trainer.Fit(images, 1, 7);
        Assert.Equal(5 * 7, most);
        Assert.Equal(70, loaded);
    }

    [Fact]
    public void What_an_image_throws_comes_out_of_Fit_at_its_batch_and_the_trainer_stays_usable()
    {
        using var with = new WithThreads(3);
        var images = new SlowImages(StateTraining.Images(70));
        var trainer = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05)) { LoadAhead = 4 };
        var order = new List<int>();
        using (new WithThreads(1))
            new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05)) { LoadAhead = 0 }.Fit(new SlowImages(StateTraining.Images(70)) { Copied = order.Add }, 1, 7);

        var (bad, worse) = (order[(3 * 7) + 2], order[(3 * 7) + 5]);
        images.Copied = index =>
        {
            if (index == bad || index == worse)
                throw new IOException($"image {index} is gone");
        };
        var batches = 0;
        var progress = new Told(value => batches = value.Batch);
        var fault = Assert.Throws<IOException>(() => trainer.Fit(images, 1, 7, progress: progress));
        Assert.Equal($"image {bad} is gone", fault.Message);
        Assert.Equal(3, batches);

        images.Copied = null;
        Assert.Single(trainer.Fit(images, 1, 7).Epochs);
        Assert.Throws<IOException>(() => trainer.Evaluate(new SlowImages(StateTraining.Images(70)) { Copied = _ => throw new IOException("gone") }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05)) { LoadAhead = 65 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.05)) { LoadAhead = -1 });
    }

    /// <summary>A weight of two is an image that is there twice; of none, one that isn't there, but that the mean counts it.</summary>
    [Fact]
    public void Weights_of_images_multiply_their_gradients()
    {
        var images = StateTraining.Images(4);
        float[] weights = [2, 0, 1, 0.5f];
        var trainer = new Trainer<OtherNet>(OtherNet.Create(1), new Sgd(0.1)) { SampleWeights = weights };
        trainer.Fit(images, 1, 4);

        var model = OtherNet.Create(1);
        var sum = new double[model.Parameters.Values.Length];
        for (var i = 0; i < 4; i++)
        {
            var (image, target, scores) = (new float[36], new float[3], new float[3]);
            images.CopyImage(i, image, OtherNet.Normalization);
            target[images.GetLabel(i)] = 1;
            model.ComputeGradients(image, target, 1, 0, scores);
            for (var j = 0; j < sum.Length; j++)
                sum[j] += weights[i] * model.Parameters.Gradients[j] / 4;
        }

        for (var j = 0; j < sum.Length; j++)
            Assert.Equal(model.Parameters.Values[j] - (0.1 * sum[j]), trainer.Model.Parameters.Values[j], 1e-6);
    }

    [Fact]
    public void Weights_of_images_that_can_not_be_used_are_refused()
    {
        Assert.Contains("weight of image 1 is -1", Assert.Throws<ArgumentException>(() => New([1, -1])).Message, StringComparison.Ordinal);
        Assert.Contains("weight of image 0 is NaN", Assert.Throws<ArgumentException>(() => New([float.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("No image has a weight above 0", Assert.Throws<ArgumentException>(() => New([0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("3 numbers, but the training data 4 images", Assert.Throws<ArgumentException>(() => New([1, 1, 1]).Fit(Images.Easy(4), 1, 4)).Message, StringComparison.Ordinal);

        static Trainer<SoftmaxRegression> New(float[] weights) => new(SoftmaxRegression.Create(1), new Sgd(0.1)) { SampleWeights = weights };
    }

    private sealed class Told(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }

    /// <summary>Images that are said to be decoded.</summary>
    private sealed class SlowImages(ImageDataset images) : ImageDataset(images.Shape, images.ClassCount, images.Count)
    {
        public Action<int>? Copied { get; set; }

        public override bool IsInMemory => false;

        public override void CopyImage(int index, Span<float> destination, Normalization normalization)
        {
            Copied?.Invoke(index);
            images.CopyImage(index, destination, normalization);
        }

        public override int GetLabel(int index) => images.GetLabel(index);
    }
}
