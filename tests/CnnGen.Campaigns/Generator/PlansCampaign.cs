using System.Globalization;

namespace CnnGen.Campaigns;

/// <summary>
/// Plans of small graphs drawn at random, of every layer, executed by what their kernels mean and compared with the reference interpreter, with tasks in an
/// order that is drawn. Nothing is compiled, so
/// that a round has thousands. Executor and interpreter are the tests', so a round starts their program, with other graphs than the test command's.
/// </summary>
internal sealed class PlansCampaign : Campaign
{
    /// <summary>The test that compares; it reads how many graphs, and the number of the first one.</summary>
    private const string Test = "CnnGen.Generator.Tests.Execution.PlanExecutionTests.Plans_of_graphs_agree_with_the_interpreter_in_any_order_of_tasks";

    private const int PerRound = 2000;

    public override string Name => "plans";

    public override string Description =>
        FormattableString.Invariant($"Executes the plans of {PerRound} graphs a round, drawn at random: predictions, gradients and explanations are the reference interpreter's.");

    public override void Run(CampaignRun run)
    {
        var program = TestsProgram.Find();
        while (run.Next(out var random))
        {
            var first = random.Next(int.MaxValue - PerRound).ToString(CultureInfo.InvariantCulture);
            var count = PerRound.ToString(CultureInfo.InvariantCulture);
            if (TestsProgram.Run(program, Test, ("CNNGEN_FIRST_GRAPH", first), ("CNNGEN_PLANNED_GRAPHS", count)) is { } wrong)
                run.Fault(wrong);
            run.Count("graphs", PerRound);
        }
    }
}
