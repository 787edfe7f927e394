using System.CommandLine;
using System.Globalization;

namespace CnnGen.Campaigns;

/// <summary>The command line and its help: a command a campaign, with the same options.</summary>
internal static class CommandLine
{
    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "No round begins after that time.",
        HelpName = "M",
        DefaultValueFactory = _ => 1,
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 10_080)
                return value;
            argument.AddError($"--minutes takes a number above 0, up to 10080, not '{text}'.");
            return 1;
        },
    };

    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "That many rounds, however long they take, instead of a time: the short form that the tests run.",
        HelpName = "N",
        CustomParser = argument => Whole(argument, "--rounds", 1),
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Decides all that is left to chance.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = argument => Whole(argument, "--seed", 0),
    };

    /// <summary>The command line as a whole.</summary>
    public static RootCommand Create(IEnumerable<Campaign> campaigns)
    {
        var root = new RootCommand("Looks for faults of CnnGen, each campaign for one kind, for as long as it is given. The exit code is 1 where one was found.");
        foreach (var campaign in campaigns)
        {
            var command = new Command(campaign.Name, campaign.Description) { Minutes, Rounds, Seed };
            command.SetAction(parsed =>
                Run(campaign, new CampaignRun(TimeSpan.FromMinutes(parsed.GetValue(Minutes)), parsed.GetValue(Rounds), parsed.GetValue(Seed), Console.Out)));
            root.Add(command);
        }

        return root;
    }

    private static int Run(Campaign campaign, CampaignRun run)
    {
        try
        {
            campaign.Run(run);
        }
        catch (Exception exception)
        {
            run.Fault(exception.ToString());
        }

        Console.WriteLine(run.Summary(campaign.Name));
        return run.Faults == 0 ? 0 : 1;
    }

    private static int Whole(System.CommandLine.Parsing.ArgumentResult argument, string name, int least)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least)
            return value;
        argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {int.MaxValue}, not '{text}'."));
        return least;
    }
}
