using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;
using Xunit.Abstractions;

namespace CnnGen.Generator.Tests.Emitted.Winograd;

/// <summary>Weight gradients by Winograd's algorithms against the oracle, over maps that fill their tiles and maps that don't, and over batches of one chunk and of many.</summary>
public sealed class WeightGradientTests(ITestOutputHelper output)
{
    /// <summary>Relative to the largest gradient of the weights. Measured: 6e-7 and 2e-6 at worst.</summary>
    private const double Tolerance2x2 = 4e-6;

    private const double Tolerance4x4 = 1e-5;

    public static TheoryData<string, int> Algorithms => WinogradTests.Algorithms;

    /// <summary>The layer, its batch, and the largest errors that are allowed: of Direct, Winograd2x2 and Winograd4x4.</summary>
    public static TheoryData<string, string, int, double[]> Layers => new()
    {
        { "64 -> 64 at 16x16", "[Model(64, 16, 16)] [Conv2D(64, 3, Padding = 1, Algorithm = A)]", 4, [4e-6, 2e-6, 4e-6] },
        { "128 -> 32 at 8x8", "[Model(128, 8, 8)] [Conv2D(32, 3, Padding = 1, Algorithm = A)]", 8, [4e-6, 2e-6, 4e-6] },
        { "256 -> 32 at 4x4", "[Model(256, 4, 4)] [Conv2D(32, 3, Padding = 1, Algorithm = A)]", 8, [4e-6, 2e-6, 4e-6] },
        { "5x5, 32 -> 32 at 14x14", "[Model(32, 14, 14)] [Conv2D(32, 5, Padding = 2, Algorithm = A)]", 4, [4e-6, 4e-6] },
    };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_size_of_map_agrees_with_the_oracle(string algorithm, int kernel) => AssertAll(
        algorithm,
        kernel,
        [3],
        [
            .. new[] { (1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 1), (5, 5, 2), (6, 6, 0), (7, 8, 1), (9, 9, 1), (1, 9, 1), (9, 2, 2), (5, 12, 0), (17, 13, 1), (16, 16, 1) }
                .Where(size => Math.Min(size.Item1, size.Item2) + (2 * size.Item3) >= kernel)
                .Select(size => $"[Model(17, {size.Item1}, {size.Item2})] [Conv2D(16, {kernel}, Padding = {size.Item3}, Algorithm = A)]"),
            $"[Model(16, 9, 7)] [Conv2D(32, {kernel}, Padding = new[] {{ 2, 0, 1, 3 }}, Algorithm = A)]",
        ]);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_number_of_channels_and_filters_agrees_with_the_oracle(string algorithm, int kernel) => AssertAll(
        algorithm,
        kernel,
        [3],
        new[] { (16, 16), (17, 33), (24, 48), (31, 8), (32, 64), (33, 17), (40, 1), (48, 80), (16, 96) }
            .Select(pair => $"[Model({pair.Item1}, 6, 7)] [Conv2D({pair.Item2}, {kernel}, Padding = 2, Algorithm = A)]"));

    /// <summary>Many weights and few tiles are summed over the whole batch.</summary>
    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Sums_over_a_batch_agree_with_the_oracle(string algorithm, int kernel) => AssertAll(
        algorithm,
        kernel,
        [1, 6, 19],
        [
            $"[Model(80, 4, 4)] [Conv2D(72, {kernel}, Padding = {kernel / 2}, Algorithm = A)]",
            $"[Model(81, 3, 2)] [Conv2D(96, {kernel}, Padding = {kernel / 2}, Algorithm = A)]",
        ],
        isOfBatch: true);

    /// <summary>Chunks of 4 images, chunks of more, a last one of fewer; tiles of one block and of several.</summary>
    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_size_of_batch_agrees_with_the_oracle(string algorithm, int kernel)
    {
        AssertAll(algorithm, kernel, [1, 4, 9, 67], [$"[Model(16, 5, 6)] [Conv2D(18, {kernel}, Padding = 1, Algorithm = A)]"]);
        AssertAll(algorithm, kernel, [9], [$"[Model(16, 22, 23)] [Conv2D(16, {kernel}, Padding = 1, Algorithm = A)]"]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Any_number_of_threads_and_any_instruction_set_gives_the_same_bits(string algorithm, int kernel)
    {
        const int Count = 45;
        string[] declarations =
        [
            $"[Model(16, 11, 9)] [Conv2D(33, {kernel}, Padding = 2, Algorithm = A), ReLU, Conv2D(48, {kernel}, Padding = 2, Bias = false, Algorithm = A), GlobalAveragePool, Dense(4)]",
            $"[Model(20, 24, 24)] [Conv2D(32, {kernel}, Padding = 1, Algorithm = A)]",
            $"[Model(96, 4, 3)] [Conv2D(112, {kernel}, Padding = {kernel / 2}, Algorithm = A), ReLU, Conv2D(96, {kernel}, Padding = {kernel / 2}, Algorithm = A), GlobalAveragePool, Dense(4)]",
        ];
        using var assembly = Compile(algorithm, declarations);
        for (var i = 0; i < declarations.Length; i++)
        {
            using var model = assembly.Create($"Net{i}");
            var random = new Random(i);
            var images = NetworkFactory.RandomNumbers(Count * model.Network.Input.OutputShape.Length, random).ToFloats();
            var targets = NetworkFactory.RandomNumbers(Count * model.Network.Output.OutputShape.Length, random).ToFloats();
            float[]? first = null;
            using var own = new OwnThreads();
            foreach (var set in EmittedModel.Sets)
            {
                model.InstructionSet = set;
                for (Threads.Count = 1; Threads.Count <= 3; Threads.Count++)
                {
                    model.ComputeGradients(images, targets, Count, 1, new float[targets.Length], new float[images.Length]);
                    var gradients = model.Parameters.Gradients.ToArray();
                    first ??= gradients;
                    Assert.Equal(first, gradients);
                }
            }
        }
    }

    /// <summary>The errors that docs/kernels.md states.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Errors_are_what_the_documents_say(string label, string declaration, int count, double[] allowed)
    {
        string[] algorithms = allowed.Length == 3 ? ["Direct", "Winograd2x2", "Winograd4x4"] : ["Direct", "Winograd2x2"];
        var errors = new double[algorithms.Length];
        for (var i = 0; i < algorithms.Length; i++)
        {
            using var assembly = Compile(algorithms[i], [declaration]);
            using var model = assembly.Create("Net0");
            errors[i] = Error(model, Expected.Random(model.Network, count, seed: 1));
        }

        for (var i = 0; i < algorithms.Length; i++)
            output.WriteLine(FormattableString.Invariant($"{label}: {algorithms[i]} {errors[i]:E1}"));
        Assert.All(errors.Zip(allowed), pair => Assert.InRange(pair.First, 0, pair.Second));
    }

    private static EmittedAssembly Compile(string algorithm, IEnumerable<string> declarations) => EmittedAssembly.Compile(
        [.. declarations.Select((text, i) => $"{text.Replace("= A", "= ConvAlgorithm." + algorithm, StringComparison.Ordinal)} public partial class Net{i};")]);

    private static void AssertAll(string algorithm, int kernel, int[] counts, IEnumerable<string> declarations, bool isOfBatch = false)
    {
        var declared = declarations.ToList();
        using var assembly = Compile(algorithm, declared);
        for (var i = 0; i < declared.Count; i++)
        {
            using var model = assembly.Create($"Net{i}");
            Assert.Contains(ModelPlan.Create(model.Network).Training.Kernels, k => isOfBatch
                ? k is WinogradGradientSumsKernel { Of.Tiles.Kernel: var size } && size == kernel
                : k is WinogradWeightGradientKernel { Tiles.Kernel: var other } && other == kernel);
            var tolerance = algorithm == "Winograd2x2" && kernel == 3 ? Tolerance2x2 : Tolerance4x4;
            foreach (var count in counts)
                AssertAgrees(model, Expected.Random(model.Network, count, seed: i), tolerance, declared[i]);
        }
    }

    private static void AssertAgrees(EmittedModel model, Expected expected, double tolerance, string declaration)
    {
        float[]? first = null;
        foreach (var set in EmittedModel.Sets)
        {
            Comparison.AssertAgrees(model, expected, set, declaration);
            var error = Error(model, expected);
            Assert.True(error <= tolerance, $"{declaration} on {set}: off by {error:E2}, {tolerance:E0} is allowed.");
            first ??= model.Parameters.Gradients.ToArray();
            Assert.Equal(first, model.Parameters.Gradients.ToArray());
        }
    }

    /// <summary>Of a single layer's weights.</summary>
    private static double Error(EmittedModel model, Expected expected)
    {
        var images = expected.Images.Flat();
        model.SetParameters(expected.Parameters);
        model.ComputeGradients(images, expected.Targets.Flat(), expected.Count, 1, new float[expected.Count * model.OutputLength], new float[images.Length]);
        var (name, gradient) = Assert.Single(expected.Training.ParameterGradients, pair => pair.Key.EndsWith("weight", StringComparison.OrdinalIgnoreCase));
        return Agreement.Error(gradient, model.Parameters[name].GradientToArray());
    }
}
