using System.Globalization;

namespace CnnGen.Campaigns;

/// <summary>A campaign whose rounds are a test of the generator's over graphs that nobody has drawn before. The interpreter that it compares with is the tests', so a round starts their program.</summary>
/// <param name="test">The test's full name; it reads the number of the first graph from CNNGEN_FIRST_GRAPH.</param>
/// <param name="countVariable">What says how many graphs it draws.</param>
/// <param name="perRound">How many graphs a round has.</param>
internal abstract class GeneratorTestCampaign(string test, string countVariable, int perRound) : Campaign
{
    public sealed override void Run(CampaignRun run)
    {
        var program = TestsProgram.Find();
        while (run.Next(out var random))
        {
            var first = random.Next(int.MaxValue - perRound).ToString(CultureInfo.InvariantCulture);
            if (TestsProgram.Run(program, test, ("CNNGEN_FIRST_GRAPH", first), (countVariable, perRound.ToString(CultureInfo.InvariantCulture))) is { } wrong)
                run.Fault(wrong);
            run.Count("graphs", perRound);
        }
    }
}
