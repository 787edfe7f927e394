using CnnGen.Tests.Training.Optimizers;
using CnnGen.Tests.Training.State;

namespace CnnGen.Tests.Training;

public class TrainerOptionTests
{
    [Fact]
    public void Accumulated_batches_are_one_step_of_their_mean()
    {
        // 25 images: batches of 4, 4, 4 | 4, 4, 4 | 1 make the steps of batches of 12, 12, 1.
        var images = Images.Easy(25);
        var (one, other) = (new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.1, 0.9), new CosineSchedule(), 2) { AccumulationSteps = 3 },
            new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.1, 0.9), new CosineSchedule(), 2));
        var rates = new[] { one.Fit(images, 3, 4), other.Fit(images, 3, 12) }.Select(history => history.Epochs.Select(epoch => epoch.LearningRate).ToArray()).ToArray();
        Assert.Equal(rates[1], rates[0]);
        Assert.Equal([4, 4, 4, 4, 4, 4, 1], one.Model.BatchSizes.Take(7));
        var (values, expected) = (one.Model.Parameters.Values.ToArray(), other.Model.Parameters.Values.ToArray());
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], values[i], 1e-5);
    }

    [Fact]
    public void Gradients_are_clipped_by_their_length_or_one_by_one()
    {
        var store = OptimizerStores.Packed();
        double Length(Func<string, bool> counts) => Math.Sqrt(store.All.Where(p => p.IsTrained && counts(p.Name)).SelectMany(p => p.GradientToArray()).Sum(value => (double)value * value));
        var gradients = OptimizerStores.Gradients(store, 1);
        var length = Length(_ => true);
        Assert.Equal(length, GradientClipping.ByNorm(100).Apply(store), 9);
        Assert.Equal(gradients["dense1.bias"].Select(value => (float)value), store["dense1.bias"].GradientToArray());
        Assert.Equal(length, GradientClipping.ByNorm(0.5).Apply(store), 9);
        Assert.Equal(0.5, Length(_ => true), 5);

        // Frozen ones don't count.
        OptimizerStores.Gradients(store, 1);
        var optimizer = new Muon { Groups = [ParameterGroup.UpTo("conv1") with { IsFrozen = true }] };
        Assert.Equal(Length(name => name.StartsWith("dense", StringComparison.Ordinal)), GradientClipping.ByNorm(0.5).Apply(store, optimizer), 9);
        OptimizerStores.Gradients(store, 1);
        var around = new Lookahead(new Adam { Groups = optimizer.Groups });
        Assert.Equal(Length(name => name.StartsWith("dense", StringComparison.Ordinal)), GradientClipping.ByNorm(0.5).Apply(store, around), 9);

        gradients = OptimizerStores.Gradients(store, 1);
        store.Gradients[1] = float.NaN;
        Assert.Equal(double.NaN, GradientClipping.ByValue(0.3).Apply(store));
        Assert.Equal(gradients["dense1.weight"].Select(value => Math.Clamp((float)value, -0.3f, 0.3f)), store["dense1.weight"].GradientToArray());
        Assert.True(float.IsNaN(store.Gradients[1]));
        foreach (var bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>("norm", () => GradientClipping.ByNorm(bad));
            Assert.Throws<ArgumentOutOfRangeException>("value", () => GradientClipping.ByValue(bad));
        }
    }

    [Fact]
    public void The_average_follows_the_weights_takes_their_place_and_gives_it_back()
    {
        var store = OptimizerStores.Packed();
        var average = new WeightAverage(0.75, warmUp: false);
        Assert.Throws<InvalidOperationException>(() => average.Use());
        var expected = OptimizerStores.Values(store)["conv1.weight"];
        average.Update(store);
        for (var step = 0; step < 3; step++)
        {
            OptimizerStores.Gradients(store, step);
            new Sgd(0.1).Step(store);
            average.Update(store);
            expected = [.. expected.Zip(OptimizerStores.Values(store)["conv1.weight"], (a, w) => a + (0.25 * (w - a)))];
        }

        var bits = OptimizerStores.Bits(store);
        var version = store.Version;
        using (average.Use())
        {
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], store["conv1.weight"][i], 1e-6);
            Assert.NotEqual(version, store.Version);
            Assert.Throws<InvalidOperationException>(() => average.Update(store));
            Assert.Throws<InvalidOperationException>(() => average.Use());
        }

        Assert.Equal(bits, OptimizerStores.Bits(store));
        var copy = OptimizerStores.Packed();
        average.CopyTo(copy);
        Assert.Equal(expected[7], copy["conv1.weight"][7], 1e-6);

        // The same network, but laid out otherwise.
        var unpacked = OptimizerStores.Unpacked();
        average.CopyTo(unpacked);
        Assert.Equal(OptimizerStores.Values(copy), OptimizerStores.Values(unpacked));
        Assert.Throws<ArgumentException>("parameters", () => average.CopyTo(OptimizerStores.Flat([1, 2])));
        Assert.Throws<ArgumentException>("parameters", () => average.Update(OptimizerStores.Packed()));
        Assert.Throws<ArgumentOutOfRangeException>("decay", () => new WeightAverage(1));

        // (1 + 1) / (10 + 1) at the second update: the start is soon forgotten.
        var warm = new WeightAverage(0.999);
        var flat = OptimizerStores.Flat([1]);
        warm.Update(flat);
        flat.Values[0] = 2;
        warm.Update(flat);
        using (warm.Use())
            Assert.Equal(2 - (2 / 11.0), flat.Values[0], 1e-6);
    }

    [Fact]
    public void A_validation_measures_the_average()
    {
        var images = Images.Easy(60);
        var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.5)) { Averaging = new WeightAverage(0.9) };
        var result = trainer.Fit(images, 2, 10, images).Epochs[^1];
        Assert.NotEqual(result.ValidationLoss!.Value, trainer.Evaluate(images).Loss, 6);
        using (trainer.Averaging.Use())
            Assert.Equal(result.ValidationLoss!.Value, trainer.Evaluate(images).Loss, 9);
    }

    /// <summary>The gradient of a batch of one image by the last bias is its weight times (probabilities - smoothed target).</summary>
    [Fact]
    public void Smoothed_labels_and_class_weights_are_in_the_gradient()
    {
        var images = StateTraining.Images(1);
        var trainer = new Trainer<OtherNet>(OtherNet.Create(1), new Sgd(1e-30)) { LabelSmoothing = 0.3, ClassWeights = [2, 1, 1] };
        var scores = new float[3];
        var image = new float[36];
        images.CopyImage(0, image, OtherNet.Normalization);
        trainer.Model.Predict(image, scores);
        var loss = trainer.Fit(images, 1, 1).Epochs[0].Loss;
        double[] target = [0.8, 0.1, 0.1];
        var gradient = trainer.Model.Parameters["dense1.bias"].GradientToArray();
        for (var i = 0; i < 3; i++)
            Assert.Equal(2 * (scores[i] - target[i]), gradient[i], 5);
        Assert.Equal(-2 * target.Zip(scores, (t, s) => t * Math.Log(s)).Sum(), loss, 5);

        Assert.Throws<ArgumentOutOfRangeException>("LabelSmoothing", () => new Trainer<OtherNet>(trainer.Model, new Sgd(1)) { LabelSmoothing = 1 });
        Assert.Contains("0.1 already", Assert.Throws<ArgumentException>("LabelSmoothing", () => new Trainer<SmoothedNet>(SmoothedNet.Create(), new Sgd(1)) { LabelSmoothing = 0.1 }).Message);
        foreach (var weights in new float[][] { [1, 2], [1, 2, -1], [0, 0, 0], [1, 1, float.NaN] })
            Assert.Throws<ArgumentException>("ClassWeights", () => new Trainer<OtherNet>(trainer.Model, new Sgd(1)) { ClassWeights = weights });
        Assert.Throws<ArgumentOutOfRangeException>("AccumulationSteps", () => new Trainer<OtherNet>(trainer.Model, new Sgd(1)) { AccumulationSteps = 0 });
    }

    [Fact]
    public void Images_are_sampled_by_their_weights()
    {
        int[] labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2];
        int[] Drawn(ImageSampling sampling)
        {
            var counts = new int[10];
            var images = new MadeUpImages(SoftmaxRegression.InputShape, 3, 10, index => labels[index], _ => 0) { Copied = index => Interlocked.Increment(ref counts[index]) };
            new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(), new Sgd(1e-9), seed: 1) { Sampling = sampling }.Fit(images, 300, 10);
            Assert.Equal(3000, counts.Sum());
            return counts;
        }

        // 1000 draws a class; a standard deviation is 26.
        var balanced = Drawn(ImageSampling.Balanced());
        Assert.InRange(balanced[..7].Sum(), 870, 1130);
        Assert.InRange(balanced[7..9].Sum(), 870, 1130);
        Assert.InRange(balanced[9], 870, 1130);
        Assert.All(balanced[..7], count => Assert.InRange(count, 80, 210));

        // Weights 7 x 1, 2 x 0, 1 x 7: half of the draws each.
        var weighted = Drawn(ImageSampling.ByClass(1, 0, 7));
        Assert.Equal([0, 0], weighted[7..9]);
        Assert.InRange(weighted[9], 1360, 1640);
        var single = Drawn(ImageSampling.ByImage(0, 0, 0, 1, 0, 0, 0, 0, 0, 0));
        Assert.Equal(3000, single[3]);

        Assert.Throws<ArgumentException>("weights", () => ImageSampling.ByClass(0, 0));
        Assert.Throws<ArgumentException>("weights", () => ImageSampling.ByImage(1, -1));
        Assert.Contains("2 weights, but the training data 3 classes", Assert.Throws<ArgumentException>(() => Drawn(ImageSampling.ByClass(1, 1))).Message);
    }

    [Fact]
    public void A_search_for_a_rate_finds_one_and_puts_all_back_to_the_bit()
    {
        var images = Images.Easy(200);
        Trainer<SoftmaxRegression> New() => new(SoftmaxRegression.Create(1), new Muon(inner: new Adam()), seed: 1);
        var (plain, searched) = (New(), New());
        plain.Fit(images, 1, 20);
        searched.Fit(images, 1, 20);
        var bits = OptimizerStores.Bits(searched.Model.Parameters);
        var finding = searched.FindRate(images, 20, 1e-5, 100, 60);
        Assert.Equal(bits, OptimizerStores.Bits(searched.Model.Parameters));

        // What is kept between steps, and the position in chance, too: the next epoch is the same.
        plain.Fit(images, 1, 20);
        searched.Fit(images, 1, 20);
        Assert.Equal(OptimizerStores.Bits(plain.Model.Parameters), OptimizerStores.Bits(searched.Model.Parameters));

        var fresh = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.1)).FindRate(images, 20, 1e-4, 1000, 80);
        Assert.InRange(fresh.Suggestion, 0.01, 30);
        Assert.True(fresh.Suggestion < fresh.Best, fresh.ToString());
        Assert.Equal(1e-4, fresh.Curve[0].LearningRate, 12);
        Assert.True(finding.Curve.Zip(finding.Curve.Skip(1)).All(pair => pair.First.LearningRate < pair.Second.LearningRate));
        System.Xml.Linq.XDocument.Parse(fresh.ToSvg());

        var trainer = New();
        Assert.Throws<ArgumentOutOfRangeException>("lowest", () => trainer.FindRate(images, 20, 0));
        Assert.Throws<ArgumentOutOfRangeException>("highest", () => trainer.FindRate(images, 20, 1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => trainer.FindRate(images, 20, steps: 2));
    }

    [Fact]
    public void A_search_for_a_rate_takes_steps_as_a_training_does()
    {
        // The first step's three batches, before anything is trained: sampled, mirrored, changed, mixed, weighed.
        var losses = new List<double>();
        var images = StateTraining.Images();
        var found = StateTraining.Full("Sgd").FindRate(images, 7, 1e-6, 1e-3, 10);
        StateTraining.Full("Sgd", new AtBatch(3, training => losses.Add(training.Steps)), new LossAt(3, losses)).Fit(images, 1, 7);
        Assert.Equal(1, losses[0]);
        Assert.Equal(losses[1], found.Curve[0].Loss, 9);
        Assert.Equal(10, found.Curve.Count);

        // The jumps of the first batches are no slope.
        double[] smoothed = [2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1.9, 1.7, 1.6, 1.9, 2, 2, 2, 2, 2, 2];
        List<RatePoint> curve = [.. smoothed.Select((loss, i) => new RatePoint(Math.Pow(10, i - 12), loss, loss))];
        Assert.Equal(10, RateFinding.Of(curve).Suggestion, 9);
    }

    [Fact]
    public void A_network_with_nothing_left_to_train_is_refused_before_the_first_batch()
    {
        var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Adam { Groups = [ParameterGroup.Named("*") with { IsFrozen = true }] });
        Assert.Contains("nothing is left to train", Assert.Throws<InvalidOperationException>(() => trainer.Fit(Images.Easy(10), 1, 5)).Message);
        Assert.Empty(trainer.Model.BatchSizes);
    }

    /// <summary>The epoch's mean loss after a number of batches.</summary>
    private sealed class LossAt(int batch, List<double> losses) : ITrainingCallback
    {
        public void OnBatch(ITraining training, TrainingProgress progress)
        {
            if (progress.Batch == batch)
                losses.Add(progress.Loss);
        }
    }
}
