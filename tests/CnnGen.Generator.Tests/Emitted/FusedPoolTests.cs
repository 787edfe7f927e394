using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Reference;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Convolutions with a pooling behind them, compiled once.</summary>
public sealed class FusedPoolModels : IDisposable
{
    private const string Squared = ", Loss = Loss.HalfSquaredError)]";

    /// <summary>Networks whose poolings the convolutions' kernels compute when predicting.</summary>
    public static IReadOnlyList<string> Fused { get; } =
    [
        // Vectors along the width: filters of every remainder, output widths around half a vector's.
        .. new[] { 1, 2, 3, 5, 7, 8, 12, 13, 15 }.Select(filters => $"[Model(2, 6, 12{Squared} [Conv2D({filters}, 3), ReLU, MaxPool(2)]"),
        .. new[] { 2, 14, 16, 18, 30, 32, 34, 48, 50, 66 }.Select(width => $"[Model(1, 4, {width}{Squared} [Conv2D(3, 3, Padding = 1), MaxPool(2)]"),
        .. new[] { 2, 16, 18, 34, 66 }.Select(width => $"[Model(2, 4, {width}{Squared} [Conv2D(6, 5, Padding = 2), ReLU, AveragePool(2), Conv2D(4, 3, Padding = 1)]"),
        .. new[] { 2, 6, 14, 22 }.Select(height => $"[Model(1, {height}, 8{Squared} [Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2), Conv2D(3, 3, Padding = 2), ReLU, MaxPool(1, 2, Stride = new[] {{ 1, 2 }})]"),
        $"[Model(2, 9, 12{Squared} [Conv2D(5, 3, Padding = 1), ReLU, MaxPool(3, 2, Stride = new[] {{ 3, 2 }})]",
        $"[Model(2, 9, 12{Squared} [Conv2D(5, 3, Padding = 1), ReLU, AveragePool(3, 2, Stride = new[] {{ 3, 2 }})]",
        $"[Model(4, 6, 6{Squared} [Conv2D(6, 3, Padding = 1, Groups = 2), ReLU, MaxPool(2)]",
        $"[Model(2, 8, 8{Squared} [Conv2D(6, 3, Padding = 2, Dilation = 2, Bias = false), LeakyReLU(0.3f), MaxPool(2)]",

        // Vectors over filters, from planes and from pixels.
        .. new[] { 16, 17, 31, 32, 33, 40 }.Select(filters => $"[Model(3, 6, 6{Squared} [Conv2D({filters}, 3), ReLU, MaxPool(2)]"),
        .. new[] { 2, 4, 10, 12, 14, 26, 30 }.Select(width => $"[Model(2, 4, {width}{Squared} [Conv2D(16, 1), Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.Direct), ReLU, MaxPool(2)]"),
        .. new[] { 2, 10, 12, 14, 26 }.Select(width => $"[Model(2, 4, {width}{Squared} [Conv2D(16, 5, Padding = 2), ReLU, AveragePool(2), Conv2D(17, 1), MaxPool(2, 1, Stride = new[] {{ 2, 1 }})]"),
        $"[Model(2, 7, 15{Squared} [Conv2D(16, 1), Conv2D(20, 3, Stride = 2, Padding = 1, Bias = false), ReLU, MaxPool(2)]",
        $"[Model(2, 6, 6{Squared} [Conv2D(32, 1), Conv2D(32, 3, Padding = 1, Groups = 2), ReLU, MaxPool(2)]",

        // Winograd's tiles: whole ones, and ones that reach past the map.
        .. new[] { "Winograd2x2", "Winograd4x4" }.SelectMany(algorithm => new[]
        {
            $"[Model(16, 8, 12{Squared} [Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.{algorithm}), ReLU, MaxPool(2), Conv2D(3, 3)]",
            $"[Model(17, 6, 10{Squared} [Conv2D(20, 3, Padding = 1, Bias = false, Algorithm = ConvAlgorithm.{algorithm}), LeakyReLU(0.2f), AveragePool(2)]",
            $"[Model(3, 18, 14{Squared} [Conv2D(16, 1), Conv2D(64, 3, Algorithm = ConvAlgorithm.{algorithm}), Tanh, MaxPool(2), Conv2D(64, 3, Padding = 2, Algorithm = ConvAlgorithm.{algorithm}), AveragePool(2)]",
        }),
        $"[Model(16, 10, 6{Squared} [Conv2D(32, 5, Padding = 2, Algorithm = ConvAlgorithm.Winograd2x2), ReLU, MaxPool(2)]",

        // Each activation with both poolings, where the two may change places or both fit.
        .. new[] { 5, 16 }.SelectMany(filters =>
            new[] { "ReLU", "LeakyReLU(0.2f)", "LeakyReLU(1.5f)", "ELU(0.7f)", "Sigmoid", "Tanh" }.Select(activation =>
                $"[Model(2, 4, 6{Squared} [Conv2D({filters}, 3, Padding = 1), {activation}, MaxPool(2)]")),
        .. new[] { 5, 16 }.SelectMany(filters =>
            new[] { "ReLU", "LeakyReLU(0.2f)", "LeakyReLU(1.5f)" }.Select(activation =>
                $"[Model(2, 4, 6{Squared} [Conv2D({filters}, 3, Padding = 1), {activation}, AveragePool(2)]")),
    ];

    /// <summary>Networks whose poolings stay kernels of their own.</summary>
    public static IReadOnlyList<string> Separate { get; } =
    [
        $"[Model(2, 4, 6{Squared} [Conv2D(5, 3, Padding = 1), Tanh, AveragePool(2)]",
        $"[Model(2, 4, 6{Squared} [Conv2D(16, 3, Padding = 1), ELU(0.5f), AveragePool(2)]",
        $"[Model(2, 5, 7{Squared} [Conv2D(5, 3, Padding = 1), ReLU, MaxPool(2, Rounding = Rounding.Floor)]",
        $"[Model(2, 6, 6{Squared} [Conv2D(16, 3, Padding = 1), ReLU, MaxPool(2, Stride = 1)]",
        $"[Model(2, 6, 6{Squared} [Conv2D(5, 3, Padding = 1), ReLU, MaxPool(3)]",
        $"[Model(2, 6, 34{Squared} [Conv2D(5, 3, Padding = 1), ReLU, MaxPool(3, Stride = 1), MaxPool(2), AveragePool(2, 4, Stride = new[] {{ 1, 2 }})]",
        $"[Model(2, 9, 70{Squared} [Conv2D(3, 3, Padding = 1), ReLU, AveragePool(3, Stride = 2, Rounding = Rounding.Floor), MaxPool(2, Rounding = Rounding.Floor)]",
    ];

    internal static IReadOnlyList<string> All { get; } = [.. Fused, .. Separate];

    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile(
        [.. All.Select((declaration, i) => $"{declaration}\npublic partial class {ClassOf(i)};")]);

    internal static string ClassOf(int index) => FormattableString.Invariant($"Pooled{index}");

    public void Dispose() => Assembly.Dispose();
}

/// <summary>A pooling that a convolution's kernel computes gives what the two kernels give one after the other.</summary>
public sealed class FusedPoolTests(FusedPoolModels models) : IClassFixture<FusedPoolModels>
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, FusedPoolModels.All.Count)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Emitted_code_agrees_with_the_interpreter(int index)
    {
        using var model = models.Assembly.Create(FusedPoolModels.ClassOf(index));
        foreach (var count in new[] { 1, 5 })
        {
            var expected = Expected.Random(model.Network, count, seed: index);
            foreach (var set in EmittedModel.AllSets)
                Comparison.AssertAgrees(model, expected, set, $"{FusedPoolModels.All[index]}\na batch of {count}");
        }
    }

    /// <summary>Training keeps the unpooled map, and so runs the kernels one by one: the same operations on the same numbers, on every instruction set.</summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public void Prediction_equals_trainings_forward_pass_bit_for_bit(int index)
    {
        using var model = models.Assembly.Create(FusedPoolModels.ClassOf(index));
        var expected = Expected.Random(model.Network, 3, seed: index);
        model.SetParameters(expected.Parameters);
        float[]? first = null;
        foreach (var set in EmittedModel.AllSets)
        {
            model.InstructionSet = set;
            var scores = new float[3 * model.OutputLength];
            model.ComputeGradients(expected.Images.Flat(), expected.Targets.Flat(), 3, 0, scores, []);
            var predicted = model.Predict(expected.Images.Flat(), 3);
            Assert.Equal(scores, predicted);
            Assert.Equal(first ??= predicted, predicted);
        }
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Poolings_are_fused_where_their_windows_tile_the_map_and_order_allows(int index)
    {
        var plan = ModelPlan.Create(models.Assembly.Network(FusedPoolModels.ClassOf(index)));
        Assert.Equal(index >= FusedPoolModels.Fused.Count, plan.Prediction.Kernels.OfType<PoolKernel>().Any());
        Assert.Contains(plan.Training.Kernels, kernel => kernel is PoolKernel);
    }
}
