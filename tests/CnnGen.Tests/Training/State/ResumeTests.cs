using CnnGen.Tests.Data;
using CnnGen.Tests.Threading;

namespace CnnGen.Tests.Training.State;

[Collection(ThreadsCollection.Name)]
public class ResumeTests
{
    /// <summary>50 images in batches of 7: 8 an epoch, three to a step; saved within a step, at its end, at an epoch's end, in the last batch of all.</summary>
    [Theory]
    [InlineData("Sgd")]
    [InlineData("Nadam")]
    [InlineData("Muon")]
    [InlineData("Frozen")]
    public void A_training_that_is_saved_anywhere_goes_on_with_the_same_bits_on_other_threads(string optimizer)
    {
        using var folder = new TemporaryFolder();
        var (images, validation) = (StateTraining.Images(), StateTraining.Images(20, 5));
        var whole = StateTraining.Full(optimizer);
        using (new WithThreads(1))
            whole.Fit(images, 4, 7, validation);
        var (bits, lines) = (StateTraining.Bits(whole), StateTraining.Lines(whole.History!));
        Assert.Equal(4, lines.Length);

        foreach (var batch in new[] { 1, 2, 3, 7, 8, 9, 16, 22, 32 })
        {
            var path = Path.Combine(folder.Path, FormattableString.Invariant($"{optimizer}{batch}.safetensors"));
            var first = StateTraining.Full(optimizer, new AtBatch(batch, training =>
            {
                training.SaveState(path);
                training.Stop("killed");
            }));
            using (new WithThreads(2))
                first.Fit(images, 4, 7, validation);

            var second = StateTraining.Full(optimizer);
            using (new WithThreads(3))
            {
                second.Resume(path);
                second.Fit(images, 4, 7, validation);
            }

            Assert.Equal(lines, StateTraining.Lines(second.History!));
            Assert.Equal(bits, StateTraining.Bits(second));
        }
    }

    [Fact]
    public void A_finished_training_goes_on_with_a_further_one_as_if_it_had_not_been_saved()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        var images = StateTraining.Images();
        var (one, other) = (StateTraining.Full("Nadam"), StateTraining.Full("Nadam"));
        one.Fit(images, 2, 7);
        one.SaveState(path);
        one.Fit(images, 3, 10);
        other.Resume(path);
        Assert.Equal(2, other.History!.Epochs.Count);
        other.Fit(images, 3, 10);
        Assert.Equal(StateTraining.Bits(one), StateTraining.Bits(other));
    }

    [Fact]
    public void A_checkpoint_folder_goes_on_by_itself_where_a_training_was_cancelled_stopped_or_finished()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Path.Combine(folder.Path, "deep", "folder");
        var images = StateTraining.Images();
        var whole = StateTraining.Full("Muon");
        whole.Fit(images, 3, 7, images);

        using var source = new CancellationTokenSource();
        var first = StateTraining.Full("Muon", new AtBatch(5, _ => source.Cancel()));
        Assert.Throws<OperationCanceledException>(() => first.Fit(images, 3, 7, images, cancellationToken: source.Token, checkpoint: checkpoint));
        Assert.Equal("enough", StateTraining.Full("Muon", new AtBatch(6, training => training.Stop("enough"))).Fit(images, 3, 7, images, checkpoint: checkpoint).StopReason);
        var last = StateTraining.Full("Muon");
        Assert.Null(last.Fit(images, 3, 7, images, checkpoint: checkpoint).StopReason);
        Assert.Equal(StateTraining.Bits(whole), StateTraining.Bits(last));
        Assert.Equal(["training.safetensors"], Directory.GetFiles(checkpoint).Select(Path.GetFileName));

        // Once more: nothing is trained, and all is there.
        var again = StateTraining.Full("Muon", new AtBatch(1, _ => Assert.Fail("A batch was trained.")));
        Assert.Equal(StateTraining.Lines(whole.History!), StateTraining.Lines(again.Fit(images, 3, 7, images, checkpoint: checkpoint)));
        Assert.Equal(StateTraining.Bits(whole), StateTraining.Bits(again));
    }

    [Fact]
    public void What_is_not_this_training_s_is_refused_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        var images = StateTraining.Images();
        var trainer = StateTraining.Full("Nadam", new AtBatch(4, training => training.SaveState(path)));
        trainer.Fit(images, 2, 7);

        string Refused(Action<string> resume) => Assert.Throws<InvalidDataException>(() => resume(path)).Message;
        var bare = new Trainer<StateNet>(StateNet.Create(9), new Nadam());
        var before = bare.Model.Parameters.ValuesAndStatistics.ToArray();
        Assert.Contains("schedule", Refused(bare.Resume));
        Assert.Contains("another network", Refused(new Trainer<OtherNet>(OtherNet.Create(), new Nadam()).Resume));
        Assert.Contains("conv1.weight has the shape [4, 1, 3, 3] in the file, but [5, 1, 3, 3] in the model", Refused(new Trainer<OtherNet>(OtherNet.Create(), new Nadam()).Resume));
        Assert.Contains("optimiser Nadam (exp_avg, exp_avg_sq), but this trainer's is Adam", Refused(new Trainer<StateNet>(bare.Model, new Adam(amsGrad: true)).Resume));
        Assert.Contains("seed", Refused(new Trainer<StateNet>(bare.Model, new Nadam(), new WarmUpSchedule(0.5, new ReduceOnPlateauSchedule()), 4)
        {
            Averaging = new WeightAverage(), Callbacks = [new EarlyStopping()], AccumulationSteps = 3,
        }.Resume));
        Assert.Contains("average", Refused(new Trainer<StateNet>(bare.Model, new Nadam(), new WarmUpSchedule(0.5, new ReduceOnPlateauSchedule()), 3) { Callbacks = [new EarlyStopping()] }.Resume));
        Assert.Contains("other groups", Refused(new Trainer<StateNet>(bare.Model, new Nadam { Groups = [ParameterGroup.UpTo("conv1") with { IsFrozen = true }] }, new WarmUpSchedule(0.5, new ReduceOnPlateauSchedule()), 3)
        {
            Averaging = new WeightAverage(), Callbacks = [new EarlyStopping()],
        }.Resume));
        Assert.Equal(before, bare.Model.Parameters.ValuesAndStatistics.ToArray());

        // A Fit that goes on has to be called as it was.
        var second = StateTraining.Full("Nadam");
        second.Resume(path);
        Assert.Contains("epochs was 2 and is 3; batchSize was 7 and is 8", Assert.Throws<InvalidOperationException>(() => second.Fit(images, 3, 8)).Message);
        Assert.Contains("images was 50 and is 49", Assert.Throws<InvalidOperationException>(() => second.Fit(images.Take(49), 2, 7)).Message);
        second.Fit(images, 2, 7);
        Assert.Equal(StateTraining.Bits(trainer), StateTraining.Bits(second));

        // Weights alone, and what only looks like a state of today's.
        var weights = Path.Combine(folder.Path, "weights.safetensors");
        ModelWeights.Save(weights, bare.Model.Parameters);
        Assert.Contains("no training state", Assert.Throws<InvalidDataException>(() => bare.Resume(weights)).Message);
        ModelWeights.Save(weights, bare.Model.Parameters, new Dictionary<string, string> { ["cnngen.training"] = "1" });
        Assert.Contains("version '1', but this library reads version 2", Assert.Throws<InvalidDataException>(() => bare.Resume(weights)).Message);
        Assert.Throws<FileNotFoundException>(() => bare.Resume(Path.Combine(folder.Path, "none")));
    }

    [Fact]
    public void A_file_damaged_at_any_byte_is_refused_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state.safetensors");
        Trainer<StateNet> New(params ITrainingCallback[] callbacks) => new(StateNet.Create(1), new Adam(), seed: 2) { Callbacks = callbacks };
        var trainer = New(new AtBatch(3, training => training.SaveState(path)));
        trainer.Fit(StateTraining.Images(), 1, 10);
        var bytes = File.ReadAllBytes(path);
        var damaged = Path.Combine(folder.Path, "damaged.safetensors");
        var other = New();
        var before = other.Model.Parameters.ValuesAndStatistics.ToArray();
        for (var i = 0; i < bytes.Length; i += i < 4000 ? 3 : 7)
        {
            bytes[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(damaged, bytes);
            var exception = Record.Exception(() => other.Resume(damaged));
            Assert.True(exception is InvalidDataException, $"byte {i}: {exception?.GetType().Name ?? "nothing was thrown"} {exception?.Message}");
            bytes[i] ^= (byte)(1 << (i % 8));
        }

        foreach (var length in new[] { 0, 7, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(damaged, bytes[..length]);
            Assert.Throws<InvalidDataException>(() => other.Resume(damaged));
        }

        Assert.Equal(before, other.Model.Parameters.ValuesAndStatistics.ToArray());
        Assert.Null(other.History);
        File.WriteAllBytes(damaged, bytes);
        other.Resume(damaged);
    }

    [Fact]
    public void An_optimiser_of_one_s_own_is_refused_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer<StateNet>(StateNet.Create(), new OwnOptimizer());
        Assert.Contains("OwnOptimizer", Assert.Throws<InvalidOperationException>(() => trainer.Fit(StateTraining.Images(), 1, 10, checkpoint: folder.Path)).Message);
        trainer.Fit(StateTraining.Images(), 1, 10);
    }

    [Fact]
    public async Task A_state_that_another_thread_saves_at_any_moment_goes_on_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var images = StateTraining.Images();
        var paths = new List<string>();
        using var isSaved = new ManualResetEventSlim();

        // The training can be over before this thread has its first turn: halfway it waits for a state.
        var trainer = StateTraining.Full("Muon", new AtBatch(48, _ => Assert.True(isSaved.Wait(TimeSpan.FromMinutes(2)), "no state was saved")));
        var training = Task.Run(() => trainer.Fit(images, 12, 7, images));
        while (!training.IsCompleted)
        {
            var path = Path.Combine(folder.Path, FormattableString.Invariant($"{paths.Count}.safetensors"));
            trainer.SaveState(path);
            paths.Add(path);
            isSaved.Set();
        }

        await training;
        Assert.NotEmpty(paths);
        var gap = Math.Max(1, paths.Count / 6);
        foreach (var path in paths.Where((_, i) => i % gap == 0))
        {
            var resumed = StateTraining.Full("Muon");
            resumed.Resume(path);
            if (resumed.History?.Epochs.Count == 12)
                continue;
            resumed.Fit(images, 12, 7, images);
            Assert.Equal(StateTraining.Lines(trainer.History!), StateTraining.Lines(resumed.History!));
            Assert.Equal(StateTraining.Bits(trainer), StateTraining.Bits(resumed));
        }
    }

    [Fact]
    public void A_checkpoint_of_weights_that_are_not_finite_does_not_replace_a_good_one()
    {
        using var folder = new TemporaryFolder();
        Trainer<StateNet> New(Action<ITraining> action) => new(StateNet.Create(1), new Sgd(0.01)) { CheckpointInterval = TimeSpan.Zero, Callbacks = [new AtBatch(3, action)] };
        var spoilt = New(training => training.Parameters["dense1.bias"][0] = float.NaN);
        Assert.Throws<TrainingDivergedException>(() => spoilt.Fit(StateTraining.Images(), 2, 10, checkpoint: folder.Path));
        var resumed = New(_ => { });
        resumed.Resume(Path.Combine(folder.Path, Trainer<StateNet>.CheckpointFile));
        Assert.All(resumed.Model.Parameters.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(2, resumed.Fit(StateTraining.Images(), 2, 10).Epochs.Count);
    }

    private sealed class OwnOptimizer() : Optimizer(0.1)
    {
        public override void Step(CnnGen.Runtime.ParameterStore parameters, float learningRate) => parameters.MarkChanged();
    }
}
