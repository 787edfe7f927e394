using CnnGen.Tests.Threading;

namespace CnnGen.Tests.Training;

[Collection(ThreadsCollection.Name)]
public class TrainerTests
{
    private static Trainer<SoftmaxRegression> NewTrainer(float rate = 0.1f, LearningRateSchedule? schedule = null, int seed = 0) =>
        new(SoftmaxRegression.Create(1), new Sgd(rate, 0.9f), schedule, seed);

    [Fact]
    public void A_model_learns_easy_images()
    {
        var trainer = NewTrainer(schedule: new OneCycleSchedule());
        var history = trainer.Fit(Images.Easy(500), 5, 16, Images.Easy(200, seed: 2));
        Assert.Equal(5, history.Epochs.Count);
        Assert.Same(history, trainer.History);
        Assert.True(history.Epochs[4].Loss < history.Epochs[0].Loss);
        Assert.True(history.Epochs[4].Accuracy > 0.99, history.ToString());
        Assert.True(history.Epochs[4].ValidationAccuracy > 0.99, history.ToString());

        var evaluation = trainer.Evaluate(Images.Easy(200, seed: 2));
        Assert.Equal(200, evaluation.Count);
        Assert.Equal(history.Epochs[4].ValidationAccuracy, evaluation.Accuracy);
        Assert.Equal(history.Epochs[4].ValidationLoss!.Value, evaluation.Loss, 9);
        Assert.Equal(evaluation.Accuracy, evaluation.ConfusionMatrix!.Accuracy);
        Assert.Equal(200, evaluation.ConfusionMatrix.Count);
    }

    /// <summary>One epoch by hand, in the order that the images were copied in, gives the same parameters, loss and accuracy.</summary>
    [Fact]
    public void An_epoch_is_gradients_and_a_step_for_each_batch()
    {
        using var with = new WithThreads(1);
        var easy = Images.Easy(10);
        var order = new List<int>();
        var images = new MadeUpImages(SoftmaxRegression.InputShape, 3, 10, easy.GetLabel, index => (index % 4) - 1.5f) { Copied = order.Add };
        var trainer = NewTrainer();
        var history = trainer.Fit(images, 1, 4);
        Assert.Equal(Enumerable.Range(0, 10), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 10), order);
        Assert.Equal([4, 4, 2], trainer.Model.BatchSizes);

        var model = SoftmaxRegression.Create(1);
        var sgd = new Sgd(0.1f, 0.9f);
        var (loss, right) = (0.0, 0);
        foreach (var chunk in order.ToArray().Chunk(4))
        {
            var pixels = new float[chunk.Length * 6];
            var targets = new float[chunk.Length * 3];
            var scores = new float[chunk.Length * 3];
            for (var i = 0; i < chunk.Length; i++)
            {
                images.CopyImage(chunk[i], pixels.AsSpan(i * 6, 6), SoftmaxRegression.Normalization);
                targets[(i * 3) + easy.GetLabel(chunk[i])] = 1;
            }

            loss += chunk.Length * model.ComputeGradients(pixels, targets, chunk.Length, 0, scores);
            sgd.Step(model.Parameters);
            right += scores.Chunk(3).Select((score, i) => Array.IndexOf(score, score.Max()) == easy.GetLabel(chunk[i]) ? 1 : 0).Sum();
        }

        Assert.Equal(model.Parameters.Values.ToArray(), trainer.Model.Parameters.Values.ToArray());
        Assert.Equal(loss / 10, history.Epochs[0].Loss, 12);
        Assert.Equal(right / 10.0, history.Epochs[0].Accuracy, 12);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_with_any_number_of_threads_and_another_seed_does_not()
    {
        (uint[] Bits, ulong[] Dropout) Train(int threads, int seed)
        {
            using var with = new WithThreads(threads);
            var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.1f, 0.9f), new CosineSchedule(), seed)
            {
                Augmentation = (image, _, random) => image[(int)(random % 6)] += (random >> 40) * 1e-8f,
            };
            trainer.Fit(Images.Easy(333), 3, 10);
            return (trainer.Model.Parameters.Values.ToArray().Select(BitConverter.SingleToUInt32Bits).ToArray(), [.. trainer.Model.DropoutSeeds]);
        }

        var expected = Train(1, 5);
        Assert.Equal(102, expected.Dropout.Distinct().Count());
        for (var threads = 1; threads <= 4; threads++)
        {
            var again = Train(threads, 5);
            Assert.Equal(expected.Bits, again.Bits);
            Assert.Equal(expected.Dropout, again.Dropout);
        }

        var other = Train(1, 6);
        Assert.NotEqual(expected.Bits, other.Bits);
        Assert.Empty(expected.Dropout.Intersect(other.Dropout));
    }

    [Fact]
    public void Every_epoch_has_an_order_of_its_own_also_in_a_further_training()
    {
        using var with = new WithThreads(1);
        var order = new List<int>();
        var images = new MadeUpImages(SoftmaxRegression.InputShape, 3, 50, index => index % 3, _ => 0.5f) { Copied = order.Add };
        var trainer = NewTrainer();
        trainer.Fit(images, 2, 7);
        trainer.Fit(images, 1, 7);
        var epochs = order.Chunk(50).ToArray();
        Assert.Equal(3, epochs.Length);
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 50), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[0], epochs[2]);
        Assert.NotEqual(epochs[1], epochs[2]);
        Assert.Equal(trainer.Model.DropoutSeeds.Count, trainer.Model.DropoutSeeds.Distinct().Count());
    }

    [Fact]
    public void Augmentation_changes_training_images_only_and_differs_from_epoch_to_epoch()
    {
        var seeds = new System.Collections.Concurrent.ConcurrentBag<(int Index, ulong Seed)>();
        var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.1f))
        {
            Augmentation = (image, index, seed) =>
            {
                Assert.Equal(6, image.Length);
                image.Clear();
                seeds.Add((index, seed));
            },
        };
        trainer.Fit(Images.Easy(20), 2, 8, validation: Images.Easy(300));
        trainer.Evaluate(Images.Easy(300));
        Assert.Equal(40, seeds.Count);
        Assert.Equal(40, seeds.Select(seed => seed.Seed).Distinct().Count());
        Assert.All(seeds.GroupBy(seed => seed.Index), group => Assert.Equal(2, group.Count()));
        Assert.All(trainer.Model.Parameters["dense1.weight"].GradientToArray(), gradient => Assert.Equal(0f, gradient));
    }

    [Fact]
    public void Progress_is_reported_after_each_batch_and_each_validation()
    {
        var reports = new List<TrainingProgress>();
        NewTrainer(0.5f, new StepSchedule(1, 0.1)).Fit(Images.Easy(25), 2, 10, Images.Easy(5), new Direct(reports.Add));
        Assert.Equal(
            [(1, 1, false), (1, 2, false), (1, 3, false), (1, 3, true), (2, 1, false), (2, 2, false), (2, 3, false), (2, 3, true)],
            reports.Select(report => (report.Epoch, report.Batch, report.ValidationAccuracy != null)));
        Assert.All(reports, report => Assert.Equal((2, 3), (report.Epochs, report.Batches)));
        Assert.All(reports, report => Assert.Equal(report.Epoch == 1 ? 0.5f : 0.05f, report.LearningRate, 6));
        Assert.All(reports, report => Assert.True(report.ImagesPerSecond > 0));
        Assert.Equal(reports[2].Loss, reports[3].Loss);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public void Cancellation_ends_between_batches_and_leaves_history_and_a_usable_model(int batchToCancelAt)
    {
        using var source = new CancellationTokenSource();
        var reports = 0;
        var trainer = NewTrainer();
        var progress = new Direct(_ =>
        {
            if (++reports == batchToCancelAt)
                source.Cancel();
        });
        var exception = Assert.Throws<OperationCanceledException>(() => trainer.Fit(Images.Easy(60), 100, 10, null, progress, source.Token));
        Assert.Equal(source.Token, exception.CancellationToken);
        Assert.Equal(batchToCancelAt, reports);
        Assert.Equal(batchToCancelAt / 6, trainer.History!.Epochs.Count);
        Assert.All(trainer.Model.Parameters.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.True(double.IsFinite(trainer.Evaluate(Images.Easy(60)).Loss));
        Assert.Equal(4, trainer.Fit(Images.Easy(60), 4, 10).Epochs.Count);
        Assert.Throws<OperationCanceledException>(() => trainer.Evaluate(Images.Easy(60), cancellationToken: source.Token));
    }

    [Fact]
    public void Divergence_is_an_error_that_says_where_and_what_to_try()
    {
        using var hostile = new HostileCulture();
        var bad = 0;
        var images = new MadeUpImages(SoftmaxRegression.InputShape, 3, 30, index => index % 3, _ => Volatile.Read(ref bad) == 0 ? 0.5f : float.NaN);
        var trainer = NewTrainer(0.25f);
        float[]? before = null;
        var progress = new Direct(report =>
        {
            if (report is { Epoch: 2, Batch: 2 })
                bad = 1;
            before = trainer.Model.Parameters.Values.ToArray();
        });
        var exception = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(images, 5, 10, null, progress));
        Assert.Equal((2, 3, 0.25f), (exception.Epoch, exception.Batch, exception.LearningRate));
        Assert.True(double.IsNaN(exception.Loss));
        Assert.Contains("the loss is NaN in epoch 2 of 5, at batch 3 of 3, with learning rate 0.25.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("The cause: image 0 of the training data set has", exception.Message, StringComparison.Ordinal);
        Assert.Single(trainer.History!.Epochs);
        Assert.Equal(before, trainer.Model.Parameters.Values.ToArray());
    }

    [Fact]
    public void A_validation_loss_that_is_not_finite_is_divergence_too()
    {
        var bad = new MadeUpImages(SoftmaxRegression.InputShape, 3, 4, index => index % 3, _ => float.NaN);
        var exception = Assert.Throws<TrainingDivergedException>(() => NewTrainer().Fit(Images.Easy(20), 2, 10, bad));
        Assert.Contains("validation loss is NaN in epoch 1 of 2", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>No later loss shows what the last step did.</summary>
    [Theory]
    [InlineData(1, float.PositiveInfinity, "infinity")]
    [InlineData(3, float.NaN, "NaN")]
    public void A_weight_that_is_not_finite_after_the_last_step_is_divergence_too(int epochs, float value, string text)
    {
        var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Exploding(epochs * 3, value));
        var exception = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(Images.Easy(30), epochs, 10));
        Assert.Equal((epochs, 3, 0.125f), (exception.Epoch, exception.Batch, exception.LearningRate));
        Assert.Contains("OneCycleSchedule", exception.Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(exception.Loss));
        Assert.Contains(
            FormattableString.Invariant($"Training diverged: dense1.weight [3, 6] has 1 values that are no finite 32-bit floats, the first, {text}, at index 4, after the last step of epoch {epochs} of {epochs}, with learning rate 0.125."),
            exception.Message,
            StringComparison.Ordinal);
        Assert.Equal(epochs - 1, trainer.History!.Epochs.Count);
        Assert.Throws<InvalidOperationException>(() => ModelWeights.Save(Stream.Null, trainer.Model.Parameters));
    }

    [Fact]
    public void Bad_input_is_refused_before_anything_is_trained()
    {
        var shape = SoftmaxRegression.InputShape;
        var good = Images.Easy(5);
        var trainer = NewTrainer();
        var before = trainer.Model.Parameters.Values.ToArray();

        void Refused<TException>(string name, string message, ImageDataset? training, int epochs = 1, int batchSize = 2, ImageDataset? validation = null)
            where TException : ArgumentException
        {
            var exception = Assert.Throws<TException>(name, () => trainer.Fit(training!, epochs, batchSize, validation));
            Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        }

        Refused<ArgumentNullException>("training", "", null);
        Refused<ArgumentOutOfRangeException>("epochs", "0", good, epochs: 0);
        Refused<ArgumentOutOfRangeException>("batchSize", "-1", good, batchSize: -1);
        var wrongShape = new MadeUpImages(new ImageShape(2, 3, 1), 3, 4, _ => 0, _ => 0);
        Refused<ArgumentException>("training", "The training images are of shape 2x3x1, but SoftmaxRegression takes 2x1x3", wrongShape);
        Refused<ArgumentException>("validation", "The validation images are of shape 2x3x1", good, validation: wrongShape);
        Refused<ArgumentException>("training", "The training data set is empty", new MadeUpImages(shape, 3, 0, _ => 0, _ => 0));
        Refused<ArgumentException>(
            "training",
            "Image 7 of the training data set has label 3, but SoftmaxRegression has 3 outputs, for labels from 0 to 2.",
            new MadeUpImages(shape, 10, 9, index => index == 7 ? 3 : 0, _ => 0));
        Refused<ArgumentException>("validation", "label -1", good, validation: new MadeUpImages(shape, 3, 9, _ => -1, _ => 0));
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => trainer.Evaluate(good, 0));
        Assert.Throws<ArgumentNullException>("dataset", () => trainer.Evaluate(null!));
        Assert.Throws<ArgumentNullException>("model", () => new Trainer<SoftmaxRegression>(null!, new Sgd(1)));
        Assert.Throws<ArgumentNullException>("optimizer", () => new Trainer<SoftmaxRegression>(trainer.Model, null!));

        Assert.Equal(before, trainer.Model.Parameters.Values.ToArray());
        Assert.Empty(trainer.Model.BatchSizes);
        Assert.Null(trainer.History);
    }

    [Fact]
    public void What_a_data_set_throws_comes_through()
    {
        using var with = new WithThreads(4);
        var images = new MadeUpImages(SoftmaxRegression.InputShape, 3, 100, _ => 1, index => index == 60 ? throw new IOException("disk") : 1);
        Assert.Equal("disk", Assert.Throws<IOException>(() => NewTrainer().Fit(images, 1, 10)).Message);
    }

    [Fact]
    public void A_step_allocates_nothing_after_the_first()
    {
        using var with = new WithThreads(2);
        var trainer = NewTrainer();
        trainer.Model.Records = false;
        var images = Images.Easy(2000);
        long last = 0;
        var (reports, allocating) = (0, 0);
        var progress = new Direct(_ =>
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            if (++reports is > 100 and <= 400 && now > last)
                allocating++;
            last = now;
        });
        trainer.Fit(images, 1, 5, null, progress);
        Assert.Equal(400, reports);

        // A thread's first wait for another one allocates what it waits by, once, and comes late where the machine is busy.
        Assert.InRange(allocating, 0, 2);
    }

    [Fact]
    public void Images_without_labels_have_a_loss_but_no_accuracy()
    {
        var images = new Unlabelled();
        var trainer = NewTrainer();
        var history = trainer.Fit(images, 2, 3);
        Assert.True(history.Epochs[1].Loss < history.Epochs[0].Loss);
        Assert.True(double.IsNaN(history.Epochs[0].Accuracy));
        var evaluation = trainer.Evaluate(images);
        Assert.Null(evaluation.ConfusionMatrix);
        Assert.True(double.IsNaN(evaluation.Accuracy));
    }

    [Fact]
    public void What_is_printed_is_the_same_under_every_culture()
    {
        using var hostile = new HostileCulture();
        Assert.Equal(
            "epoch 2/5, batch 938/938: loss 0.0712, accuracy 0.9781, validation loss 0.0634, accuracy 0.9802, 61234 images/s",
            new TrainingProgress(2, 5, 938, 938, 0.0712, 0.9781, 0.1f, 61234, 0.0634, 0.9802).ToString());
        Assert.Equal("epoch 2/5, batch 1/938: loss -0.5000, accuracy 0.0000, 10 images/s", new TrainingProgress(2, 5, 1, 938, -0.5, 0, 0.1f, 10).ToString());
        Assert.Equal("epoch 2: loss 0.0712, accuracy 0.9781, 0.98 s", new EpochResult(2, 0.0712, 0.9781, null, null, 0.1f, 0.98, 1).ToString());
        Assert.Equal("10000 images: loss 0.0302, accuracy 0.9904", new Evaluation(10000, 0.0302, 0.9904, null).ToString());
    }

    /// <summary>Reports at once, on the reporting thread, as <see cref="Progress{T}"/> does not.</summary>
    private sealed class Direct(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    /// <summary>Does nothing but for one step, which makes one weight what it was given.</summary>
    private sealed class Exploding(int at, float value) : Optimizer(0.125f)
    {
        private int _steps;

        public override void Step(CnnGen.Runtime.ParameterStore parameters, float learningRate)
        {
            if (++_steps == at)
                parameters.Values[4] = value;
        }
    }

    private sealed class Unlabelled() : ImageDataset(SoftmaxRegression.InputShape, 0, 9)
    {
        public override void CopyImage(int index, Span<float> destination, Normalization normalization) => destination.Fill(index / 9f);

        public override int GetLabel(int index) => throw new InvalidOperationException("There are no labels.");

        public override void CopyTarget(int index, Span<float> destination) => (destination[0], destination[1], destination[2]) = (0.5f, 0.25f, 0.25f);
    }
}
