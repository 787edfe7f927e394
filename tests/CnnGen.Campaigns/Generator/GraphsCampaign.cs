using System.Globalization;

namespace CnnGen.Campaigns;

/// <summary>
/// Graphs drawn at random: residual, dense, gated and U-shaped ones, with heads and with several readers of the image. Their predictions and gradients are
/// compared with the reference interpreter's, on every
/// instruction set, and their bits on one, two and three threads with one another. The interpreter is the tests', so a round starts their program, with other
/// graphs than the test command's.
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
        var program = TestsProgram.Find();
        while (run.Next(out var random))
        {
            var first = random.Next(int.MaxValue - PerRound).ToString(CultureInfo.InvariantCulture);
            var count = PerRound.ToString(CultureInfo.InvariantCulture);
            if (TestsProgram.Run(program, Test, ("CNNGEN_FIRST_GRAPH", first), ("CNNGEN_RANDOM_GRAPHS", count)) is { } wrong)
                run.Fault(wrong);
            run.Count("graphs", PerRound);
        }
    }
}
