using System.Text.RegularExpressions;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>
/// Every name that emitted code uses, given to a layer or to a member of the user's: it is an error of ours or it compiles, so that no name
/// of the user's is an error inside emitted code.
/// </summary>
public sealed partial class NamesInEmittedCodeTests
{
    private const string Net = """
        [Model(4, 12, 12)]
        [Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), LocalResponseNorm(4), Dropout]
        [Conv2D(8, 3, Padding = 1, Groups = 8), Conv2D(16, 1, Algorithm = ConvAlgorithm.Im2Col), ELU, AveragePool(2)]
        [Conv2D(16, 3, Stride = 2, Padding = 1), LeakyReLU, Tanh, Dense(32), Sigmoid, Dense(3), Softmax]
        public partial class Net;
        """;

    private static readonly IReadOnlyList<string> s_names =
    [
        .. GeneratorHarness.Run(Net).Sources
            .SelectMany(source => CSharpSyntaxTree.ParseText(source.SourceText, GeneratorHarness.ParseOptions).GetRoot().DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is not (ParameterSyntax or VariableDeclaratorSyntax))
            .Select(token => token.ValueText)
            .Where(name => char.IsUpper(name[0]) || name[0] == '_')
            .Where(name => !CountedName().IsMatch(name) && name != "Net")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void A_layer_may_have_any_name_or_is_told_not_to()
    {
        Assert.Contains("Weight", s_names);
        Assert.Contains("PredictCore", s_names);

        Check(name => $"[Conv2D(4, 1, Name = \"{name}\")]\n", _ => "", "CNN3005");
    }

    [Fact]
    public void A_member_of_the_users_may_have_any_name_or_is_told_not_to() =>
        Check(_ => "", name => $"public static int {name} => 1;\n", "CNN3007");

    /// <summary>Names that count: those of kernels, which stand inside classes of their own, and of the layers themselves.</summary>
    [GeneratedRegex("[0-9]$")]
    private static partial Regex CountedName();

    /// <summary>All names at once; then all but those that were refused, which leaves nothing to say.</summary>
    private static void Check(Func<string, string> layer, Func<string, string> member, string id)
    {
        GeneratorRun Run(IEnumerable<string> names) => GeneratorHarness.Run(Net
            .Replace("[Conv2D(16, 3", string.Concat(names.Select(layer)) + "[Conv2D(16, 3", StringComparison.Ordinal)
            .Replace("Net;", "Net { " + string.Concat(names.Select(member)) + "}", StringComparison.Ordinal));

        var refused = new HashSet<string>(StringComparer.Ordinal);
        foreach (var diagnostic in Run(s_names).Diagnostics)
        {
            Assert.Equal(id, diagnostic.Id);
            refused.Add(diagnostic.Marked().Split('"') is [_, var name, _] ? name : diagnostic.Marked());
        }

        var run = Run(s_names.Where(name => !refused.Contains(name)));
        Assert.DoesNotContain(run.Diagnostics, _ => true);

        // What C# says of the user's own text (a member that hides Equals) is between the two of them.
        var errors = run.CompilerErrors().Where(error => !run.Input.ContainsSyntaxTree(error.Location.SourceTree)).Select(error => error.Id + " " + error.Text()).Distinct().ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.InRange(refused.Count, 1, s_names.Count / 2);
    }
}
