using CnnGen.Generator.Tests.Diagnostics;
using CnnGen.Generator.Tests.Support;
using CnnGen.Generator.Weights;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>When a weights file's header is read, and what follows from it runs.</summary>
public sealed class WeightsCachingTests : IDisposable
{
    private static readonly string s_net = WeightsCase.Declare("Weights(\"net.safetensors\")");

    private readonly WeightsProject _project = new();
    private int _reads;

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Code_elsewhere_reads_no_header_and_emits_nothing()
    {
        _project.Add("net.safetensors", WeightsCases.Sound);
        var run = Edit(s_net, s_net + "\n// A comment.", driver => driver);

        Assert.Equal(1, _reads);
        AssertCached(run, CnnGenerator.HeaderStep, CnnGenerator.WeightsFilesStep, CnnGenerator.WeightsStep, CnnGenerator.RequestStep);
    }

    [Fact]
    public void A_changed_layer_is_compared_with_the_header_as_it_was_read()
    {
        _project.Add("net.safetensors", WeightsCases.Sound);
        var run = Edit(s_net, s_net.Replace("Dense(2)", "Dense(3)", StringComparison.Ordinal), driver => driver);

        Assert.Equal(1, _reads);
        Assert.Equal(["CNN4006", "CNN4006"], run.Diagnostics.Select(one => one.Id));
    }

    [Fact]
    public void Another_file_of_the_project_reads_no_header_and_emits_nothing()
    {
        _project.Add("net.safetensors", WeightsCases.Sound);
        _project.Add("notes.txt", null);
        var notes = _project.Texts[1];
        var run = Edit(s_net, s_net, driver => driver.RemoveAdditionalTexts([notes]));

        Assert.Equal(1, _reads);
        AssertCached(run, CnnGenerator.HeaderStep, CnnGenerator.WeightsStep, CnnGenerator.RequestStep);
    }

    [Fact]
    public void A_changed_file_is_read_again_and_a_mended_one_takes_the_error_away()
    {
        _project.Add("net.safetensors", WeightsCases.Sound[..^1]);
        var run = Edit(s_net, s_net, driver =>
        {
            Assert.Equal(["CNN4003"], driver.GetRunResult().Diagnostics.Select(one => one.Id));
            var old = _project.Texts[0];
            _project.Add("net.safetensors", WeightsCases.Sound);
            return driver.ReplaceAdditionalText(old, _project.Texts[1]);
        });

        Assert.Equal(2, _reads);
        Assert.Empty(run.Diagnostics);
        Assert.Contains("Pretrained", run.SourceText("Net.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_saved_again_with_the_same_header_emits_nothing()
    {
        _project.Add("net.safetensors", WeightsCases.Sound);
        var run = Edit(s_net, s_net, driver =>
        {
            var old = _project.Texts[0];
            var other = WeightsCases.Sound.ToArray();
            other[^1]++;
            _project.Add("net.safetensors", other);
            return driver.ReplaceAdditionalText(old, _project.Texts[1]);
        });

        Assert.Equal(2, _reads);
        AssertCached(run, CnnGenerator.WeightsStep, CnnGenerator.RequestStep);
    }

    [Fact]
    public void A_model_without_weights_sees_nothing_of_the_files()
    {
        _project.Add("net.safetensors", [1, 2, 3]);

        var run = _project.Run("[Model(3, 2, 2), Dense(2), Softmax] public partial class Net;");

        Assert.Empty(run.Diagnostics);
        Assert.DoesNotContain("Pretrained", run.SourceText("Net.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_the_generators_own_is_reported_at_the_attribute()
    {
        _project.Add("net.safetensors", WeightsCases.Sound);
        foreach (var (steps, id) in new[]
        {
            (new GeneratorSteps { ReadHeader = _ => throw new InvalidOperationException("Fault.") }, "CNN4003"),
            (new GeneratorSteps { CheckWeights = (_, _, _) => throw new InvalidOperationException("Fault.") }, "CNN9001"),
        })
        {
            var run = _project.Run(GeneratorHarness.Compile(s_net, "static class Use { static Net Model => Net.Pretrained; }"), new CnnGenerator(steps));

            Assert.Null(run.Result.Exception);
            var diagnostic = Assert.Single(run.Diagnostics);
            Assert.Equal(id, diagnostic.Id);
            Assert.Contains("InvalidOperationException: Fault (at ", diagnostic.Text(), StringComparison.Ordinal);
            Assert.Contains("net.safetensors", diagnostic.Marked(), StringComparison.Ordinal);
            Assert.Empty(run.CompilerErrors());
        }
    }

    /// <summary>Runs over one text, then over what it and the driver were edited to.</summary>
    private GeneratorRun Edit(string before, string after, Func<GeneratorDriver, GeneratorDriver> edit)
    {
        var steps = new GeneratorSteps
        {
            ReadHeader = path =>
            {
                _reads++;
                return HeaderReader.Read(path);
            },
        };
        var first = GeneratorHarness.Compile(before);
        var driver = edit(_project.Driver(new CnnGenerator(steps)).RunGenerators(first));
        var edited = first.ReplaceSyntaxTree(first.SyntaxTrees[0], GeneratorHarness.Parse(after, first.SyntaxTrees[0].FilePath));
        driver = driver.RunGeneratorsAndUpdateCompilation(edited, out var output, out _);
        return new GeneratorRun(driver, edited, (CSharpCompilation)output);
    }

    private static void AssertCached(GeneratorRun run, params string[] steps)
    {
        foreach (var step in steps)
        {
            var reasons = run.Steps(step).SelectMany(one => one.Outputs).Select(output => output.Reason).ToList();
            Assert.NotEmpty(reasons);
            Assert.All(reasons, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {reason}"));
        }

        var emitted = run.Result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).ToList();
        Assert.NotEmpty(emitted);
        Assert.All(emitted, output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }
}
