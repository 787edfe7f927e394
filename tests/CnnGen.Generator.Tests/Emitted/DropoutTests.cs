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
    /// The input's gradient is zero exactly where dropout zeroed the input: networks in which what stands before and behind it has it lie as planes, as pixels, as pixels with a
    /// halo, and as a vector in its own order and in that of the pixels.
    /// </summary>
    [Fact]
    public void The_mask_is_a_function_of_seed_layer_image_and_element_whatever_the_layout()
    {
        const int Count = 3;
        const ulong Seed = 11;
        var sources = new[]
        {
            (Shape: "3, 5, 7", Layers: "Dropout(0.4f), Dense(3)"),
            (Shape: "3, 5, 7", Layers: "Dropout(0.4f), Conv2D(4, 3, Padding = 2), Dense(3)"),
            (Shape: "3, 5, 7", Layers: "Flatten, Dropout(0.4f), Dense(3)"),
            (Shape: "20, 5, 7", Layers: "Dropout(0.4f), Conv2D(16, 1, Algorithm = ConvAlgorithm.Im2Col), Dense(3)"),
            (Shape: "20, 5, 7", Layers: "Dropout(0.4f), Conv2D(16, 3, Padding = 1, Groups = 2), Dense(3)"),
            (Shape: "20, 5, 7", Layers: "Conv2D(32, 1), Flatten, Dropout(0.4f), Dense(3)"),
        };
        using var emitted = EmittedAssembly.Compile([.. sources.Select((one, i) =>
            $"[Model({one.Shape}, Loss = Loss.HalfSquaredError)] [{one.Layers}] public partial class Net{i};")]);
        for (var i = 0; i < sources.Length; i++)
        {
            foreach (var set in EmittedModel.Sets)
            {
                using var model = emitted.Create("Net" + i);
                model.InstructionSet = set;
                var (images, targets) = StandardModels.Batch(model, Count);
                var seen = sources[i].Layers[0] == 'C' ? DroppedFeatures(model, images, targets) : DroppedInputs(model, images, targets);
                Assert.Equal(Dropped(model, Count), seen);
            }
        }

        // What is zeroed in the input is seen in the loss's gradient by it.
        static bool[] DroppedInputs(EmittedModel model, float[] images, float[] targets)
        {
            var gradients = new float[images.Length];
            model.ComputeGradients(images, targets, Count, Seed, [], gradients);
            return [.. gradients.Select(gradient => gradient == 0)];
        }

        // What is zeroed in the features of an image is seen in the gradient of the dense layer's weights, with that image's target alone away from its scores.
        static bool[] DroppedFeatures(EmittedModel model, float[] images, float[] targets)
        {
            var seen = new List<bool>();
            var scores = new float[targets.Length];
            model.ComputeGradients(images, targets, Count, Seed, scores);
            for (var image = 0; image < Count; image++)
            {
                var wanted = scores.ToArray();
                wanted[image * model.OutputLength] += 1;
                model.ComputeGradients(images, wanted, Count, Seed);
                seen.AddRange(model.Parameters["dense1.weight"].GradientToArray().Take(32 * 35).Select(gradient => gradient == 0));
            }

            return [.. seen];
        }

        static unsafe bool[] Dropped(EmittedModel model, int count)
        {
            var length = (int)model.Network.Nodes.First(node => node.Layer is Layers.DropoutLayer).OutputShape.Length;
            var mask = Enumerable.Repeat(1f, count * length).ToArray();
            fixed (float* first = mask)
            {
                for (var image = 0; image < count; image++)
                    ScalarKernels.Dropout(first + (image * length), first + (image * length), length, Seed, image, 0, 0.4f);
            }

            return [.. mask.Select(value => value == 0)];
        }
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
