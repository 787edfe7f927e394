using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Nothing outside a buffer is read or written, and nothing in it that is left from before.</summary>
[Collection(ShapeCollection.Name)]
public sealed class GuardPageTests(ShapeModels models)
{
    public static TheoryData<int> Indices => ShapeTests.Indices;

    [GuardedTheory]
    [MemberData(nameof(Indices))]
    public void Nothing_is_read_or_written_outside_a_buffer(int index)
    {
        using var memory = new GuardedMemory();
        var expected = Expected.Random(models.Assembly.Network(ShapeModels.ClassOf(index)), 3, seed: index);
        foreach (var set in EmittedModel.Sets)
        {
            using var plain = models.Assembly.Create(ShapeModels.ClassOf(index));
            plain.IsGivenPlanes = false; // The model's own spans are what is guarded.
            plain.InstructionSet = set;
            plain.SetParameters(expected.Parameters);
            var unguarded = Run.Of(plain, expected.Images.Flat(), expected.Targets.Flat(), expected.Count);
            memory.During(() =>
            {
                using var model = models.Assembly.Create(ShapeModels.ClassOf(index));
                (model.InstructionSet, model.IsGivenPlanes) = (set, false);
                foreach (var atEnd in new[] { true, false })
                {
                    model.SetParameters(expected.Parameters);
                    var images = memory.Copy(expected.Images.Flat(), atEnd);
                    var targets = memory.Copy(expected.Targets.Flat(), atEnd);
                    var predictions = memory.Copy(new float[targets.Length], atEnd);
                    var scores = memory.Copy(new float[targets.Length], atEnd);
                    var imageGradients = memory.Copy(new float[images.Length], atEnd);
                    model.Predict(images[..model.InputShape.Length], predictions[..model.OutputLength], 1);
                    model.Predict(images, predictions, expected.Count);
                    var loss = model.ComputeGradients(images, targets, expected.Count, 1, scores, imageGradients);
                    unguarded.AssertSame(
                        new Run(predictions.ToArray(), scores.ToArray(), loss, imageGradients.ToArray(), model.Parameters.Gradients.ToArray()),
                        $"{ShapeCases.All[index]} on {set}, {(atEnd ? "ending" : "beginning")} at a guard page");
                }
            });
        }
    }

    /// <summary>What a batch of not-a-numbers leaves in the working memory reaches nothing that comes after it.</summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public void Nothing_is_read_that_an_earlier_call_left(int index)
    {
        var expected = Expected.Random(models.Assembly.Network(ShapeModels.ClassOf(index)), 5, seed: index);
        var images = expected.Images.Flat();
        var targets = expected.Targets.Flat();
        foreach (var set in EmittedModel.Sets)
        {
            using var model = models.Assembly.Create(ShapeModels.ClassOf(index));
            model.InstructionSet = set;
            model.SetParameters(expected.Parameters);
            var fresh = Run.Of(model, images, targets, expected.Count);

            var poison = Enumerable.Repeat(float.NaN, images.Length).ToArray();
            Run.Of(model, poison, targets, expected.Count);
            model.SetParameters(expected.Parameters); // Batch norm's running statistics were poisoned too.
            fresh.AssertSame(Run.Of(model, images, targets, expected.Count), $"{ShapeCases.All[index]} on {set}");
        }
    }

    /// <summary>What a prediction and a training step gave.</summary>
    private sealed record Run(float[] Predictions, float[] Scores, double Loss, float[] ImageGradients, float[] Gradients)
    {
        public static Run Of(EmittedModel model, float[] images, float[] targets, int count)
        {
            var predictions = model.Predict(images, count);
            var (scores, imageGradients) = (new float[targets.Length], new float[images.Length]);
            var loss = model.ComputeGradients(images, targets, count, 1, scores, imageGradients);
            return new Run(predictions, scores, loss, imageGradients, model.Parameters.Gradients.ToArray());
        }

        public void AssertSame(Run other, string context)
        {
            AssertEqual(Predictions, other.Predictions, "predictions");
            AssertEqual(Scores, other.Scores, "scores");
            AssertEqual(ImageGradients, other.ImageGradients, "image gradients");
            AssertEqual(Gradients, other.Gradients, "gradients");
            Assert.True(Loss.Equals(other.Loss), $"The loss is {other.Loss}, not {Loss}: {context}");

            void AssertEqual(float[] wanted, float[] got, string what)
            {
                for (var i = 0; i < wanted.Length; i++)
                {
                    if (!wanted[i].Equals(got[i]))
                        Assert.Fail(FormattableString.Invariant($"{what}: number {i} of {wanted.Length} is {got[i]:R}, not {wanted[i]:R}: {context}"));
                }
            }
        }
    }
}
