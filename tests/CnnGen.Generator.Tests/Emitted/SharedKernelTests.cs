using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A kernel that several models of an assembly call is emitted once, for all of them.</summary>
public sealed class SharedKernelTests
{
    private const string Layers = "[Conv2D(8, 3, Padding = 1), ReLU, MaxPool(2)] [Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2), ReLU] ";

    private const string First = "[Model(3, 16, 16)] " + Layers + "[Dense(20), ReLU, Dense(4), Softmax] public partial class First;";

    private const string Second = "namespace Second.Of.Them { [Model(3, 16, 16)] " + Layers + "[GlobalAveragePool, Dense(4), Softmax] public partial class Other; }";

    public static TheoryData<InstructionSet> Sets => [.. EmittedModel.Sets];

    [Fact]
    public void What_two_models_call_stands_in_one_place()
    {
        var (alone, together) = (GeneratorHarness.Run(First), GeneratorHarness.Run(First, Second));
        foreach (var set in new[] { "Avx512", "Avx2", "Scalar" })
        {
            var shared = MethodsOf(together.SourceText($"CnnGen-SharedKernels.{set}.g.cs"));
            var first = MethodsOf(together.SourceText($"First.{set}.g.cs"));
            var second = MethodsOf(together.SourceText($"Second.Of.Them.Other.{set}.g.cs"));

            Assert.Contains(shared, method => method.StartsWith("Conv3x3_3x16x16", StringComparison.Ordinal));
            Assert.Empty(first.Intersect(shared));
            Assert.Empty(second.Intersect(shared));
            Assert.Contains(first, method => method.StartsWith("Product_", StringComparison.Ordinal));
            Assert.Contains("Conv3x3_3x16x16", string.Join(' ', MethodsOf(alone.SourceText($"First.{set}.g.cs"))), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(alone.Sources, source => source.HintName.Contains("Shared", StringComparison.Ordinal));
        Assert.DoesNotContain("TShared", alone.SourceText("First.Program.g.cs"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Results_are_the_bits_of_a_model_alone(InstructionSet set)
    {
        using var aloneAssembly = EmittedAssembly.Compile(First);
        using var sharedAssembly = EmittedAssembly.Compile(Second, First);
        using var alone = aloneAssembly.Create("First", 3);
        using var shared = sharedAssembly.Create("First", 3);
        foreach (var model in new[] { alone, shared })
        {
            model.InstructionSet = set;
            model.Warmup(WarmupFor.Training, 5);
            model.Warmup(WarmupFor.Prediction, 5);
        }

        var (images, targets) = StandardModels.Batch(alone, 5);
        Assert.Equal(alone.Predict(images, 5), shared.Predict(images, 5));
        Assert.Equal(alone.ComputeGradients(images, targets, 5, 1), shared.ComputeGradients(images, targets, 5, 1));
        Assert.Equal(alone.Parameters.Gradients.ToArray(), shared.Parameters.Gradients.ToArray());
    }

    /// <summary>What one model alone calls may name masks of lanes that else only shared kernels name: a row of 6 is no whole vector.</summary>
    [Fact]
    public void A_model_s_own_kernels_have_the_masks_that_they_name()
    {
        using var assembly = EmittedAssembly.Compile(
            "[Model(1, 6, 6)] [Conv2D(2, 3, Padding = 1), Dense(2)] public partial class Trained;",
            "[Model(1, 6, 6)] [Conv2D(2, 3, Padding = 1, Frozen = true), Dense(2)] public partial class Frozen;");
        var own = assembly.Run.SourceText("Trained.Avx2.g.cs");
        Assert.Contains("& Lanes6;", own, StringComparison.Ordinal);
        Assert.DoesNotContain("& Lanes6)", own, StringComparison.Ordinal);
    }

    /// <summary>Both assemblies have shared kernels of the same names, and one sees the other's.</summary>
    [Fact]
    public void An_assembly_that_sees_another_s_internals_uses_its_own()
    {
        var library = GeneratorHarness.Run(GeneratorHarness.Compile("[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Tested\")]", First, Second).WithAssemblyName("Library"));
        var user = GeneratorHarness.Run(GeneratorHarness
            .Compile(First.Replace("First", "Third", StringComparison.Ordinal), Second.Replace("Other", "Fourth", StringComparison.Ordinal))
            .AddReferences(library.Output.ToMetadataReference()));

        Assert.DoesNotContain(user.Output.GetDiagnostics(), one => one.Severity >= DiagnosticSeverity.Warning && one.Id is not ("CS1591" or "CS9113"));
    }

    private static List<string> MethodsOf(string text) =>
        [.. System.Text.RegularExpressions.Regex.Matches(text, @"public static void (\w+)\(").Select(match => match.Groups[1].Value)];
}
