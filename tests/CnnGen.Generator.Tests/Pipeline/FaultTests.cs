using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>An exception in any step is an error of ours: from Roslyn its user would get no more than the warning CS8785.</summary>
public sealed class FaultTests
{
    private const string Net = "[Model(3, 8, 8), Dense(2)] public partial class Net;";
    private const string WrongNet = "[Model(3, 8, 8), Dense(0)] public partial class Net;";

    [Fact]
    public void A_fault_in_reading_is_reported_at_the_class() =>
        AssertFault(Run(Net, new GeneratorSteps { Read = (_, _, _, _) => throw Fault() }), "Net");

    [Fact]
    public void A_fault_in_reading_a_block_is_reported_at_the_block() => Assert.Equal(
        "PartAttribute",
        AssertId(Run("[ReLU] public sealed class PartAttribute : BlockAttribute;", new GeneratorSteps { ReadBlock = (_, _, _, _) => throw Fault() })).Marked());

    [Fact]
    public void A_fault_in_resolving_is_reported_at_the_model() =>
        AssertFault(Run(Net, new GeneratorSteps { Build = _ => throw Fault() }), "Model(3, 8, 8)");

    [Fact]
    public void A_fault_in_signatures_is_reported() =>
        AssertFault(Run(Net, new GeneratorSteps { Signatures = _ => throw Fault() }), null);

    [Fact]
    public void A_fault_in_bodies_is_reported() =>
        AssertFault(Run(Net, new GeneratorSteps { Bodies = _ => throw Fault() }), null);

    [Fact]
    public void A_fault_in_the_shell_is_reported_beside_the_error_itself()
    {
        var run = Run(WrongNet, new GeneratorSteps { Shell = _ => throw Fault() });

        Assert.Equal(["CNN1012", "CNN9001"], run.Result.Diagnostics.Select(diagnostic => diagnostic.Id).Order());
    }

    [Fact]
    public void A_file_that_is_emitted_twice_is_reported() =>
        AssertId(Run(Net, new GeneratorSteps { Signatures = _ => [("Net.g.cs", ""), ("Net.g.cs", "")] }));

    [Fact]
    public void After_a_fault_in_resolving_the_class_still_has_its_members()
    {
        var run = GeneratorHarness.Run(
            GeneratorHarness.Compile(Net + "static class Use { static Net Make() => Net.Create(); }"),
            new CnnGenerator(new GeneratorSteps { Build = _ => throw Fault() }));

        Assert.Empty(run.CompilerErrors());
    }

    private static InvalidOperationException Fault() => new("two\nlines.");

    private static GeneratorRun Run(string source, GeneratorSteps steps) =>
        GeneratorHarness.Run(GeneratorHarness.Compile(source), new CnnGenerator(steps));

    private static Diagnostic AssertId(GeneratorRun run)
    {
        Assert.Null(run.Result.Exception);
        var diagnostic = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("CNN9001", diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        return diagnostic;
    }

    private static void AssertFault(GeneratorRun run, string? marked)
    {
        var diagnostic = AssertId(run);
        Assert.StartsWith("The generator failed on Net: InvalidOperationException: two lines (at ", diagnostic.Text(), StringComparison.Ordinal);
        Assert.EndsWith("please report it with the declaration.", diagnostic.Text(), StringComparison.Ordinal);
        if (marked is null)
            Assert.Equal(Location.None, diagnostic.Location);
        else
            Assert.Equal(marked, diagnostic.Marked());
    }
}
