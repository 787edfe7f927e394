using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What emitted code reads, writes and allocates.</summary>
[Collection(AloneCollection.Name)]
public sealed class MemoryTests(StandardModels models)
{
    private const float Canary = -12345.5f;
    private const int Margin = 100;

    public static TheoryData<string, InstructionSet> Models => StandardModels.NamesAndSets;

    [Theory]
    [MemberData(nameof(Models))]
    public void Nothing_outside_the_spans_is_written_or_counts(string name, InstructionSet set)
    {
        const int Count = 6;
        using var model = models.Create(name, set);
        var (images, targets) = StandardModels.Batch(model, Count);
        var plainScores = new float[targets.Length];
        var plainGradients = new float[images.Length];
        var plainPrediction = model.Predict(images, Count);
        var plainLoss = model.ComputeGradients(images, targets, Count, 5, plainScores, plainGradients);

        // What lies around the inputs is not a number, so that whatever reads it shows.
        var inputs = Within(images, float.NaN);
        var wanted = Within(targets, float.NaN);
        var scores = Within(new float[targets.Length], Canary);
        var gradients = Within(new float[images.Length], Canary);
        using var fresh = models.Create(name, set);

        fresh.Predict(Inside(inputs), Inside(scores), Count);
        Assert.Equal(plainPrediction, Inside(scores).ToArray());
        AssertCanaries(scores);
        var loss = fresh.ComputeGradients(Inside(inputs), Inside(wanted), Count, 5, Inside(scores), Inside(gradients));

        Assert.Equal(plainLoss, loss);
        Assert.Equal(plainScores, Inside(scores).ToArray());
        Assert.Equal(plainGradients, Inside(gradients).ToArray());
        AssertCanaries(scores);
        AssertCanaries(gradients);
        Assert.Equal(images, Inside(inputs).ToArray());
        Assert.Equal(targets, Inside(wanted).ToArray());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void An_image_that_is_not_a_number_does_not_reach_the_others(string name, InstructionSet set)
    {
        const int Count = 11;
        using var model = models.Create(name, set);
        var (images, _) = StandardModels.Batch(model, Count);
        var expected = model.Predict(images, Count);
        foreach (var poison in new[] { float.NaN, float.PositiveInfinity })
        {
            var (poisoned, length) = (images.ToArray(), images.Length / Count);
            poisoned.AsSpan(4 * length, length).Fill(poison);
            var scores = model.Predict(poisoned, Count);
            for (var image = 0; image < Count; image++)
            {
                var range = new Range(image * model.OutputLength, (image + 1) * model.OutputLength);
                if (image == 4 && float.IsNaN(poison))
                    Assert.All(scores[range], score => Assert.True(float.IsNaN(score), "Not a number went in and a number came out."));
                else if (image != 4)
                    Assert.Equal(expected[range], scores[range]);
            }

            // Nor does anything stay in the working memory.
            Assert.Equal(expected, model.Predict(images, Count));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Predicting_allocates_nothing_after_the_first_call(string name, InstructionSet set)
    {
        using var model = models.Create(name, set);
        foreach (var count in new[] { 1, 32 })
        {
            var (images, targets) = StandardModels.Batch(model, count);
            model.Predict(images, targets, count);
            AssertAllocatesNothing(() => model.Predict(images, targets, count));
        }
    }

    /// <summary>
    /// The team of threads is all tests': one that changes the number of threads has the next call make it anew, whoever that is, and so a few calls may have to be
    /// looked at until one is left alone.
    /// </summary>
    private static void AssertAllocatesNothing(Action call)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 5 && least != 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            call();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Training_allocates_nothing_after_the_first_step(string name, InstructionSet set)
    {
        using var model = models.Create(name, set);
        var (images, targets) = StandardModels.Batch(model, 8);
        model.ComputeGradients(images, targets, 8, 1);
        AssertAllocatesNothing(() => model.ComputeGradients(images, targets, 8, 2));
    }

    [Fact]
    public void Spans_of_a_wrong_length_are_errors_that_say_what_is_needed()
    {
        using var model = models.Assembly.Create("LeNet5");
        var (images, targets) = StandardModels.Batch(model, 2);
        var scores = new float[20];

        Check("images has 783 floats, but 1 x 784 = 784 are needed: LeNet5 takes images of", () => model.Predict(images.AsSpan(0, 783), scores.AsSpan(0, 10), 1));
        Check("scores has 20 floats, but 1 x 10 = 10 are needed: LeNet5 gives 10 scores an image", () => model.Predict(images.AsSpan(0, 784), scores, 1));
        Check("images has 1568 floats, but 3 x 784 = 2352", () => model.Predict(images, scores, 3));
        Check("targets has 19 floats, but 2 x 10 = 20", () => model.ComputeGradients(images, targets.AsSpan(0, 19), 2, 0));
        Check("scores has 10 floats, but 2 x 10 = 20", () => model.ComputeGradients(images, targets, 2, 0, scores.AsSpan(0, 10)));
        Check("imageGradients has 784 floats, but 2 x 784 = 1568", () => model.ComputeGradients(images, targets, 2, 0, [], new float[784]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Predict([], [], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.ComputeGradients([], [], 0, 0));
        model.Predict([], [], 0);

        static void Check(string text, Action call) => Assert.StartsWith(text, Assert.Throws<ArgumentException>(call).Message);
    }

    private static float[] Within(float[] numbers, float margin)
    {
        var all = new float[numbers.Length + (2 * Margin)];
        Array.Fill(all, margin);
        numbers.CopyTo(all, Margin);
        return all;
    }

    private static Span<float> Inside(float[] all) => all.AsSpan(Margin, all.Length - (2 * Margin));

    private static void AssertCanaries(float[] all) =>
        Assert.All(all[..Margin].Concat(all[^Margin..]), number => Assert.Equal(Canary, number));
}
