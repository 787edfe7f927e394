using System.Text.RegularExpressions;
using CnnGen.Generator.Planning.Ilgpu;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>The text that is emitted for GPUs.</summary>
public sealed class GpuTextTests
{
    private const string LeNet5 = """
        [Model(1, 28, 28, Targets = Targets.Cpu | Targets.Ilgpu)]
        [Conv2D(6, 5, Padding = 2), Tanh, AveragePool(2)]
        [Conv2D(16, 5), Tanh, AveragePool(2)]
        [Dense(120), Tanh, Dense(84), Tanh, Dense(10), Softmax]
        public partial class LeNet5;
        """;

    private static readonly Lazy<GeneratorRun> s_all = new(() => GeneratorHarness.RunForGpu([.. Enumerable.Range(0, GpuCases.All.Count).Select(GpuCases.DeclarationOf), LeNet5]));

    /// <summary>Between two names, what a person should read before it changes: a convolution, and what launches it.</summary>
    [Fact]
    public void A_convolution_is_as_it_was_approved() =>
        Approved.Verify("Convolution", MethodOf(GeneratorHarness.RunForGpu(LeNet5).SourceText("LeNet5.Ilgpu.Kernels.g.cs"), "Conv5x5_1x28x28"));

    [Fact]
    public void The_program_of_LeNet5_is_as_it_was_approved() =>
        Approved.Verify("LeNet5.Program", GeneratorHarness.RunForGpu(LeNet5).SourceText("LeNet5.Ilgpu.Program.g.cs"));

    /// <summary>ILGPU's divisions by powers of two are shifts and masks, which are wrong below 0.</summary>
    [Fact]
    public void No_division_and_no_remainder_can_see_a_negative_dividend()
    {
        var divisions = 0;
        foreach (var (name, tree) in KernelTrees())
        {
            var dividends = new NotNegative(tree);
            foreach (var division in tree.DescendantNodes().OfType<BinaryExpressionSyntax>().Where(NotNegative.IsDivisionOfIntegers))
            {
                divisions++;
                Assert.True(dividends.Holds(division.Left), $"{name}: {division.Left} may be below 0 in {division}.");
                Assert.True(division.Right is LiteralExpressionSyntax, $"{name}: {division} divides by no literal.");
            }

            foreach (var (call, argument) in dividends.Passed())
                Assert.True(dividends.Holds(argument), $"{name}: {argument} may be below 0 in {call}.");
        }

        Assert.True(divisions > 1000);
    }

    [Fact]
    public void The_walk_over_dividends_finds_what_may_be_negative()
    {
        var tree = CSharpSyntaxTree.ParseText("""
            class Kernels
            {
                static void A(int count) { int i = Grid.IdxX * 4; int y = i / 3 - 1; int z = y / 2; int w = (i + 1) % 2; float f = w / 2f; }
            }
            """).GetRoot();
        var dividends = new NotNegative(tree);

        var wrong = tree.DescendantNodes().OfType<BinaryExpressionSyntax>().Where(NotNegative.IsDivisionOfIntegers).Where(division => !dividends.Holds(division.Left));

        Assert.Equal(["y / 2"], wrong.Select(division => division.ToString()));
    }

    [Fact]
    public void Kernels_have_no_more_parameters_than_ILGPU_launches_and_no_atomics()
    {
        foreach (var (name, tree) in KernelTrees())
        {
            Assert.All(
                tree.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => method.Modifiers.Any(SyntaxKind.PublicKeyword)),
                method => Assert.True(method.ParameterList.Parameters.Count <= GpuKernel.MostParameters, $"{name}: {method.Identifier}"));
            Assert.DoesNotContain("Atomic", tree.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>Whoever emits nothing for GPUs has the text that there always was.</summary>
    [Fact]
    public void The_CPUs_text_is_the_same_with_and_without_GPUs()
    {
        var without = GeneratorHarness.Run(LeNet5.Replace(", Targets = Targets.Cpu | Targets.Ilgpu", "", StringComparison.Ordinal)).Sources;
        var with = GeneratorHarness.Run(LeNet5).Sources;

        Assert.Equal(
            without.Select(file => (file.HintName, file.SourceText.ToString())).Order(),
            with.Where(file => !file.HintName.Contains(".Ilgpu.", StringComparison.Ordinal)).Select(file => (file.HintName, file.SourceText.ToString())).Order());
        Assert.Equal(4, with.Count(file => file.HintName.Contains(".Ilgpu.", StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Name, SyntaxNode Tree)> KernelTrees() => s_all.Value.Sources
        .Where(file => file.HintName.EndsWith(".Ilgpu.Kernels.g.cs", StringComparison.Ordinal))
        .Select(file => (file.HintName, CSharpSyntaxTree.ParseText(file.SourceText).GetRoot()));

    /// <summary>A kernel and its helper.</summary>
    private static string MethodOf(string text, string name)
    {
        var methods = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => method.Identifier.ValueText == name || method.Identifier.ValueText == name + "_Store");
        return string.Concat(methods.Select(method => Regex.Replace(method.ToFullString(), "(?m)^    ", "")));
    }
}
