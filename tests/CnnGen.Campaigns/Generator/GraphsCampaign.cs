namespace CnnGen.Campaigns;

/// <summary>
/// Graphs drawn at random: residual, dense, gated and U-shaped ones, with heads and with several readers of the image. Their predictions and gradients are
/// compared with the reference interpreter's, on every
/// instruction set, and their bits on one, two and three threads with one another.
/// </summary>
internal sealed class GraphsCampaign() : GeneratorTestCampaign(
    "CnnGen.Generator.Tests.Emitted.RandomGraphTests.Emitted_code_agrees_with_the_interpreter_with_the_same_bits_on_any_number_of_threads", "CNNGEN_RANDOM_GRAPHS", PerRound)
{
    /// <summary>Starting the tests' program and warming its compiler up takes as long as some twenty graphs.</summary>
    private const int PerRound = 240;

    public override string Name => "graphs";

    public override string Description =>
        FormattableString.Invariant($"Compiles {PerRound} graphs a round, drawn at random: predictions and gradients are the reference interpreter's, with the same bits on any number of threads.");
}
