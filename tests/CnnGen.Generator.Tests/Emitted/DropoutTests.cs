using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Dropout of emitted code. That its gradients are those of its mask is compared with the interpreter, network by network.</summary>
[Collection(AloneCollection.Name)]
public sealed class DropoutTests(StandardModels models)
{
    public static TheoryData<string, InstructionSet> Models => StandardModels.NamesAndSets;

    [Theory]
    [InlineData("Vgg")]
    [InlineData("Everything")]
    public void The_seed_decides_the_mask(string name)
    {
        using var model = models.Assembly.Create(name);
        var (images, targets) = StandardModels.Batch(model, 5);
        double Loss(ulong seed) => model.ComputeGradients(images, targets, 5, seed);
        var first = Loss(1);
        var gradients = model.Parameters.Gradients.ToArray();

        Assert.Equal(first, Loss(1));
        Assert.Equal(gradients, model.Parameters.Gradients.ToArray());
        Assert.NotEqual(first, Loss(2));
        Assert.NotEqual(gradients, model.Parameters.Gradients.ToArray());
        Assert.Equal(12, Enumerable.Range(0, 12).Select(seed => Loss((ulong)seed)).Distinct().Count());
    }

    [Fact]
    public void Images_of_a_batch_have_masks_of_their_own()
    {
        using var model = models.Assembly.Create("Vgg");
        var (image, target) = StandardModels.Batch(model, 1);
        var scores = new float[4 * model.OutputLength];
        model.ComputeGradients([.. image, .. image, .. image, .. image], [.. target, .. target, .. target, .. target], 4, 1, scores);

        Assert.Equal(4, scores.Chunk(model.OutputLength).Select(row => row[0]).Distinct().Count());
    }

    /// <summary>
    /// Along a random direction, so that the change of the loss is large beside a float's rounding. The loss is not smooth in places (ReLU, maxima), so a small
    /// share of the kinks that the step crosses stays in the difference: 2 % is what the step can show, and a wrong mask is off by half.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void The_gradient_is_the_slope_of_the_loss_under_the_same_mask(string name, InstructionSet set)
    {
        const int Count = 4;
        using var model = models.Create(name, set);
        var (images, targets) = StandardModels.Batch(model, Count);
        model.ComputeGradients(images, targets, Count, 9);
        var gradient = model.Parameters.Gradients.ToArray();
        var start = model.Parameters.Values.ToArray();

        // Downhill: the steepest direction has the largest slope, the gradient's norm.
        var norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
        var step = 5e-4;
        double At(double distance)
        {
            for (var i = 0; i < start.Length; i++)
                model.Parameters.Values[i] = (float)(start[i] + (distance * gradient[i] / norm));
            return model.ComputeGradients(images, targets, Count, 9);
        }

        var slope = (At(step) - At(-step)) / (2 * step);

        Assert.InRange(slope / norm, 0.98, 1.02);
    }
}
