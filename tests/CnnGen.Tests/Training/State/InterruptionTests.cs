using CnnGen.Tests.Data;
using CnnGen.Tests.Training.Optimizers;

namespace CnnGen.Tests.Training.State;

/// <summary>What stands in the way of a training, before it or amid it: it is refused, and nothing is lost.</summary>
public class InterruptionTests
{
    private static readonly ImageDataset s_images = Images.Easy(40);

    [Fact]
    public void An_image_with_a_number_that_is_none_is_named_as_the_cause()
    {
        var pixels = new float[36 * 10];
        pixels[(36 * 7) + 5] = float.NaN;
        var damaged = new FloatImageDataset(StateNet.InputShape, pixels, Enumerable.Range(0, 10).Select(i => i % 3).ToArray(), 3);

        string Message(ImageDataset training, ImageDataset? validation) =>
            Assert.Throws<TrainingDivergedException>(() => new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.1)).Fit(training, 1, 5, validation)).Message;
        Assert.EndsWith("The cause: image 7 of the training data set has 1 values that are no finite 32-bit floats, the first, NaN, at index 5. Mend such images, or leave them out.", Message(damaged, null));
        Assert.Contains("the validation loss is NaN in epoch 1 of 1, at batch 10 of 10, with learning rate 0.1. The cause: image 7 of the validation data set", Message(StateTraining.Images(), damaged));
    }

    [Fact]
    public void An_average_in_use_or_of_another_model_is_refused_before_the_weights_are_touched()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        var average = new WeightAverage(0.5);
        Trainer<SoftmaxRegression> New(int seed, params ITrainingCallback[] callbacks) => new(SoftmaxRegression.Create(seed), new Sgd(0.5, 0.9)) { Averaging = average, Callbacks = callbacks };
        var trainer = New(1);
        trainer.Fit(s_images, 2, 10);
        trainer.SaveState(path);
        var (weights, batches) = (OptimizerStores.Bits(trainer.Model.Parameters), trainer.Model.BatchSizes.Count);
        using (average.Use())
        {
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(s_images, 1, 10));
            Assert.Throws<InvalidOperationException>(() => trainer.FindRate(s_images, 10));
            Assert.Throws<InvalidOperationException>(() => trainer.Resume(path));
        }

        Assert.Equal(batches, trainer.Model.BatchSizes.Count);
        Assert.Equal(weights, OptimizerStores.Bits(trainer.Model.Parameters));

        // Another model, by the same average: nothing of it is replaced.
        var other = New(2);
        var before = OptimizerStores.Bits(other.Model.Parameters);
        Assert.Throws<ArgumentException>("parameters", () => other.Resume(path));
        Assert.Throws<ArgumentException>("parameters", () => other.Fit(s_images, 1, 10));
        Assert.Equal(before, OptimizerStores.Bits(other.Model.Parameters));
        Assert.Empty(other.Model.BatchSizes);

        // Put into the model amid a Fit.
        average = new WeightAverage(0.5);
        IDisposable? use = null;
        var taken = Array.Empty<uint>();
        var amid = New(3, new AtBatch(3, training =>
        {
            taken = OptimizerStores.Bits(training.Parameters);
            use = training.Averaging!.Use();
        }));
        Assert.Throws<InvalidOperationException>(() => amid.Fit(s_images, 1, 10));
        use!.Dispose();
        Assert.Equal(taken, OptimizerStores.Bits(amid.Model.Parameters));
    }

    [Fact]
    public void A_schedule_of_one_s_own_that_goes_by_results_is_resumed_by_them()
    {
        using var folder = new TemporaryFolder();
        Trainer<SoftmaxRegression> New(params ITrainingCallback[] callbacks) => new(SoftmaxRegression.Create(1), new Sgd(0.5), new WarmUpSchedule(0.5, new Falling())) { Callbacks = callbacks };
        var whole = New();
        whole.Fit(s_images, 4, 10);
        New(new AtBatch(9, training => training.Stop("for now"))).Fit(s_images, 4, 10, checkpoint: folder.Path);
        var resumed = New();
        Assert.Equal(StateTraining.Lines(whole.History!), StateTraining.Lines(resumed.Fit(s_images, 4, 10, checkpoint: folder.Path)));
        Assert.Equal(OptimizerStores.Bits(whole.Model.Parameters), OptimizerStores.Bits(resumed.Model.Parameters));
        Assert.Equal(4, whole.History!.Epochs.Select(epoch => epoch.LearningRate).Distinct().Count());
    }

    [Fact]
    public void A_checkpoint_of_a_Fit_that_was_called_otherwise_is_refused_before_it_is_loaded()
    {
        using var folder = new TemporaryFolder();
        Trainer<SoftmaxRegression> New(int seed, params ITrainingCallback[] callbacks) => new(SoftmaxRegression.Create(seed), new Adam()) { Callbacks = callbacks };
        New(1, new AtBatch(5, training => training.Stop("for now"))).Fit(s_images, 2, 10, checkpoint: folder.Path);
        var trainer = New(2);
        var before = OptimizerStores.Bits(trainer.Model.Parameters);
        Assert.Contains("epochs was 2 and is 3", Assert.Throws<InvalidOperationException>(() => trainer.Fit(s_images, 3, 10, checkpoint: folder.Path)).Message);
        Assert.Equal(before, OptimizerStores.Bits(trainer.Model.Parameters));
        Assert.Null(trainer.History);

        // What the message advises works, as if nothing had been refused.
        Assert.Equal(3, trainer.Fit(s_images, 3, 10).Epochs.Count);
        var fresh = New(2);
        fresh.Fit(s_images, 3, 10);
        Assert.Equal(OptimizerStores.Bits(fresh.Model.Parameters), OptimizerStores.Bits(trainer.Model.Parameters));
    }

    [Fact]
    public void What_fails_before_the_first_batch_leaves_the_resumed_position_and_who_began_hears_of_the_end()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");

        // Callbacks that have nothing in the state may be others, and stand elsewhere.
        Trainer<SoftmaxRegression> New(params ITrainingCallback[] callbacks) => new(SoftmaxRegression.Create(1), new Adam()) { Callbacks = callbacks };
        var whole = New(new AtBatch(6, training => training.SaveState(path)), new EarlyStopping(9));
        whole.Fit(s_images, 3, 10);

        var (first, failing, last) = (new Witness(false), new Witness(true), new Witness(false));
        var resumed = New(first, new EarlyStopping(9), failing, last);
        resumed.Resume(path);
        Assert.Throws<IOException>(() => resumed.Fit(s_images, 3, 10));
        Assert.Equal((1, 1), (first.Begun, first.Ended));
        Assert.Equal((1, 0), (failing.Begun, failing.Ended));
        Assert.Equal((0, 0), (last.Begun, last.Ended));
        Assert.Throws<OperationCanceledException>(() => resumed.Fit(s_images, 3, 10, cancellationToken: new CancellationToken(true)));
        resumed.Fit(s_images, 3, 10);
        Assert.Equal(6, resumed.Model.BatchSizes.Count);
        Assert.Equal(OptimizerStores.Bits(whole.Model.Parameters), OptimizerStores.Bits(resumed.Model.Parameters));
    }

    [Fact]
    public async Task A_search_for_a_rate_lets_nobody_else_see_its_weights()
    {
        Task<uint[]>? seen = null;
        using var begun = new ManualResetEventSlim();
        var model = SoftmaxRegression.Create(1);
        var (bits, batches) = (OptimizerStores.Bits(model.Parameters), 0);
        var trainer = new Trainer<SoftmaxRegression>(model, new Sgd(1))
        {
            Augmentation = (_, index, _) =>
            {
                if (Interlocked.Increment(ref batches) != 200)
                    return;
                seen = Task.Run(() =>
                {
                    begun.Set();
                    using (model.Parameters.Hold())
                        return OptimizerStores.Bits(model.Parameters);
                });
                begun.Wait();
                seen.Wait(200);
            },
        };
        trainer.FindRate(s_images, 10, 0.1, 1, 40);
        Assert.Equal(bits, await seen!);
    }

    /// <summary>By what the loss has come to: another rate after each epoch.</summary>
    private sealed class Falling : LearningRateSchedule
    {
        private float _factor = 1;

        public override void Begin() => _factor = 1;

        public override void EpochEnded(EpochResult result) => _factor *= (float)(result.Loss / 2);

        public override float At(long step, long totalSteps, long stepsPerEpoch) => _factor;
    }

    /// <summary>Counts, and may fail the first time.</summary>
    private sealed class Witness(bool fails) : ITrainingCallback
    {
        public int Begun { get; private set; }

        public int Ended { get; private set; }

        public void OnBegin(ITraining training)
        {
            if (++Begun == 1 && fails)
                throw new IOException("The log can't be written.");
        }

        public void OnEnd(ITraining training) => Ended++;
    }
}
