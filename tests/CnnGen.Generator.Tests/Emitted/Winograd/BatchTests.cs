using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted.Winograd;

/// <summary>Convolutions whose tiles are multiplied for a whole batch together: many channels over maps of one tile.</summary>
public sealed class BatchTests
{
    /// <summary>Whole tiles and partial ones, whole vectors and others, an epilogue forward (bias, ReLU) and backward (the gate of a ReLU).</summary>
    private static readonly (string Algorithm, string Declaration)[] s_networks =
    [
        ("Winograd2x2", "[Model(317, 2, 2)] [Conv2D(320, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(310, 3, Padding = 1, Algorithm = A), ReLU, Dense(3)]"),
        ("Winograd2x2", "[Model(320, 1, 2)] [Conv2D(313, 3, Padding = 1, Bias = false, Algorithm = A), BatchNorm, ReLU, Conv2D(320, 3, Padding = 1, Algorithm = A), Dense(3)]"),
        ("Winograd4x4", "[Model(288, 4, 4)] [Conv2D(281, 3, Padding = 1, Algorithm = A), ReLU, Conv2D(288, 3, Padding = 1, Algorithm = A), Dense(3)]"),
        ("Winograd4x4", "[Model(281, 3, 4)] [Conv2D(287, 3, Padding = 1, Algorithm = A), Tanh, Dense(3)]"),
        ("Winograd2x2", "[Model(288, 2, 1)] [Conv2D(279, 5, Padding = 2, Algorithm = A), ReLU, Dense(3)]"),
    ];

    public static TheoryData<int> Networks => [.. Enumerable.Range(0, s_networks.Length)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Training_agrees_with_the_oracle(int index)
    {
        using var assembly = Compile(index, out var declaration);
        using var model = assembly.Create("Net0");
        Assert.Contains(ModelPlan.Create(model.Network).Training.Kernels, kernel => kernel is WinogradProductsKernel);
        foreach (var count in new[] { 1, 3, 14 })
        {
            var expected = Expected.Random(model.Network, count, seed: index);
            foreach (var set in EmittedModel.Sets)
                Comparison.AssertAgrees(model, expected, set, declaration);
        }
    }

    /// <summary>Every number of tiles: fewer than the smallest product has, those between two products, and more than the registers hold.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Any_number_of_threads_and_any_instruction_set_gives_the_same_bits(int index)
    {
        using var assembly = Compile(index, out _);
        using var model = assembly.Create("Net0");
        var random = new Random(index);
        model.SetParameters(NetworkFactory.RandomParameters(model.Network, random));
        using var own = new OwnThreads();
        foreach (var count in new[] { 1, 3, 4, 7, 8, 11, 12, 13, 29 })
        {
            var images = NetworkFactory.RandomNumbers(count * model.Network.Input.OutputShape.Length, random).ToFloats();
            var targets = NetworkFactory.RandomNumbers(count * model.Network.Output.OutputShape.Length, random).ToFloats();
            float[]? first = null;
            foreach (var set in EmittedModel.Sets)
            {
                model.InstructionSet = set;
                for (Threads.Count = 1; Threads.Count <= 3; Threads.Count += 2)
                {
                    var (scores, imageGradients) = (new float[targets.Length], new float[images.Length]);
                    model.ComputeGradients(images, targets, count, 1, scores, imageGradients);
                    float[] all = [.. scores, .. imageGradients, .. model.Parameters.Gradients];
                    first ??= all;
                    Assert.Equal(first, all);
                }
            }
        }
    }

    private static EmittedAssembly Compile(int index, out string declaration)
    {
        var (algorithm, text) = s_networks[index];
        declaration = text.Replace("= A", "= ConvAlgorithm." + algorithm, StringComparison.Ordinal);
        return EmittedAssembly.Compile([declaration + " public partial class Net0;"]);
    }
}
