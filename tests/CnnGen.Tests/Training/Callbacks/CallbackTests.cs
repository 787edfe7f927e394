using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using CnnGen.Tests.Data;
using CnnGen.Tests.Training.Optimizers;
using CnnGen.Tests.Training.State;

namespace CnnGen.Tests.Training.Callbacks;

public class CallbackTests
{
    private static Trainer<SoftmaxRegression> NewTrainer(double rate, params ITrainingCallback[] callbacks) => new(SoftmaxRegression.Create(1), new Sgd(rate)) { Callbacks = callbacks };

    [Fact]
    public void Early_stopping_ends_after_patience_and_restores_the_best_epoch()
    {
        // The labels of the validation are wrong: with every epoch the loss rises, and the first is the best.
        var images = Images.Easy(60);
        var wrong = new MadeUpImages(SoftmaxRegression.InputShape, 3, 30, index => (images.GetLabel(index) + 1) % 3, _ => 0);
        var wrongs = new FloatImageDataset(SoftmaxRegression.InputShape, Pixels(images, 30), Enumerable.Range(0, 30).Select(wrong.GetLabel).ToArray(), 3);
        var stopping = new EarlyStopping(3);
        var first = new uint[1][];
        var trainer = NewTrainer(0.2, stopping, new AtEpoch(1, training => first[0] = OptimizerStores.Bits(training.Parameters)));
        var history = trainer.Fit(images, 50, 10, wrongs);
        Assert.Equal(4, history.Epochs.Count);
        Assert.Equal("no better for 3 epochs than in epoch 1", history.StopReason);
        Assert.Equal((1, history.Epochs[0].ValidationLoss!.Value), (stopping.BestEpoch, stopping.Best));
        Assert.Equal(first[0], OptimizerStores.Bits(trainer.Model.Parameters));

        // A further training begins anew.
        Assert.Equal(4, trainer.Fit(images, 50, 10, wrongs).Epochs.Count);

        // And without restoring, or where each epoch is better, the last weights stay.
        Assert.Null(NewTrainer(0.2, new EarlyStopping(1)).Fit(images, 5, 10, images).StopReason);
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new EarlyStopping(0));
        Assert.Throws<ArgumentOutOfRangeException>("margin", () => new EarlyStopping(1, margin: -1));
        Assert.Throws<ArgumentOutOfRangeException>("metric", () => new EarlyStopping(1, (TrainingMetric)9));
    }

    [Fact]
    public void A_training_that_early_stopping_ended_stays_ended_when_it_is_started_again()
    {
        using var folder = new TemporaryFolder();
        var images = Images.Easy(60);
        var wrongs = new FloatImageDataset(SoftmaxRegression.InputShape, Pixels(images, 30), Enumerable.Range(0, 30).Select(index => (images.GetLabel(index) + 1) % 3).ToArray(), 3);
        var one = NewTrainer(0.2, new EarlyStopping(2));
        one.Fit(images, 50, 10, wrongs, checkpoint: folder.Path);
        var again = NewTrainer(0.2, new EarlyStopping(2), new StopAfter(TimeSpan.FromDays(1)));
        var history = again.Fit(images, 50, 10, wrongs, checkpoint: folder.Path);
        Assert.Equal(3, history.Epochs.Count);
        Assert.Equal(OptimizerStores.Bits(one.Model.Parameters), OptimizerStores.Bits(again.Model.Parameters));
    }

    [Fact]
    public void States_are_kept_every_so_many_steps_and_of_the_best_epoch()
    {
        using var folder = new TemporaryFolder();
        var images = Images.Easy(40);
        var checkpoints = new Checkpoints(Path.Combine(folder.Path, "states"), everySteps: 3, keepLast: 2);
        NewTrainer(0.1, checkpoints).Fit(images, 4, 10);
        Assert.Equal(
            ["best.safetensors", "step-000000012.safetensors", "step-000000015.safetensors"],
            Directory.GetFiles(checkpoints.Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        var resumed = NewTrainer(0.1);
        resumed.Resume(Path.Combine(checkpoints.Folder, "step-000000015.safetensors"));
        Assert.Equal(3, resumed.History!.Epochs.Count);
        resumed.Fit(images, 4, 10);
        var whole = NewTrainer(0.1);
        whole.Fit(images, 4, 10);
        Assert.Equal(OptimizerStores.Bits(whole.Model.Parameters), OptimizerStores.Bits(resumed.Model.Parameters));

        // A shorter training in the same folder: what it has saved is newer than the states of later steps.
        NewTrainer(0.1, new Checkpoints(checkpoints.Folder, everySteps: 3, keepLast: 2)).Fit(images, 1, 10);
        Assert.Equal(
            ["best.safetensors", "step-000000003.safetensors", "step-000000015.safetensors"],
            Directory.GetFiles(checkpoints.Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

        // And weights of no use replace none.
        var folderOfGood = Path.Combine(folder.Path, "good");
        var spoilt = NewTrainer(0.1, new AtBatch(4, training => training.Parameters["dense1.bias"][0] = float.NaN), new Checkpoints(folderOfGood, everySteps: 2, keepLast: 1));
        Assert.Throws<TrainingDivergedException>(() => spoilt.Fit(images, 2, 10));
        Assert.Equal(["step-000000002.safetensors"], Directory.GetFiles(folderOfGood).Select(Path.GetFileName));

        Assert.Throws<ArgumentException>(() => new Checkpoints("x", best: null));
        Assert.Throws<ArgumentOutOfRangeException>("keepLast", () => new Checkpoints("x", 1, keepLast: 0));
        Assert.Throws<ArgumentOutOfRangeException>("everyMinutes", () => new Checkpoints("x", 0, double.NaN));
    }

    [Fact]
    public void Logs_have_all_epochs_to_the_bit_also_of_a_resumed_training()
    {
        using var folder = new TemporaryFolder();
        using var culture = new HostileCulture();
        string At(string name) => Path.Combine(folder.Path, name);
        ITrainingCallback[] Logs() => [new CsvLog(At("log.csv")), new JsonLinesLog(At("log.jsonl")), new SvgChart(At("chart.svg"))];
        var images = Images.Easy(40);
        NewTrainer(0.1, [.. Logs(), new AtBatch(6, training => training.Stop("for now"))]).Fit(images, 3, 10, images, checkpoint: At("state"));
        var history = NewTrainer(0.1, Logs()).Fit(images, 3, 10, images, checkpoint: At("state"));

        var lines = File.ReadAllLines(At("log.csv"));
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("epoch,loss,accuracy,validation_loss,", lines[0], StringComparison.Ordinal);
        var json = File.ReadAllLines(At("log.jsonl"));
        Assert.Equal(3, json.Length);
        for (var i = 0; i < 3; i++)
        {
            var epoch = history.Epochs[i];
            var cells = lines[i + 1].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal([epoch.Epoch, epoch.Loss, epoch.Accuracy, epoch.ValidationLoss!.Value, epoch.ValidationAccuracy!.Value, epoch.LearningRate, epoch.Seconds, epoch.ImagesPerSecond], cells);
            using var document = JsonDocument.Parse(json[i]);
            Assert.Equal(epoch.ValidationLoss!.Value, document.RootElement.GetProperty("validation_loss").GetDouble());
        }

        var chart = XDocument.Parse(File.ReadAllText(At("chart.svg")));
        Assert.Equal(4, chart.Descendants().Count(element => element.Name.LocalName == "polyline"));

        // Without validation or labels: nothing in the cells, null, and two lines less.
        var unlabelled = new TrainingHistory();
        unlabelled.Add(new EpochResult(1, 0.5, double.NaN, null, null, 0.1f, 1, 10));
        XDocument.Parse(unlabelled.ToSvg());
        XDocument.Parse(new TrainingHistory().ToSvg());
    }

    [Fact]
    public void A_training_stops_after_a_time_and_callbacks_hear_of_its_begin_and_end()
    {
        var calls = new List<string>();
        var trainer = NewTrainer(0.1, new StopAfter(TimeSpan.Zero), new Recorder(calls));
        var history = trainer.Fit(Images.Easy(40), 3, 10);
        Assert.Empty(history.Epochs);
        Assert.Equal("00:00:00 have passed", history.StopReason);
        Assert.Equal(["begin", "batch 1", "end"], calls);

        // Who says so in the last epoch hasn't ended anything.
        Assert.Equal("enough", NewTrainer(0.1, new AtEpoch(1, training => training.Stop("enough"))).Fit(Images.Easy(20), 2, 10).StopReason);
        Assert.Null(NewTrainer(0.1, new AtEpoch(2, training => training.Stop("enough"))).Fit(Images.Easy(20), 2, 10).StopReason);

        calls.Clear();
        NewTrainer(0.1, new Recorder(calls)).Fit(Images.Easy(20), 1, 10);
        Assert.Equal(["begin", "batch 1", "batch 2", "epoch 1", "end"], calls);

        calls.Clear();
        var bad = new MadeUpImages(SoftmaxRegression.InputShape, 3, 20, _ => 0, _ => float.NaN);
        Assert.Throws<TrainingDivergedException>(() => NewTrainer(0.1, new Recorder(calls)).Fit(bad, 1, 10));
        Assert.Equal(["begin", "end"], calls);
        Assert.Throws<ArgumentNullException>("Callbacks", () => NewTrainer(0.1, [null!]));
    }

    private static float[] Pixels(ImageDataset images, int count)
    {
        var pixels = new float[count * 6];
        for (var i = 0; i < count; i++)
            images.CopyImage(i, pixels.AsSpan(i * 6, 6), SoftmaxRegression.Normalization);
        return pixels;
    }

    private sealed class AtEpoch(int number, Action<ITraining> action) : ITrainingCallback
    {
        public void OnEpoch(ITraining training, EpochResult result)
        {
            if (result.Epoch == number)
                action(training);
        }
    }

    private sealed class Recorder(List<string> calls) : ITrainingCallback
    {
        public void OnBegin(ITraining training) => calls.Add("begin");

        public void OnBatch(ITraining training, TrainingProgress progress) => calls.Add(FormattableString.Invariant($"batch {progress.Batch}"));

        public void OnEpoch(ITraining training, EpochResult result) => calls.Add(FormattableString.Invariant($"epoch {result.Epoch}"));

        public void OnEnd(ITraining training) => calls.Add("end");
    }
}
