using System.Diagnostics;

namespace CnnGen.Tests.Campaigns;

/// <summary>Starts tests/CnnGen.Campaigns, which was built beside the tests, for a number of rounds.</summary>
internal static class CampaignProgram
{
    /// <summary>Runs a campaign's short form; it has to end without a fault.</summary>
    /// <returns>What it printed: its summary.</returns>
    public static string Run(string campaign, int rounds)
    {
        // .../CnnGen.Tests/bin/CONFIGURATION/FRAMEWORK/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            own.Parent!.Parent!.Parent!.Parent!.FullName, "CnnGen.Campaigns", "bin", own.Parent!.Name, own.Name, "CnnGen.Campaigns.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { program, campaign, "--rounds", FormattableString.Invariant($"{rounds}") })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{campaign} ended with {process.ExitCode}:\n{output}{errors.Result}");
        Assert.Contains(FormattableString.Invariant($"{campaign}: {rounds:N0} rounds"), output);
        Assert.Contains(", 0 faults,", output);
        return output;
    }
}
