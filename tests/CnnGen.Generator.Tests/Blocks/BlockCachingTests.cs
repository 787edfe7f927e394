using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Blocks;

/// <summary>An edit of a block emits the models that use it anew, and no others.</summary>
public sealed class BlockCachingTests
{
    private const string Net = "[Model(3, 8, 8), Pair(4)] public partial class Net; [Model(3, 8, 8), Outer] public partial class Deep; [Model(3, 8, 8), ReLU] public partial class Other;";

    private const string Block = """
        [Conv2D("Width", 1), ReLU]
        public sealed class PairAttribute : BlockAttribute
        {
            public PairAttribute(int Width) { }
            public int Unused { get; set; } = 3;
        }

        [Pair(2), Tanh]
        public sealed class OuterAttribute : BlockAttribute;
        """;

    [Fact]
    public void A_changed_block_emits_its_models_anew()
    {
        var run = Edit(Block.Replace("\"Width\", 1", "\"Width + 1\", 1", StringComparison.Ordinal));

        Assert.Equal(["Deep Modified", "Net Modified", "Other Cached"], Requests(run));
        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified],
            run.Steps(CnnGenerator.BlockStep).SelectMany(step => step.Outputs).Select(output => output.Reason));
        Assert.Equal(5, run.Resolutions.Single(one => one.ClassName == "Net").Request!.Network.Output.OutputShape.Channels);
    }

    [Fact]
    public void A_block_that_uses_no_other_is_not_touched_by_one_that_uses_it()
    {
        var run = Edit(Block.Replace("Tanh", "Sigmoid", StringComparison.Ordinal));

        Assert.Equal(["Deep Modified", "Net Cached", "Other Cached"], Requests(run));
    }

    [Fact]
    public void A_comment_above_a_block_emits_nothing()
    {
        var run = Edit("// A comment.\n" + Block);

        Assert.Equal(["Deep Cached", "Net Cached", "Other Cached"], Requests(run));
        Assert.All(run.Result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs), output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Fact]
    public void A_default_that_nothing_names_emits_nothing()
    {
        var run = Edit(Block.Replace("= 3", "= 4", StringComparison.Ordinal));

        Assert.Equal(["Deep Cached", "Net Cached", "Other Cached"], Requests(run));
    }

    [Fact]
    public void A_fault_in_a_block_that_moves_is_reported_in_its_new_place()
    {
        var faulty = Block.Replace("\"Width\", 1", "\"Width / 3\", 1", StringComparison.Ordinal);
        var run = Edit(faulty, "// A comment.\n" + faulty);

        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("CNN1044", diagnostic.Id);
        Assert.Equal("Width / 3", diagnostic.Marked());
        Assert.Equal(1, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Equal("Pair(4)", Text(Assert.Single(diagnostic.AdditionalLocations)));
    }

    private static string Text(Location location) => location.SourceTree!.GetText().ToString(location.SourceSpan);

    private static IEnumerable<string> Requests(GeneratorRun run) => run.Steps(CnnGenerator.RequestStep).SelectMany(step => step.Outputs)
        .Select(output => $"{((Emitting.EmitRequest)output.Value).ClassName} {output.Reason}").Order(StringComparer.Ordinal);

    private static GeneratorRun Edit(string after) => Edit(Block, after);

    private static GeneratorRun Edit(string before, string after)
    {
        var first = GeneratorHarness.Compile(Net, before);
        var driver = GeneratorHarness.Driver(new CnnGenerator(new GeneratorSteps { CheckMemory = _ => null })).RunGenerators(first);
        var edited = first.ReplaceSyntaxTree(first.SyntaxTrees[1], GeneratorHarness.Parse(after, first.SyntaxTrees[1].FilePath));
        driver = driver.RunGeneratorsAndUpdateCompilation(edited, out var output, out _);
        return new GeneratorRun(driver, edited, (Microsoft.CodeAnalysis.CSharp.CSharpCompilation)output);
    }
}
