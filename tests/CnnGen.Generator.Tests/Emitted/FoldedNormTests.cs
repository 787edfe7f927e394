using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Reference;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Networks with a batch norm behind layers of every form, compiled once.</summary>
public sealed class FoldedNormModels : IDisposable
{
    private const string Squared = ", Loss = Loss.HalfSquaredError)]";

    /// <summary>Networks whose batch norms become part of weights and biases when predicting.</summary>
    public static IReadOnlyList<string> Folded { get; } =
    [
        $"[Model(2, 6, 7{Squared} [Conv2D(5, 3, Padding = 1), BatchNorm, ReLU]",
        $"[Model(2, 6, 6{Squared} [Conv2D(7, 5, Padding = 2, Bias = false), BatchNorm, Tanh, MaxPool(2)]",
        $"[Model(4, 6, 6{Squared} [Conv2D(6, 3, Groups = 2), BatchNorm(Epsilon = 0.01f), LeakyReLU(0.2f), MaxPool(2)]",
        $"[Model(3, 9, 9{Squared} [Conv2D(33, 3, Stride = 2), BatchNorm, ReLU, Conv2D(40, 1, Bias = false), BatchNorm]",
        $"[Model(3, 8, 6{Squared} [Conv2D(64, 3, Padding = 1), BatchNorm, ReLU, AveragePool(2), Conv2D(16, 3), BatchNorm]",
        $"[Model(17, 8, 8{Squared} [Conv2D(48, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd4x4), BatchNorm, ReLU, Conv2D(33, 3, Bias = false, Algorithm = ConvAlgorithm.Winograd2x2), BatchNorm]",
        $"[Model(3, 6, 6{Squared} [Conv2D(20, 1), BatchNorm, Conv2D(20, 3, Padding = 1, Groups = 20), BatchNorm, ReLU, Conv2D(20, 3, Groups = 20, Bias = false), BatchNorm]",
        $"[Model(3, 6, 6{Squared} [Conv2D(32, 1), BatchNorm, Conv2D(32, 3, Padding = 1, Groups = 2), BatchNorm, Conv2D(32, 3, Groups = 8), BatchNorm, Conv2D(18, 1, Groups = 2), BatchNorm]",
        $"[Model(3, 6, 6{Squared} [Conv2D(20, 3, Padding = 1, Algorithm = ConvAlgorithm.Im2Col), BatchNorm, ReLU]",
        $"[Model(3, 4, 5{Squared} [Conv2D(5, 1), BatchNorm, ReLU, Dense(40, Bias = false), BatchNorm, Sigmoid, Dense(3), BatchNorm]",
    ];

    /// <summary>Networks with batch norms that have nothing to be folded into.</summary>
    public static IReadOnlyList<string> Separate { get; } =
    [
        $"[Model(3, 4, 4{Squared} [BatchNorm, Conv2D(4, 3)]",
        $"[Model(3, 4, 4{Squared} [Conv2D(4, 3), ReLU, BatchNorm, Dense(3)]",
        $"[Model(3, 4, 4{Squared} [Conv2D(16, 1), MaxPool(2), BatchNorm, ReLU]",
    ];

    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile(
        [.. Folded.Concat(Separate).Select((declaration, i) => $"{declaration}\npublic partial class {ClassOf(i)};")]);

    internal static string ClassOf(int index) => FormattableString.Invariant($"Norm{index}");

    public void Dispose() => Assembly.Dispose();
}

/// <summary>Batch norms that predictions fold into the layers before them.</summary>
public sealed class FoldedNormTests(FoldedNormModels models) : IClassFixture<FoldedNormModels>
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, FoldedNormModels.Folded.Count + FoldedNormModels.Separate.Count)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Predictions_and_training_agree_with_the_interpreter(int index)
    {
        using var model = models.Assembly.Create(FoldedNormModels.ClassOf(index));
        var expected = Expected.Random(model.Network, 5, seed: index);
        foreach (var set in EmittedModel.Sets)
            Comparison.AssertAgrees(model, expected, set, FoldedNormModels.Folded.Concat(FoldedNormModels.Separate).ElementAt(index));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void A_batch_norm_behind_a_layer_with_weights_is_no_pass_of_its_own(int index)
    {
        var plan = ModelPlan.Create(models.Assembly.Network(FoldedNormModels.ClassOf(index)));
        var passes = plan.Prediction.Steps.Count(IsNorm);
        Assert.Equal(index < FoldedNormModels.Folded.Count ? 0 : 1, passes);
        Assert.Equal(
            plan.Network.Nodes.Count(node => node.Layer is BatchNormLayer),
            plan.Training.Steps.Count(IsNorm));
    }

    /// <summary>Factors and addends of channels, whatever is done to the result; not the gradient's, which adds another product.</summary>
    private static bool IsNorm(Step step) => step.Call.Kernel is PointwiseKernel kernel
        && kernel.Operands.Count(operand => !operand.IsFull) == 2;

    /// <summary>The running statistics change with each training step, whoever takes it.</summary>
    [Fact]
    public void A_prediction_follows_the_running_statistics()
    {
        using var model = models.Assembly.Create(FoldedNormModels.ClassOf(0));
        var expected = Expected.Random(model.Network, 4, seed: 1);
        model.SetParameters(expected.Parameters);
        var image = expected.Images[0].ToFloats();
        var before = model.Predict(image);
        model.ComputeGradients(expected.Images.Flat(), expected.Targets.Flat(), 4, 0, [], []);
        var after = model.Predict(image);
        Assert.NotEqual(before, after);

        var parameters = model.Parameters.All.ToDictionary(p => p.Name, p => Array.ConvertAll(p.ToArray(), x => (double)x));
        Assert.InRange(Agreement.Error(new ReferenceInterpreter(model.Network, parameters).Predict(expected.Images[0]), after), 0, 1e-5);
    }
}
