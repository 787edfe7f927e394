namespace CnnGen.Campaigns;

/// <summary>
/// Plans of small graphs drawn at random, of every layer, executed by what their kernels mean and compared with the reference interpreter, with tasks in an
/// order that is drawn. Nothing is compiled, so
/// that a round has thousands.
/// </summary>
internal sealed class PlansCampaign() : GeneratorTestCampaign(
    "CnnGen.Generator.Tests.Execution.PlanExecutionTests.Plans_of_graphs_agree_with_the_interpreter_in_any_order_of_tasks", "CNNGEN_PLANNED_GRAPHS", PerRound)
{
    private const int PerRound = 2000;

    public override string Name => "plans";

    public override string Description =>
        FormattableString.Invariant($"Executes the plans of {PerRound} graphs a round, drawn at random: predictions, gradients and explanations are the reference interpreter's.");
}
