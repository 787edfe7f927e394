namespace CnnGen.Campaigns;

/// <summary>A long search for one kind of fault: round after round of what chance (a seed) decides, until its time is up.</summary>
internal abstract class Campaign
{
    /// <summary>The name on the command line, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the help: what is tried, and what counts as a fault.</summary>
    public abstract string Description { get; }

    /// <summary>
    /// Runs rounds for as long as <see cref="CampaignRun.Next"/> says so. What is found goes to <see cref="CampaignRun.Fault"/>; an exception ends the campaign
    /// and is a fault too.
    /// </summary>
    public abstract void Run(CampaignRun run);
}
