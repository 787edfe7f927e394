using CnnGen.Campaigns;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>Every name of a type or a namespace that emitted code uses, given to types, namespaces and aliases of the user's: emitted code goes on to mean what it meant.</summary>
public sealed class HidingTests
{
    private const string Net = """
        [global::CnnGen.Model(4, 4, 4)]
        [global::CnnGen.Normalize(0.5f, 0.5f)]
        [global::CnnGen.Conv2D(8, 3, Padding = 1), global::CnnGen.BatchNorm, global::CnnGen.ReLU, global::CnnGen.MaxPool(2)]
        [global::CnnGen.LocalResponseNorm(4), global::CnnGen.Dropout, global::CnnGen.Conv2D(8, 3, Padding = 1, Groups = 8)]
        [global::CnnGen.Conv2D(16, 1, Algorithm = global::CnnGen.ConvAlgorithm.Im2Col), global::CnnGen.ELU]
        [global::CnnGen.Conv2D(32, 3, Padding = 1, Algorithm = global::CnnGen.ConvAlgorithm.Winograd2x2), global::CnnGen.BatchNorm, global::CnnGen.LeakyReLU]
        [global::CnnGen.Tanh, global::CnnGen.Dense(32), global::CnnGen.Sigmoid, global::CnnGen.Dense(3), global::CnnGen.Softmax]
        public partial class Net;
        """;

    private static readonly Lazy<IReadOnlyList<string>> s_names = new(Names);

    public static TheoryData<string> Places => [.. Decoys.Places];

    [Theory]
    [MemberData(nameof(Places))]
    public void No_type_namespace_or_alias_of_the_users_is_taken_for_ours(string place)
    {
        // A type of these names in the global namespace hides the namespace itself, from everybody: CNN1019.
        var names = s_names.Value.Where(name => place != "types in the global namespace" || name is not ("System" or "CnnGen"));

        var run = GeneratorHarness.Run([.. Decoys.Sources(place, [.. names], Net)]);

        Assert.Empty(run.Diagnostics);
        Assert.NotEmpty(run.Sources);
        var errors = run.CompilerErrors().Where(error => !run.Input.ContainsSyntaxTree(error.Location.SourceTree)).Select(error => error.Id + " " + error.Text()).Distinct();
        Assert.Equal("", string.Join('\n', errors));
    }

    [Fact]
    public void The_names_are_those_that_emitted_code_uses()
    {
        foreach (var name in new[] { "System", "CnnGen", "Runtime", "Math", "MathF", "WorkerTeam", "PredictionContext", "Workspace", "Startup", "Vector512", "Offsets", "Conv1", "Span", "nint" })
            Assert.Contains(name, s_names.Value);
    }

    [Fact]
    public void Kernels_name_types_by_aliases_of_their_own_or_in_full()
    {
        var run = GeneratorHarness.Run("namespace App.Nets;\n" + Net);
        foreach (var source in run.Sources.Where(source => source.HintName.EndsWith("Scalar.g.cs", StringComparison.Ordinal) || source.HintName.EndsWith("Program.g.cs", StringComparison.Ordinal)))
        {
            var usings = source.SyntaxTree.GetRoot().DescendantNodes().OfType<UsingDirectiveSyntax>().ToList();
            Assert.All(usings, one => Assert.IsAssignableFrom<BaseNamespaceDeclarationSyntax>(one.Parent));
            Assert.Contains(usings, one => one.Alias?.Name.ToString() == (source.HintName.EndsWith("Program.g.cs", StringComparison.Ordinal) ? "WorkerTeam" : "MathF"));
        }
    }

    /// <summary>What the user's part declares itself can't be declared twice.</summary>
    private static IReadOnlyList<string> Names()
    {
        var run = GeneratorHarness.Run("namespace App.Nets;\n" + Net);
        return [.. EmittedNames.OfTypes(run.Output, run.Output.SyntaxTrees.Where(tree => !run.Input.ContainsSyntaxTree(tree))).Where(name => name is not ("Net" or "App" or "Nets"))];
    }
}
