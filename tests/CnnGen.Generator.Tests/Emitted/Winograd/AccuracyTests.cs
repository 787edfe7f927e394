using CnnGen.Generator.Tests.Reference;
using Xunit.Abstractions;

namespace CnnGen.Generator.Tests.Emitted.Winograd;

/// <summary>The errors that docs/kernels.md states, of single layers and of whole networks, against double.</summary>
public sealed class AccuracyTests(ITestOutputHelper output)
{
    private const string Cifar =
        "[Conv2D(32, 3, Padding = 1), ReLU, Conv2D(32, 3, Padding = 1, Algorithm = A), ReLU, MaxPool(2)]"
        + "[Conv2D(64, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(64, 3, Padding = 1, Algorithm = A), ReLU, MaxPool(2)]"
        + "[Conv2D(128, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(128, 3, Padding = 1, Algorithm = A), ReLU, MaxPool(2), Dense(10)]";

    private const string Vgg16 =
        "[Conv2D(16, 3, Padding = 1), ReLU, Conv2D(16, 3, Padding = 1, Algorithm = A), ReLU, MaxPool(2)]"
        + "[Conv2D(32, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(32, 3, Padding = 1, Algorithm = A), ReLU, MaxPool(2)]"
        + "[Conv2D(64, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(64, 3, Padding = 1, Algorithm = A, Repeat = 2), ReLU, MaxPool(2)]"
        + "[Conv2D(128, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(128, 3, Padding = 1, Algorithm = A, Repeat = 2), ReLU, MaxPool(2)]"
        + "[Conv2D(128, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(128, 3, Padding = 1, Algorithm = A, Repeat = 2), ReLU, Dense(64), ReLU, Dense(10)]";

    /// <summary>The network and the largest errors that are allowed: of Direct, Winograd2x2 and Winograd4x4.</summary>
    public static TheoryData<string, string, double[]> Networks => new()
    {
        { "64 -> 64 at 16x16", "[Model(64, 16, 16)] [Conv2D(64, 3, Padding = 1, Algorithm = A)]", [2e-6, 1e-6, 4e-6] },
        { "256 -> 64 at 8x8", "[Model(256, 8, 8)] [Conv2D(64, 3, Padding = 1, Algorithm = A)]", [3e-6, 2e-6, 8e-6] },
        { "512 -> 32 at 6x6", "[Model(512, 6, 6)] [Conv2D(32, 3, Padding = 1, Algorithm = A)]", [4e-6, 2e-6, 8e-6] },
        { "CIFAR CNN", "[Model(3, 32, 32)] " + Cifar, [2e-6, 2e-6, 8e-6] },
        { "VGG16 of a quarter's width at 32x32", "[Model(3, 32, 32)] " + Vgg16, [5e-6, 5e-6, 8e-6] },
    };

    /// <summary>5x5 kernels: of Direct and Winograd2x2.</summary>
    public static TheoryData<string, string, double[]> LargeKernels => new()
    {
        { "5x5, 96 -> 64 at 14x14", "[Model(96, 14, 14)] [Conv2D(64, 5, Padding = 2, Algorithm = A)]", [3e-6, 4e-6] },
        { "5x5, 256 -> 32 at 8x8", "[Model(256, 8, 8)] [Conv2D(32, 5, Padding = 2, Algorithm = A)]", [4e-6, 5e-6] },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    [MemberData(nameof(LargeKernels))]
    public void Errors_are_what_the_documents_say(string label, string declaration, double[] allowed)
    {
        string[] algorithms = allowed.Length == 3 ? ["Direct", "Winograd2x2", "Winograd4x4"] : ["Direct", "Winograd2x2"];
        using var assembly = EmittedAssembly.Compile(
            [.. algorithms.Select(a => $"{EmittedAssembly.Predicting(declaration).Replace("= A", "= ConvAlgorithm." + a, StringComparison.Ordinal)} public partial class {a};")]);
        var errors = new double[algorithms.Length];
        for (var seed = 1; seed <= 2; seed++)
        {
            double[]? expected = null;
            var random = new Random(seed);
            var image = NetworkFactory.RandomNumbers(assembly.Network("Direct").Input.OutputShape.Length, random);
            for (var i = 0; i < algorithms.Length; i++)
            {
                // The weights are those that training starts with: every layer's output is of the size of its input.
                using var model = assembly.Create(algorithms[i], seed);
                expected ??= new ReferenceInterpreter(
                    model.Network,
                    model.Parameters.All.ToDictionary(p => p.Name, p => Array.ConvertAll(p.ToArray(), x => (double)x))).Predict(image);
                errors[i] = Math.Max(errors[i], Agreement.Error(expected, model.Predict(image.ToFloats())));
            }
        }

        for (var i = 0; i < algorithms.Length; i++)
            output.WriteLine(FormattableString.Invariant($"{label}: {algorithms[i]} {errors[i]:E1}"));
        Assert.All(errors.Zip(allowed), pair => Assert.InRange(pair.First, 0, pair.Second));
    }
}
