using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>Which steps an edit runs again: each keystroke of a user's runs the pipeline, and only a changed network may emit anew.</summary>
public sealed class CachingTests
{
    private const string Net = """
        [Model(3, 8, 8)]
        [Conv2D(4, 3), ReLU]
        [Dense(2), Softmax]
        public partial class Net;
        """;

    private const string Other = "[Model(1, 4, 4), Dense(3)] public partial class Other;";

    [Fact]
    public void The_same_text_again_runs_nothing() => AssertReasons(
        Edit(Net, Net),
        read: IncrementalStepRunReason.Cached,
        content: IncrementalStepRunReason.Cached,
        resolve: IncrementalStepRunReason.Cached,
        request: IncrementalStepRunReason.Cached,
        outputs: IncrementalStepRunReason.Cached);

    [Fact]
    public void A_comment_below_the_class_changes_nothing_that_is_read() => AssertReasons(
        Edit(Net, Net + "\n// A comment."),
        read: IncrementalStepRunReason.Cached,
        content: IncrementalStepRunReason.Cached,
        resolve: IncrementalStepRunReason.Cached,
        request: IncrementalStepRunReason.Cached,
        outputs: IncrementalStepRunReason.Cached);

    [Fact]
    public void A_comment_above_the_class_moves_it_and_emits_nothing() => AssertReasons(
        Edit(Net, "// A comment.\n" + Net),
        read: IncrementalStepRunReason.Modified,
        content: IncrementalStepRunReason.Unchanged,
        resolve: IncrementalStepRunReason.Cached,
        request: IncrementalStepRunReason.Cached,
        outputs: IncrementalStepRunReason.Cached);

    [Fact]
    public void An_attribute_moved_to_another_line_emits_nothing() => AssertReasons(
        Edit(Net, Net.Replace(", ReLU]", "]\n[ReLU]", StringComparison.Ordinal)),
        read: IncrementalStepRunReason.Modified,
        content: IncrementalStepRunReason.Unchanged,
        resolve: IncrementalStepRunReason.Cached,
        request: IncrementalStepRunReason.Cached,
        outputs: IncrementalStepRunReason.Cached);

    [Fact]
    public void A_default_that_is_written_out_resolves_again_and_emits_nothing() => AssertReasons(
        Edit(Net, Net.Replace("(4, 3)", "(4, 3, Padding = 0)", StringComparison.Ordinal)),
        read: IncrementalStepRunReason.Modified,
        content: IncrementalStepRunReason.Modified,
        resolve: IncrementalStepRunReason.Unchanged,
        request: IncrementalStepRunReason.Cached,
        outputs: IncrementalStepRunReason.Cached);

    [Fact]
    public void A_changed_layer_emits_anew() => AssertReasons(
        Edit(Net, Net.Replace("(4, 3)", "(5, 3)", StringComparison.Ordinal)),
        read: IncrementalStepRunReason.Modified,
        content: IncrementalStepRunReason.Modified,
        resolve: IncrementalStepRunReason.Modified,
        request: IncrementalStepRunReason.Modified,
        outputs: IncrementalStepRunReason.Modified);

    [Fact]
    public void A_class_without_a_model_changes_nothing_that_is_read() => AssertReasons(
        Edit(Net, Net, "public class Added;"),
        read: IncrementalStepRunReason.Cached,
        content: IncrementalStepRunReason.Cached,
        resolve: IncrementalStepRunReason.Cached,
        request: IncrementalStepRunReason.Cached,
        outputs: IncrementalStepRunReason.Cached);

    [Fact]
    public void A_second_model_leaves_the_first_one_be()
    {
        var run = Edit(Net, Net, Other);

        Assert.Equal(
            [IncrementalStepRunReason.New, IncrementalStepRunReason.Cached],
            Reasons(run, CnnGenerator.ResolveStep).Order());
        Assert.Equal(2, run.Sources.Select(source => source.HintName).Count(name => name is "Net.g.cs" or "Other.g.cs"));
    }

    [Theory]
    [InlineData("[Model(2, 7, 7)] [Conv2D(4, 5), Tanh, Dense(6)] public partial class Third;", 1)]
    [InlineData("[Model(3, 8, 8)] [Conv2D(4, 3), ReLU] [Dense(7)] public partial class Third;", 2)]
    public void A_model_is_emitted_again_where_it_comes_to_share_a_kernel(string third, int emitted)
    {
        var second = "[Model(1, 9, 9), Dense(5)] public partial class Second;";
        var first = GeneratorHarness.Compile(Net, Other, second);
        var driver = GeneratorHarness.Driver().RunGenerators(first);
        driver = driver.RunGeneratorsAndUpdateCompilation(first.AddSyntaxTrees(GeneratorHarness.Parse(third, "Third.cs")), out var output, out _);
        var run = new GeneratorRun(driver, first, (Microsoft.CodeAnalysis.CSharp.CSharpCompilation)output);

        Assert.Equal(emitted, Reasons(run, CnnGenerator.BodyStep).Count(reason => reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified));
    }

    [Fact]
    public void A_moved_fault_is_reported_in_its_new_place_and_its_shell_is_kept()
    {
        var faulty = Net.Replace("(4, 3)", "(0, 3)", StringComparison.Ordinal);

        var run = Edit(faulty, "// A comment.\n" + faulty);

        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(run, CnnGenerator.ShellStep));
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("0", diagnostic.Marked());
        Assert.Equal(2, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void A_member_that_the_user_adds_emits_nothing()
    {
        var run = Edit(Net, Net.Replace("class Net;", "class Net { public int Size => 1; }", StringComparison.Ordinal));

        Assert.Equal([IncrementalStepRunReason.Unchanged], Reasons(run, CnnGenerator.ResolveStep));
    }

    /// <summary>Runs over one text, then over what it was edited to, on the same driver.</summary>
    private static GeneratorRun Edit(string before, string after, params string[] addedFiles)
    {
        var first = GeneratorHarness.Compile(before);
        var driver = GeneratorHarness.Driver().RunGenerators(first);
        var edited = first.ReplaceSyntaxTree(first.SyntaxTrees[0], GeneratorHarness.Parse(after, first.SyntaxTrees[0].FilePath));
        edited = edited.AddSyntaxTrees(addedFiles.Select((file, index) => GeneratorHarness.Parse(file, $"Added{index + 1}.cs")));
        driver = driver.RunGeneratorsAndUpdateCompilation(edited, out var output, out _);
        return new GeneratorRun(driver, edited, (Microsoft.CodeAnalysis.CSharp.CSharpCompilation)output);
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRun run, string step) =>
        run.Steps(step).SelectMany(one => one.Outputs).Select(output => output.Reason);

    private static void AssertReasons(
        GeneratorRun run,
        IncrementalStepRunReason read,
        IncrementalStepRunReason content,
        IncrementalStepRunReason resolve,
        IncrementalStepRunReason request,
        IncrementalStepRunReason outputs)
    {
        Assert.Equal([read], Reasons(run, CnnGenerator.ReadStep));
        Assert.Equal([content], Reasons(run, CnnGenerator.ContentStep));
        Assert.Equal([resolve], Reasons(run, CnnGenerator.ResolveStep));
        Assert.Equal([request], Reasons(run, CnnGenerator.RequestStep));
        var emitted = run.Result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).ToList();
        Assert.NotEmpty(emitted);
        if (outputs == IncrementalStepRunReason.Cached)
            Assert.All(emitted, output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        else
            Assert.Contains(emitted, output => output.Reason == outputs);
    }
}
