using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted.Winograd;

/// <summary>Winograd's algorithms against the oracle, over sizes that fill their tiles and sizes that don't.</summary>
public sealed class WinogradTests
{
    /// <summary>Relative to the largest output. Measured: 1e-6 and 3e-6 at worst, where the direct form has 5e-7 (docs/kernels.md).</summary>
    private const double Tolerance2x2 = 4e-6;

    private const double Tolerance4x4 = 1e-5;

    public static TheoryData<string, int> Algorithms => new() { { "Winograd2x2", 3 }, { "Winograd4x4", 3 }, { "Winograd2x2", 5 } };

    /// <summary>Height, width and padding.</summary>
    private static readonly (int, int, int)[] s_sizes =
    [
        (1, 1, 1), (1, 1, 2), (2, 2, 1), (3, 3, 0), (3, 3, 1), (4, 4, 1), (5, 5, 0), (5, 5, 2), (6, 6, 0), (7, 7, 1), (8, 8, 1), (9, 9, 1),
        (1, 9, 1), (7, 2, 1), (5, 12, 0), (14, 3, 2), (17, 33, 1),
    ];

    private static readonly (int, int)[] s_channels =
    [
        (1, 1), (1, 40), (2, 16), (3, 32), (5, 4), (8, 20), (15, 32), (16, 16), (17, 33), (24, 48), (31, 8), (32, 64), (33, 17), (40, 1),
    ];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_size_of_map_agrees_with_the_oracle(string algorithm, int kernel) => AssertAll(
        algorithm,
        kernel,
        s_sizes.Where(size => Math.Min(size.Item1, size.Item2) + (2 * size.Item3) >= kernel).Select(size => $"[Model(17, {size.Item1}, {size.Item2})] [Conv2D(16, 3, Padding = {size.Item3}, Algorithm = A)]"));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_number_of_channels_and_filters_agrees_with_the_oracle(string algorithm, int kernel) => AssertAll(
        algorithm,
        kernel,
        s_channels.Select(pair => $"[Model({pair.Item1}, 6, 7)] [Conv2D({pair.Item2}, 3, Padding = 1, Algorithm = A)]"));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Activations_no_bias_and_neighbours_agree_with_the_oracle(string algorithm, int kernel) => AssertAll(
        algorithm,
        kernel,
        [
            "[Model(3, 15, 13)] [Conv2D(20, 3, Padding = 1, Bias = false, Algorithm = A), ReLU]",
            "[Model(3, 15, 13)] [Conv2D(20, 3, Padding = 1, Algorithm = A), LeakyReLU(0.2f)]",
            "[Model(3, 15, 13)] [Conv2D(20, 3, Padding = 1, Algorithm = A), ELU]",
            "[Model(3, 15, 13)] [Conv2D(20, 1), Conv2D(4, 1), Conv2D(18, 3, Padding = 1, Algorithm = A), MaxPool(2, Rounding = Rounding.Floor)]",
            "[Model(3, 15, 13)] [Conv2D(16, 3, Padding = 2, Algorithm = A), ReLU, Conv2D(33, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(16, 3, Algorithm = A)]",
            "[Model(3, 15, 13)] [Conv2D(32, 7, Padding = 3), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1, Algorithm = A), BatchNorm, ReLU, Dense(4)]",
            "[Model(64, 30, 29)] [Conv2D(64, 3, Padding = 1, Algorithm = A)]",
            "[Model(512, 9, 10)] [Conv2D(48, 3, Padding = 1, Algorithm = A)]",
            "[Model(16, 9, 10)] [Conv2D(1024, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(16, 3, Algorithm = A)]",
        ]);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Training_agrees_with_the_oracle(string algorithm, int kernel)
    {
        string[] declarations =
        [
            "[Model(3, 9, 10)] [Conv2D(20, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(17, 3, Algorithm = A), ReLU, Conv2D(33, 3, Padding = 2, Algorithm = A), ReLU, Dense(4), Softmax]",
            "[Model(16, 6, 5)] [Conv2D(16, 1), Conv2D(32, 3, Padding = 1, Bias = false, Algorithm = A), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Algorithm = A), GlobalAveragePool]",
        ];
        using var assembly = Compile(algorithm, kernel, declarations);
        for (var i = 0; i < declarations.Length; i++)
        {
            using var model = assembly.Create($"Net{i}");
            var expected = Expected.Random(model.Network, 5, seed: 3);
            foreach (var set in EmittedModel.Sets)
                Comparison.AssertAgrees(model, expected, set, declarations[i]);
        }
    }

    /// <summary>A chunk's images are its rows: blocks of tiles begin and end anywhere in them.</summary>
    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Tiles_of_several_images_agree_with_each_image_by_itself(string algorithm, int kernel)
    {
        string[] declarations =
        [
            "[Model(16, 6, 7)] [Conv2D(48, 3, Padding = 1, Algorithm = A), ReLU]",
            "[Model(3, 13, 13)] [Conv2D(64, 7, Padding = 3), Conv2D(96, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(64, 3, Padding = 1, Algorithm = A), Tanh, Dense(3)]",
        ];
        using var assembly = CompilePredicting(algorithm, kernel, declarations);
        for (var i = 0; i < declarations.Length; i++)
        {
            using var model = assembly.Create($"Net{i}");
            var random = new Random(5);
            model.SetParameters(NetworkFactory.RandomParameters(model.Network, random));
            foreach (var count in new[] { 2, 5, 19, 40 })
            {
                var images = Enumerable.Range(0, count)
                    .Select(_ => NetworkFactory.RandomNumbers(model.Network.Input.OutputShape.Length, random).ToFloats()).ToArray();
                var single = images.SelectMany(image => model.Predict(image)).ToArray();
                Assert.Equal(single, model.Predict([.. images.SelectMany(image => image)], count));
            }
        }
    }

    /// <summary>Threads that share one image: blocks of tiles, parts of the tiles and of the filters, and the two phases of maps with many channels.</summary>
    [Theory]
    [MemberData(nameof(Algorithms))]
    public void One_image_gives_the_same_bits_on_any_number_of_threads(string algorithm, int kernel)
    {
        string[] declarations =
        [
            "[Model(3, 13, 13)] [Conv2D(160, 7, Padding = 3), Conv2D(192, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(64, 3, Padding = 1, Algorithm = A), Dense(3)]",
            "[Model(3, 16, 14)] [Conv2D(128, 7, Padding = 3), Conv2D(32, 3, Padding = 1, Algorithm = A), ReLU, MaxPool(2), Conv2D(64, 3, Padding = 1, Algorithm = A), Dense(3)]",
            "[Model(3, 36, 30)] [Conv2D(32, 7, Padding = 3), Conv2D(32, 3, Padding = 1, Algorithm = A), ReLU, MaxPool(2), Dense(3)]",
        ];
        using var assembly = CompilePredicting(algorithm, kernel, declarations);
        using var own = new OwnThreads();
        for (var i = 0; i < declarations.Length; i++)
        {
            using var model = assembly.Create($"Net{i}");
            var random = new Random(5);
            model.SetParameters(NetworkFactory.RandomParameters(model.Network, random));
            var image = NetworkFactory.RandomNumbers(model.Network.Input.OutputShape.Length, random).ToFloats();
            foreach (var set in EmittedModel.Sets)
            {
                model.InstructionSet = set;
                Threads.Count = 1;
                var alone = model.Predict(image);
                for (Threads.Count = 2; Threads.Count <= 4; Threads.Count++)
                {
                    for (var repeat = 0; repeat < 3; repeat++)
                        Assert.Equal(alone, model.Predict(image));
                }
            }
        }
    }

    private static EmittedAssembly CompilePredicting(string algorithm, int kernel, IEnumerable<string> declarations) =>
        Compile(algorithm, kernel, declarations.Select(EmittedAssembly.Predicting));

    private static EmittedAssembly Compile(string algorithm, int kernel, IEnumerable<string> declarations) => EmittedAssembly.Compile(
        [.. declarations.Select((text, i) => $"{OfKernel(text, kernel).Replace("= A", "= ConvAlgorithm." + algorithm, StringComparison.Ordinal)} public partial class Net{i};")]);

    /// <summary>The declaration with a larger kernel, and with the padding that keeps its layers' sizes where there was such a padding.</summary>
    private static string OfKernel(string declaration, int kernel) => kernel == 3
        ? declaration
        : declaration.Replace(", 3, Padding = 1", ", 5, Padding = 2", StringComparison.Ordinal).Replace(", 3, ", ", 5, ", StringComparison.Ordinal);

    private static void AssertAll(string algorithm, int kernel, IEnumerable<string> declarations)
    {
        var declared = declarations.ToList();
        using var assembly = CompilePredicting(algorithm, kernel, declared);
        for (var i = 0; i < declared.Count; i++)
        {
            using var model = assembly.Create($"Net{i}");
            AssertAgrees(model, declared[i], algorithm == "Winograd2x2" ? Tolerance2x2 : Tolerance4x4);
        }
    }

    private static void AssertAgrees(EmittedModel model, string declaration, double tolerance)
    {
        var random = new Random(7);
        var parameters = NetworkFactory.RandomParameters(model.Network, random);
        model.SetParameters(parameters);
        const int Count = 3;
        var images = Enumerable.Range(0, Count)
            .Select(_ => NetworkFactory.RandomNumbers(model.Network.Input.OutputShape.Length, random)).ToArray();
        var interpreter = new ReferenceInterpreter(model.Network, parameters);
        var expected = images.SelectMany(interpreter.Predict).ToArray();
        float[]? first = null;
        foreach (var set in EmittedModel.Sets)
        {
            model.InstructionSet = set;
            var actual = model.Predict(images.Flat(), Count);
            var error = Agreement.Error(expected, actual);
            Assert.True(error <= tolerance, $"{declaration} on {set}: off by {error:E2}, {tolerance:E0} is allowed.");
            first ??= actual;
            Assert.Equal(first, actual);
        }
    }
}
