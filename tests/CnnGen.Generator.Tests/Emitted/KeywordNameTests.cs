using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Names that are keywords somewhere in C#, or that it warns of, as a model's class, namespace and layers have them.</summary>
public sealed class KeywordNameTests
{
    /// <summary>Those that C# lists itself, and keywords of later versions and of no documentation.</summary>
    private static readonly IReadOnlyList<string> s_keywords =
    [
        .. SyntaxFacts.GetContextualKeywordKinds().Select(SyntaxFacts.GetText), "extension", "field", "dynamic", "nint", "nuint", "notnull", "_", "lower",
    ];

    private static readonly IReadOnlyList<string> s_reserved = [.. SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText), "__arglist", "__makeref", "__reftype", "__refvalue"];

    [Fact]
    public void Classes_namespaces_and_types_around_may_be_called_so()
    {
        var models = string.Concat(s_keywords.Concat(s_reserved.TakeLast(8)).Distinct().Select(name => $$"""
            namespace @{{name}}
            {
                public partial class @{{name}}1
                {
                    [global::CnnGen.Model(1, 2, 2), global::CnnGen.Dense(2)]
                    public partial class @{{name}};
                }
            }

            """));

        Check(models);
    }

    [Fact]
    public void Layers_may_be_called_so_or_are_told_not_to()
    {
        var layers = string.Join(", ", s_keywords.Distinct().Select(name => $"Conv2D(2, 1, Name = \"{name}\"), BatchNorm(Name = \"{name}{name}\")"));
        Check($"[Model(2, 2, 2)]\n[{layers}]\npublic partial class Net;");

        foreach (var name in s_reserved)
        {
            var run = GeneratorHarness.Run($"[Model(2, 2, 2)]\n[Conv2D(2, 1, Name = \"{name}\")]\npublic partial class Net;");
            if (run.Diagnostics.Count == 0)
                Assert.Empty(run.CompilerErrors());
            else
                Assert.Equal("CNN3004", Assert.Single(run.Diagnostics).Id);
        }
    }

    [Fact]
    public void An_assembly_that_says_it_is_CLS_compliant_is_not_warned() => Check("""
        [assembly: System.CLSCompliant(true)]

        [Model(2, 5, 5)]
        [Conv2D(2, 3, Name = "stem"), BatchNorm(Name = "Stem2"), ReLU(Name = "sTem"), Dense(2, Name = "_dense"), Softmax]
        public partial class Net;
        """);

    private static void Check(string source)
    {
        var run = GeneratorHarness.Run(source);
        Assert.Empty(run.Diagnostics);
        Assert.NotEmpty(run.Sources);
        var said = run.CompilerErrors().Where(error => !run.Input.ContainsSyntaxTree(error.Location.SourceTree)).Select(error => error.ToString()).Distinct();
        Assert.Equal("", string.Join('\n', said.Take(20)));
    }
}
