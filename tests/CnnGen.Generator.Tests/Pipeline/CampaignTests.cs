using CnnGen.Campaigns;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>The short forms of the campaigns that look for faults of the generator; the long ones are commands of CnnGen.Campaigns.</summary>
public sealed class CampaignTests
{
    [Fact]
    public void Sources_cut_and_mixed_up_bring_no_fault_of_the_generators() => Check(new TokensCampaign(), 60);

    [Fact]
    public void Names_of_all_kinds_bring_no_fault_of_the_generators() => Check(new NamesCampaign(), 6);

    private static void Check(Campaign campaign, int rounds)
    {
        using var output = new StringWriter();
        var run = new CampaignRun(TimeSpan.Zero, rounds, seed: 1, output);

        campaign.Run(run);

        Assert.True(run.Faults == 0, output.ToString());
        Assert.Equal(rounds, run.Rounds);
    }
}
