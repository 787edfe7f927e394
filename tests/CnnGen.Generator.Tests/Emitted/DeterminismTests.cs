using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Bit for bit: batches, threads, seeds, and objects that share parameters.</summary>
[Collection(AloneCollection.Name)]
public sealed class DeterminismTests(StandardModels models) : IDisposable
{
    private readonly int _threads = Threads.Count;

    public static TheoryData<string, InstructionSet> Models => StandardModels.NamesAndSets;

    public void Dispose() => Threads.Count = _threads;

    [Theory]
    [MemberData(nameof(Models))]
    public void A_batch_predicts_as_its_images_do_one_by_one_on_any_number_of_threads(string name, InstructionSet set)
    {
        using var model = models.Create(name, set);
        const int Count = 19;
        var (images, _) = StandardModels.Batch(model, Count);
        Threads.Count = 1;
        var single = images.Chunk(images.Length / Count).SelectMany(image => model.Predict(image)).ToArray();

        for (var threads = 1; threads <= 4; threads++)
        {
            Threads.Count = threads;
            AssertSameBits(single, model.Predict(images, Count), $"{threads} threads");
            AssertSameBits(single[..model.OutputLength], model.Predict(images.AsSpan(0, images.Length / Count)), $"one image on {threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Training_computes_the_same_bits_on_any_number_of_threads(string name, InstructionSet set)
    {
        const int Count = 21;
        Run? first = null;
        for (var threads = 1; threads <= 4; threads++)
        {
            Threads.Count = threads;
            using var model = models.Create(name, set);
            var run = Run.Of(model, Count, dropoutSeed: 7);
            first ??= run;
            AssertSame(first, run, $"{threads} threads");

            // The running statistics have moved, which training doesn't read; a workspace that has been used is as good as a new one.
            AssertSame(first with { Statistics = [] }, Run.Of(model, Count, dropoutSeed: 7) with { Statistics = [] }, $"{threads} threads again");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Working_memory_of_a_larger_batch_leaves_nothing_behind(string name, InstructionSet set)
    {
        using var used = models.Create(name, set);
        using var fresh = models.Create(name, set);
        Run.Of(used, 23, dropoutSeed: 3);
        var (images, _) = StandardModels.Batch(used, 23);
        used.Predict(images, 23);
        foreach (var statistic in used.Parameters.All.Where(p => !p.IsTrained))
            statistic.Set(fresh.Parameters[statistic.Name].ToArray());

        AssertSame(Run.Of(fresh, 5, dropoutSeed: 4), Run.Of(used, 5, dropoutSeed: 4), "after a batch of 23");
        fresh.Parameters.All.Where(p => !p.IsTrained).ToList().ForEach(p => used.Parameters[p.Name].Set(p.ToArray()));
        AssertSameBits(fresh.Predict(images, 23), used.Predict(images, 23), "predictions");
    }

    [Fact]
    public void A_seed_decides_the_parameters()
    {
        using var first = models.Assembly.Create("Everything", seed: 3);
        using var again = models.Assembly.Create("Everything", seed: 3);
        using var other = models.Assembly.Create("Everything", seed: 4);

        AssertSameBits(first.Parameters.Values.ToArray(), again.Parameters.Values.ToArray(), "the same seed");
        Assert.NotEqual(first.Parameters.Values.ToArray(), other.Parameters.Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Objects_that_share_parameters_predict_at_once_from_several_threads(string name, InstructionSet set)
    {
        const int Count = 5;
        using var model = models.Create(name, set);
        var (images, _) = StandardModels.Batch(model, Count);
        var expected = model.Predict(images, Count);
        var wrong = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            using var shared = model.Share();
            Assert.Same(model.Parameters, shared.Parameters);
            for (var i = 0; i < 10; i++)
            {
                if (!SameBits(expected, shared.Predict(images, Count)))
                    Interlocked.Increment(ref wrong);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(0, wrong);
        AssertSameBits(expected, model.Predict(images, Count), "afterwards");
    }

    /// <summary>Both classes' regions go through the one team of threads: whoever comes second computes alone, and neither may wait for the other or take its work.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Two_classes_of_models_predict_and_train_at_once_from_two_threads(int count)
    {
        const int Images = 9;
        Threads.Count = count;
        var set = EmittedModel.Sets[^1];
        var expected = new[] { "LeNet5", "Everything" }.Select(Once).ToArray();
        using var start = new Barrier(2);
        var wrong = new int[2];
        var threads = expected.Select((one, i) => new Thread(() =>
        {
            start.SignalAndWait();
            for (var turn = 0; turn < 5; turn++)
            {
                var again = Once(one.Name);
                if (!SameBits(one.Predicted, again.Predicted) || one.Trained.Loss != again.Trained.Loss || !SameBits(one.Trained.Gradients, again.Trained.Gradients)
                    || !SameBits(one.Trained.Statistics, again.Trained.Statistics))
                    wrong[i]++;
            }
        }) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());

        // A lock-up shall be a failure, not a test run without an end.
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(5)), "One of the threads doesn't go on."));
        Assert.Equal([0, 0], wrong);

        (string Name, float[] Predicted, Run Trained) Once(string name)
        {
            using var model = models.Create(name, set);
            var (images, _) = StandardModels.Batch(model, Images);
            return (name, model.Predict(images, Images), Run.Of(model, Images, dropoutSeed: 8));
        }
    }

    private static void AssertSame(Run expected, Run actual, string what)
    {
        Assert.Equal(expected.Loss, actual.Loss);
        AssertSameBits(expected.Scores, actual.Scores, what + ": scores");
        AssertSameBits(expected.ImageGradients, actual.ImageGradients, what + ": image gradients");
        AssertSameBits(expected.Gradients, actual.Gradients, what + ": gradients");
        AssertSameBits(expected.Statistics, actual.Statistics, what + ": running statistics");
    }

    private static void AssertSameBits(float[] expected, float[] actual, string what) =>
        Assert.True(SameBits(expected, actual), $"{what}: {expected.Zip(actual).Count(p => p.First != p.Second)} of {expected.Length} differ.");

    private static bool SameBits(float[] expected, float[] actual) =>
        expected.AsSpan().SequenceEqual(actual) && expected.All(float.IsFinite);

    private sealed record Run(double Loss, float[] Scores, float[] ImageGradients, float[] Gradients, float[] Statistics)
    {
        public static Run Of(EmittedModel model, int count, ulong dropoutSeed)
        {
            var (images, targets) = StandardModels.Batch(model, count);
            var scores = new float[targets.Length];
            var imageGradients = new float[images.Length];
            var loss = model.ComputeGradients(images, targets, count, dropoutSeed, scores, imageGradients);
            return new Run(
                loss,
                scores,
                imageGradients,
                model.Parameters.Gradients.ToArray(),
                [.. model.Parameters.All.Where(p => !p.IsTrained).SelectMany(p => p.ToArray())]);
        }
    }
}
