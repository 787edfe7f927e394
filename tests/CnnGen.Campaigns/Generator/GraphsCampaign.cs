using System.Diagnostics;
using System.Globalization;

namespace CnnGen.Campaigns;

/// <summary>
/// Graphs drawn at random: residual, dense, gated and U-shaped ones, with heads and with several readers of the image. Their predictions and gradients are compared with the reference interpreter's, on every
/// instruction set, and their bits on one, two and three threads with one another. The interpreter is the tests', so a round starts their program, with other graphs than the test command's.
/// </summary>
internal sealed class GraphsCampaign : Campaign
{
    /// <summary>The test that compares; it reads how many graphs, and the number of the first one.</summary>
    private const string Test = "CnnGen.Generator.Tests.Emitted.RandomGraphTests.Emitted_code_agrees_with_the_interpreter_with_the_same_bits_on_any_number_of_threads";

    /// <summary>Starting the tests' program and warming its compiler up takes as long as some twenty graphs.</summary>
    private const int PerRound = 240;

    public override string Name => "graphs";

    public override string Description =>
        FormattableString.Invariant($"Compiles {PerRound} graphs a round, drawn at random: predictions and gradients are the reference interpreter's, with the same bits on any number of threads.");

    public override void Run(CampaignRun run)
    {
        var program = Program();
        while (run.Next(out var random))
        {
            Round(run, program, random.Next(int.MaxValue - PerRound));
            run.Count("graphs", PerRound);
        }
    }

    private static void Round(CampaignRun run, string program, int first)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "test", program, "--filter", "FullyQualifiedName=" + Test })
            start.ArgumentList.Add(argument);
        start.Environment["CNNGEN_RANDOM_GRAPHS"] = PerRound.ToString(CultureInfo.InvariantCulture);
        start.Environment["CNNGEN_FIRST_GRAPH"] = first.ToString(CultureInfo.InvariantCulture);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var tests = Process.Start(start)!;
        var errors = tests.StandardError.ReadToEndAsync();
        var output = tests.StandardOutput.ReadToEnd();
        tests.WaitForExit();

        // One test, and it passed: a name that nothing has is no success.
        if (tests.ExitCode != 0 || !output.Contains("Passed:     1,", StringComparison.Ordinal))
            run.Fault(FormattableString.Invariant($"CNNGEN_FIRST_GRAPH={first} CNNGEN_RANDOM_GRAPHS={PerRound}: the tests ended with {tests.ExitCode}.\n{output}{errors.Result}"));
    }

    private static string Program()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CnnGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the program holds CnnGen.sln: the campaign's graphs are compared by a clone's tests.");
        var program = Path.Combine(folder.FullName, "tests", "CnnGen.Generator.Tests", "bin", "Release", "net10.0", "CnnGen.Generator.Tests.dll");
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException("The campaign compares by the tests, which are not built yet: dotnet build -c Release tests/CnnGen.Generator.Tests");
    }
}
