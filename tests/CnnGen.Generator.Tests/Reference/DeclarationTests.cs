using System.Text;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>A declaration means the same to the generator as to the oracles: what is declared as text is the graph that is built by hand.</summary>
public class DeclarationTests
{
    [Fact]
    public void Declarations_of_the_vectors_are_their_networks()
    {
        var vectors = PyTorchVectors.Cases.Values.ToList();

        AssertNetworks(vectors.Select(vector => (vector.PrintClass("Tested"), vector.CreateNetwork())).ToList());
    }

    [Fact]
    public void Random_declarations_are_valid_and_their_networks()
    {
        AssertNetworks(RandomNetworkTests.Drawn.Take(300).Select(drawn => (drawn.Source, drawn.CreateNetwork())).ToList());
    }

    /// <summary>
    /// A compilation for a number of them, since starting one takes longer than reading a declaration. Not for all: the compiler follows each tracked step through every collection of all
    /// declarations before it, and with 300 that took minutes.
    /// </summary>
    private static void AssertNetworks(List<(string Source, Network Expected)> declarations)
    {
        foreach (var some in declarations.Chunk(40))
            AssertSome(some);
    }

    private static void AssertSome((string Source, Network Expected)[] declarations)
    {
        var source = new StringBuilder();
        for (var i = 0; i < declarations.Length; i++)
            source.Append(FormattableString.Invariant($"namespace N{i}\n{{\n{declarations[i].Source}}}\n"));

        var run = GeneratorHarness.RunWithoutCode(source.ToString());

        Assert.Empty(run.Diagnostics.Where(d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error).Select(d => $"{d.Id} at {d.Marked()}: {d.Text()}"));
        Assert.Equal(declarations.Length, run.Resolutions.Count);
        foreach (var ((text, expected), resolution) in declarations.Zip(run.Resolutions))
        {
            var network = resolution.Request?.Network;
            Assert.NotNull(network);
            Assert.True(expected.Loss == network.Loss, text);
            Assert.True(expected.Nodes.Count == network.Nodes.Count, text);
            foreach (var (one, other) in expected.Nodes.Zip(network.Nodes))
                Assert.True(one == other, $"{other}\nis declared, and expected was\n{one}\nin\n{text}");
        }
    }
}
