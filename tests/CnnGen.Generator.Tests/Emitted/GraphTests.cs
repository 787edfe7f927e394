using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Networks whose tensors have several readers, compiled once.</summary>
public sealed class GraphModels : IDisposable
{
    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile(
        [.. GraphCases.All.Select((graph, i) => $"{graph.Declaration}\npublic partial class {ClassOf(i)};")]);

    internal static string ClassOf(int index) => FormattableString.Invariant($"Graph{index}");

    public void Dispose() => Assembly.Dispose();
}

/// <summary>Networks with branches, each for something that a chain can't have.</summary>
internal static class GraphCases
{
    public const string InPlace = "parts of a concatenation that convolutions store in its place, beside parts that are copied";

    public static IReadOnlyList<(string Name, string Declaration)> All { get; } =
    [
        ("a residual block whose paths are both convolutions", """
            [Model(3, 9, 11)]
            [Conv2D(16, 3, Padding = 1), BatchNorm, ReLU]
            [Branch, Conv2D(16, 3, Padding = 1), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1), BatchNorm]
            [Branch]
            [Add, ReLU]
            [Branch, Conv2D(32, 3, Stride = 2, Padding = 1), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1), BatchNorm]
            [Branch, Shortcut(32, Stride = 2)]
            [Add, ReLU, GlobalAveragePool, Dense(5), Softmax]
            """),
        ("residual blocks without norms, of few and of odd channels", """
            [Model(5, 7, 7)]
            [Branch, Conv2D(5, 3, Padding = 1), Tanh, Conv2D(5, 3, Padding = 1)]
            [Branch]
            [Add, Tanh]
            [Conv2D(19, 1), ReLU]
            [Branch, Conv2D(19, 3, Padding = 1), LeakyReLU(0.1f), Conv2D(19, 5, Padding = 2)]
            [Branch]
            [Add]
            [MaxPool(2, Rounding = Rounding.Floor), Dense(4), Softmax]
            """),
        ("an inception module", """
            [Model(3, 8, 8)]
            [Conv2D(20, 3, Padding = 1), ReLU]
            [Branch, Conv2D(16, 1), ReLU]
            [Branch, Conv2D(8, 1), ReLU, Conv2D(12, 3, Padding = 1), ReLU]
            [Branch, Conv2D(4, 1), ReLU, Conv2D(5, 5, Padding = 2), ReLU]
            [Branch, MaxPool(3, Stride = 1, Padding = 1), Conv2D(7, 1), ReLU]
            [Concat, AveragePool(2), Dense(6), Softmax]
            """),
        (InPlace, """
            [Model(3, 9, 10)]
            [Conv2D(16, 3, Padding = 1), ReLU]
            [Branch, Conv2D(5, 1), ReLU]
            [Branch, Conv2D(16, 1), BatchNorm, ReLU]
            [Branch, Conv2D(48, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd4x4), ReLU]
            [Branch, Conv2D(16, 3, Padding = 1, Groups = 16)]
            [Branch]
            [Concat, Conv2D(17, 3, Padding = 1), ReLU]
            [Branch, Conv2D(16, 3, Stride = 2, Padding = 1, Rounding = Rounding.Floor)]
            [Branch, MaxPool(2, Rounding = Rounding.Ceiling)]
            [Concat, Dense(4), Softmax]
            """),
        ("dense connections", """
            [Model(2, 6, 6)]
            [Conv2D(16, 3, Padding = 1)]
            [Branch]
            [Branch, BatchNorm, ReLU, Conv2D(16, 3, Padding = 1)]
            [Concat]
            [Branch]
            [Branch, BatchNorm, ReLU, Conv2D(8, 3, Padding = 1)]
            [Concat]
            [BatchNorm, ReLU, GlobalAveragePool, Dense(3), Softmax]
            """),
        ("squeeze and excitation", """
            [Model(3, 7, 5)]
            [Conv2D(18, 3, Padding = 1), BatchNorm]
            [Branch]
            [Branch, GlobalAveragePool, Dense(4), ReLU, Dense(18), Sigmoid]
            [Multiply, ReLU, Conv2D(6, 3), Dense(4), Softmax]
            """),
        ("a gate of one pixel that stands first, over planes", """
            [Model(4, 6, 6)]
            [Branch, GlobalAveragePool, Conv2D(4, 1), Sigmoid]
            [Branch]
            [Multiply, Conv2D(3, 3, Padding = 1), Tanh, Dense(4)]
            """),
        ("a U-shape", """
            [Model(2, 8, 12)]
            [Conv2D(8, 3, Padding = 1, Name = "Wide"), ReLU, MaxPool(2)]
            [Conv2D(16, 3, Padding = 1, Name = "Middle"), ReLU, MaxPool(2)]
            [Conv2D(16, 3, Padding = 1), ReLU]
            [Branch, Upsample(2)]
            [Branch(From = "ReLU2")]
            [Concat, Conv2D(8, 3, Padding = 1), ReLU]
            [Branch, Upsample(2)]
            [Branch(From = "ReLU1")]
            [Concat, Conv2D(3, 1)]
            """),
        ("heads, from the trunk and from within", """
            [Model(3, 8, 8)]
            [Conv2D(16, 3, Padding = 1), ReLU, MaxPool(2)]
            [Branch, AveragePool(2), Conv2D(6, 1), ReLU, Dense(5), Softmax, Head("Aux1", 0.3f)]
            [Conv2D(24, 3, Padding = 1), ReLU]
            [Branch, Dense(5), Softmax, Head("Aux2", 0.5f)]
            [Branch, Conv2D(8, 1)]
            [Branch, Conv2D(8, 3, Padding = 1)]
            [Average, GlobalAveragePool, Dense(5), Softmax]
            """),
        ("the image read by several layers, a maximum, a sum of three", """
            [Model(1, 9, 9)]
            [Branch, Conv2D(4, 3, Padding = 1)]
            [Branch, Conv2D(4, 5, Padding = 2)]
            [Branch]
            [Concat]
            [Branch, Conv2D(17, 3)]
            [Branch, Conv2D(17, 3)]
            [Maximum]
            [Branch]
            [Branch, Sigmoid]
            [Branch, Conv2D(17, 1)]
            [Add, LocalResponseNorm(3), Dense(3)]
            """),
        ("vectors that are joined", """
            [Model(3, 4, 4)]
            [Dense(12), ReLU]
            [Branch, Dense(12), Tanh]
            [Branch]
            [Multiply]
            [Branch, Dense(7)]
            [Branch, Dense(20), ReLU]
            [Branch]
            [Concat, BatchNorm, Dropout(0.4f), Dense(4), Softmax]
            """),
        ("planes and pixels that meet", """
            [Model(3, 10, 10)]
            [Branch, Conv2D(6, 3, Padding = 1), ReLU]
            [Branch, Conv2D(6, 3, Stride = 2, Padding = 1), ReLU, Upsample(2)]
            [Add, Softmax, MaxPool(2), Dense(3)]
            """),
        ("depthwise and grouped residuals of a stride", """
            [Model(16, 8, 8)]
            [Branch, Conv2D(48, 1), ReLU, Conv2D(48, 3, Padding = 1, Groups = 48), ReLU, Conv2D(16, 1)]
            [Branch]
            [Add]
            [Branch, Conv2D(32, 3, Stride = 2, Padding = 1, Groups = 4), ReLU]
            [Branch, AveragePool(2), Conv2D(32, 1)]
            [Add, ELU, GlobalMaxPool, Dense(3), Softmax]
            """),
        ("rows of copies and of large maps' elements that threads share", """
            [Model(16, 24, 44)]
            [Conv2D(33, 1)]
            [Branch]
            [Branch, Conv2D(16, 1), ReLU]
            [Concat, BatchNorm, ReLU, Conv2D(64, 3, Padding = 1), Tanh, Conv2D(32, 3, Stride = 2, Padding = 1), GlobalAveragePool, Dense(4), Softmax]
            """),
        ("convolutions that work on means", """
            [Model(3, 8, 8)]
            [Conv2D(16, 3, Padding = 1), ReLU, Conv2D(18, 1), AveragePool(2), BatchNorm, ReLU, Conv2D(20, 1), GlobalAveragePool, Dense(4), Softmax]
            """),
        ("rows of a depthwise convolution that threads share", """
            [Model(2, 30, 30)]
            [Conv2D(64, 1), ReLU, Conv2D(64, 3, Padding = 1, Groups = 64), ReLU, GlobalAveragePool, Dense(3), Softmax]
            """),
        ("a padded map beside a product of many weights, which takes all images at once", """
            [Model(3, 5, 5)]
            [Conv2D(16, 3, Padding = 1), ReLU, Conv2D(16, 3, Padding = 1)]
            [Branch]
            [Branch, Dense(700), ReLU, Dense(16), Sigmoid]
            [Multiply, Conv2D(16, 5, Padding = 2, Groups = 16), Conv2D(17, 3, Padding = 1), Dense(3)]
            """),
        ("a 3x3 kernel of many channels with odd maps, added to: tiles at the edges", """
            [Model(32, 7, 9)]
            [Branch, Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2), ReLU, Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd4x4)]
            [Branch]
            [Add, ReLU, Dense(3)]
            """),
    ];
}

/// <summary>Emitted code of graphs against the interpreter.</summary>
public sealed class GraphTests(GraphModels models) : IClassFixture<GraphModels>
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, GraphCases.All.Count)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Emitted_code_agrees_with_the_interpreter(int index)
    {
        using var model = models.Assembly.Create(GraphModels.ClassOf(index));
        foreach (var count in new[] { 3, 9 })
        {
            var expected = Expected.Random(model.Network, count, seed: index);
            foreach (var set in EmittedModel.Sets)
                Comparison.AssertAgrees(model, expected, set, $"{GraphCases.All[index].Name}\na batch of {count}");
        }
    }

    /// <summary>Halos are zero whatever lay there before: copies of a batch's images lie elsewhere when the batch has another size.</summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public void Batches_of_other_sizes_leave_nothing_behind(int index)
    {
        using var used = models.Assembly.Create(GraphModels.ClassOf(index));
        var expected = Expected.Random(used.Network, 9, seed: index);
        used.SetParameters(expected.Parameters);
        var images = expected.Images.Flat();
        var length = images.Length / 9;
        foreach (var count in new[] { 9, 2, 7, 1, 5 })
        {
            var predicted = used.Predict(images.AsSpan(0, count * length).ToArray(), count);
            using var other = models.Assembly.Create(GraphModels.ClassOf(index));
            other.SetParameters(expected.Parameters);
            Assert.Equal(other.Predict(images.AsSpan(0, count * length).ToArray(), count), predicted);
        }
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Any_number_of_threads_gives_the_same_bits(int index)
    {
        using var model = models.Assembly.Create(GraphModels.ClassOf(index));
        var expected = Expected.Random(model.Network, 9, seed: index);
        using var own = new OwnThreads();
        foreach (var set in EmittedModel.Sets)
        {
            model.InstructionSet = set;
            (float[] Predictions, float[] Alone, float[] Gradients, float[] Image)? first = null;
            for (var threads = 1; threads <= 3; threads++)
            {
                Threads.Count = threads;
                model.SetParameters(expected.Parameters);
                var images = expected.Images.Flat();
                var gradients = new float[images.Length];
                var predictions = model.Predict(images, 9);

                // Threads share one image's layers.
                var alone = model.Predict(images.AsSpan(0, images.Length / 9).ToArray(), 1);
                model.ComputeGradients(images, expected.Targets.Flat(), 9, 3, new float[9 * model.OutputLength], gradients);
                var run = (predictions, alone, Parameters: model.Parameters.Gradients.ToArray(), gradients);
                first ??= run;
                Assert.Equal(first.Value.Predictions, run.predictions);
                Assert.Equal(first.Value.Alone, run.alone);
                Assert.Equal(first.Value.Gradients, run.Parameters);
                Assert.Equal(first.Value.Image, run.gradients);
            }
        }
    }

    /// <summary>Of a prediction's parts only those are copied that other layers read too, that no convolution computes, or whose channels are no whole vectors.</summary>
    [Fact]
    public void Convolutions_store_their_parts_of_a_concatenation_in_its_place()
    {
        var index = Enumerable.Range(0, GraphCases.All.Count).Single(i => GraphCases.All[i].Name == GraphCases.InPlace);
        var plan = ModelPlan.Create(models.Assembly.Network(GraphModels.ClassOf(index)));
        Assert.Equal([5, 16, 17], Copied(plan.Prediction));
        Assert.Equal([5, 16, 48, 16, 16, 16, 17], Copied(plan.Training));

        static IEnumerable<int> Copied(PlanProgram program) => program.Steps
            .Where(step => !step.IsBackward && step.Label.StartsWith("Concat", StringComparison.Ordinal))
            .Select(step => step.Call.Kernel).OfType<CopyKernel>().Select(kernel => kernel.Map.Channels);
    }
}
