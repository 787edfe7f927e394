using CnnGen.Runtime;
using CnnGen.Tests.Training;

namespace CnnGen.Tests.Memory;

/// <summary>Who changes parameters and who reads all of them wait for one another.</summary>
public sealed class HoldTests
{
    /// <summary>
    /// While a step has set half of the weights, another thread begins to save: what it writes are the numbers of one step. (Nothing here waits for a time: the saving
    /// thread either waits, or has written.)
    /// </summary>
    [Fact]
    public void What_is_saved_during_training_are_the_numbers_of_one_step()
    {
        var model = SoftmaxRegression.Create(1);
        var saved = new List<MemoryStream>();
        var saving = new List<Thread>();
        var optimizer = new HalfWay(parameters =>
        {
            var stream = new MemoryStream();
            var thread = new Thread(() => ModelWeights.Save(stream, parameters));
            saved.Add(stream);
            saving.Add(thread);
            StartAndWaitUntilBlockedOrDone(thread);
        });

        new Trainer<SoftmaxRegression>(model, optimizer).Fit(Training.Images.Easy(20), 2, 4);
        saving.ForEach(thread => thread.Join());

        Assert.Equal(10, saved.Count);
        foreach (var stream in saved)
        {
            stream.Position = 0;
            var other = SoftmaxRegression.Create(2);
            ModelWeights.Load(stream, other.Parameters);
            Assert.Single(other.Parameters.Values.ToArray().Distinct());
        }
    }

    [Fact]
    public void A_model_may_be_saved_where_progress_is_reported()
    {
        var model = SmallNet.Create(1);
        var saved = 0;
        var progress = new Reports(() =>
        {
            using var stream = new MemoryStream();
            ModelWeights.Save(stream, model.Parameters);
            saved++;
        });
        new Trainer<SmallNet>(model, new Sgd(0.1f)).Fit(new FloatImageDataset(new ImageShape(1, 4, 4), new float[8 * 16], new[] { 0, 1, 2, 0, 1, 2, 0, 1 }, 3), 1, 4, progress: progress);

        Assert.Equal(2, saved);
    }

    [Fact]
    public void Gradients_of_two_objects_over_the_same_parameters_are_refused_and_saving_is_waited_for()
    {
        var store = SmallNet.Create(1).Parameters;
        using (store.HoldForGradients("SmallNet"))
        {
            var other = Record(() => store.HoldForGradients("SmallNet").Dispose(), out var thread);
            thread.Join();
            Assert.StartsWith("Another SmallNet over the same parameters is computing gradients", Assert.IsType<InvalidOperationException>(other.Value).Message);
        }

        // A thread that saves, or that is within a step, holds the parameters for a while only.
        Box waiting;
        Thread waiter;
        using (store.Hold())
        {
            using (store.HoldForGradients("SmallNet"))
            {
                waiting = Record(() => store.HoldForGradients("SmallNet").Dispose(), out waiter);
                Assert.True(waiter.IsAlive);
            }
        }

        waiter.Join();
        Assert.Null(waiting.Value);
    }

    [Fact]
    public void A_trainer_that_is_training_refuses_another_call_and_goes_on()
    {
        var images = Training.Images.Easy(20);
        Trainer<SoftmaxRegression>? trainer = null;
        var refused = new List<Exception>();
        var progress = new Reports(() =>
        {
            refused.Add(Assert.Throws<InvalidOperationException>(() => { trainer!.Fit(images, 1, 4); }));
            refused.Add(Assert.Throws<InvalidOperationException>(() => { trainer!.FindRate(images, 4); }));
            refused.Add(Assert.Throws<InvalidOperationException>(() => trainer!.Resume("state.safetensors")));
        });
        trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.1f));

        Assert.Single(trainer.Fit(images, 1, 10, progress: progress).Epochs);

        Assert.Equal(6, refused.Count);
        Assert.All(refused, one => Assert.StartsWith("Fit, FindRate or Resume of this trainer has not returned yet.", one.Message));
        trainer.Fit(images, 1, 4);
    }

    private static Box Record(Action action, out Thread thread)
    {
        var box = new Box();
        thread = new Thread(() => box.Value = Xunit.Record.Exception(action));
        StartAndWaitUntilBlockedOrDone(thread);
        return box;
    }

    private static void StartAndWaitUntilBlockedOrDone(Thread thread)
    {
        thread.Start();
        while (thread.IsAlive && (thread.ThreadState & ThreadState.WaitSleepJoin) == 0)
            Thread.Yield();
    }

    private sealed class Box
    {
        public Exception? Value { get; set; }
    }

    /// <summary>Sets all weights to the step's number, and does something when half of them are set.</summary>
    private sealed class HalfWay(Action<ParameterStore> between) : Optimizer(1)
    {
        private int _step;

        public override void Step(ParameterStore parameters, float learningRate)
        {
            _step++;
            var values = parameters.Values;
            values[..(values.Length / 2)].Fill(_step);
            parameters.MarkChanged();
            between(parameters);
            parameters.Values[(values.Length / 2)..].Fill(_step);
            parameters.MarkChanged();
        }
    }

    private sealed class Reports(Action report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report();
    }
}
