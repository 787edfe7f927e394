using CnnGen.Tests.Data;
using CnnGen.Tests.Training.State;

namespace CnnGen.Tests.Training.Evaluating;

public class EnsembleTests
{
    [Fact]
    public void An_ensemble_is_the_mean_of_its_models_which_may_be_of_several_classes()
    {
        var (first, second, dataset) = (StateNet.Create(1), OtherNet.Create(2), StateTraining.Images(10));
        var ensemble = new Ensemble().Add(first, "first").Add(second);
        var views = TestTimeAugmentation.Mirror();
        var images = new float[360];
        for (var i = 0; i < 10; i++)
            dataset.CopyImage(i, images.AsSpan(i * 36, 36), StateNet.Normalization);
        foreach (var seen in new[] { null, views })
        {
            var (one, other, mean) = (new float[30], new float[30], new float[30]);
            if (seen == null)
            {
                first.Predict(images, one, 10);
                second.Predict(images, other, 10);
            }
            else
            {
                first.Predict(images, one, 10, seen);
                second.Predict(images, other, 10, seen);
            }

            ensemble.Predict(images, mean, 10, seen);
            for (var i = 0; i < 30; i++)
                Assert.Equal((one[i] + (double)other[i]) / 2, mean[i], 1e-6);

            var result = ensemble.Evaluate(dataset, 4, seen);
            Assert.Equal(["first", "OtherNet 2"], result.Members.Select(member => member.Name));
            Assert.Equal(first.Evaluate(dataset, views: seen).Loss, result.Members[0].Evaluation.Loss, 1e-9);
            Assert.Equal(second.Evaluate(dataset, views: seen).Accuracy, result.Members[1].Evaluation.Accuracy);
            Assert.Equal(Enumerable.Range(0, 10).Average(i => -Math.Log(mean[(3 * i) + dataset.GetLabel(i)])), result.Joint.Loss, 1e-6);
            Assert.Equal(10, result.Joint.ConfusionMatrix!.Count);
            Assert.Equal(result.Joint.Accuracy, result.Joint.ConfusionMatrix.Accuracy);
            var lines = result.ToString().Split('\n');
            Assert.Equal(5, lines.Length);
            Assert.StartsWith("mean of them  ", lines[3], StringComparison.Ordinal);
            Assert.EndsWith(FormattableString.Invariant($"{result.Joint.Accuracy:F4}"), lines[4], StringComparison.Ordinal);
        }

        var pixels = Enumerable.Range(0, 36).Select(i => (byte)(i * 7)).ToArray();
        var (a, b, both) = (new float[3], new float[3], new float[3]);
        first.Predict(pixels, a, 1);
        second.Predict(pixels, b, 1);
        ensemble.Predict(pixels, both, 1);
        Assert.Equal((a[1] + (double)b[1]) / 2, both[1], 1e-6);
    }

    [Fact]
    public void What_has_no_mean_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Ensemble.Of(Array.Empty<StateNet>()));
        Assert.Throws<InvalidOperationException>(() => new Ensemble().Evaluate(StateTraining.Images(3)));
        var ensemble = Ensemble.Of([StateNet.Create(1), StateNet.Create(2)]);
        Assert.Contains("takes images of shape 2x1x3", Assert.Throws<ArgumentException>(() => ensemble.Add(SoftmaxRegression.Create(1))).Message, StringComparison.Ordinal);
        var (cats, dogs) = (StateNet.Create(1), StateNet.Create(2));
        cats.Parameters.ClassNames = ["cat", "dog", "cow"];
        dogs.Parameters.ClassNames = ["dog", "cat", "cow"];
        Assert.Contains("The label 0 is dog for the model", Assert.Throws<ArgumentException>(() => new Ensemble().Add(cats).Add(dogs)).Message, StringComparison.Ordinal);
        Assert.Contains("The label 0 is dog for the model", Assert.Throws<ArgumentException>(() => new Ensemble().Add(StateNet.Create(3)).Add(cats).Add(dogs)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ensemble.Predict(new float[36], new float[4], 1));
        Assert.Throws<ArgumentException>(() => ensemble.Evaluate(Images.Easy(3)));
        Assert.Equal(2, ensemble.Count);
    }

    [Fact]
    public void Snapshots_are_the_weights_of_their_epochs_and_are_resumed()
    {
        using var folder = new TemporaryFolder();
        var images = StateTraining.Images();
        var snapshots = new Snapshots(every: 2, last: 2);
        var kept = new List<float[]>();
        New(snapshots, new AtEpoch(training => kept.Add(training.Parameters.ValuesAndStatistics.ToArray()))).Fit(images, 7, 10);
        Assert.Equal([4, 6], snapshots.Epochs);
        var result = snapshots.ToEnsemble<StateNet>().Evaluate(images);
        Assert.Equal(["epoch 4", "epoch 6"], result.Members.Select(member => member.Name));
        foreach (var (i, epoch) in new[] { (0, 4), (1, 6) })
        {
            var model = StateNet.Create();
            kept[epoch - 1].CopyTo(model.Parameters.ValuesAndStatistics);
            model.Parameters.MarkChanged();
            Assert.Equal(model.Evaluate(images).Loss, result.Members[i].Evaluation.Loss);
        }

        // Killed in the sixth epoch, and gone on with.
        var path = Path.Combine(folder.Path, "run");
        New(new Snapshots(2, 2), new AtBatch(28, training => training.Stop("killed"))).Fit(images, 7, 10, checkpoint: path);
        var resumed = new Snapshots(2, 2);
        New(resumed).Fit(images, 7, 10, checkpoint: path);
        Assert.Equal([4, 6], resumed.Epochs);
        Assert.Equal(result.Joint.Loss, resumed.ToEnsemble<StateNet>().Evaluate(images).Joint.Loss);

        // With fewer to keep than the state has.
        New(new Snapshots(1, 5), new AtBatch(28, training => training.Stop("killed"))).Fit(images, 7, 10, checkpoint: path + "2");
        var fewer = new Snapshots(1, 2);
        New(fewer).Fit(images, 7, 10, checkpoint: path + "2");
        Assert.Equal([6, 7], fewer.Epochs);

        Assert.Throws<InvalidOperationException>(() => new Snapshots().ToEnsemble<StateNet>());
        Assert.Contains("of another network than OtherNet", Assert.Throws<InvalidOperationException>(() => resumed.ToEnsemble<OtherNet>()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Snapshots(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Snapshots(1, 0));

        static Trainer<StateNet> New(params ITrainingCallback[] callbacks) => new(StateNet.Create(1), new Sgd(0.05, 0.9), new CosineRestartsSchedule(2), seed: 4) { Callbacks = callbacks };
    }

    private sealed class AtEpoch(Action<ITraining> action) : ITrainingCallback
    {
        public void OnEpoch(ITraining training, EpochResult result) => action(training);
    }
}
