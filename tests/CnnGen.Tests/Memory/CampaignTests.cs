using System.Diagnostics;

namespace CnnGen.Tests.Memory;

/// <summary>The short forms of the campaigns: each in a process of its own, which what it looks for may end.</summary>
public sealed class CampaignTests
{
    [Theory]
    [InlineData("collect", 300)]
    [InlineData("threads", 100)]
    public async Task Nothing_is_found(string campaign, int rounds)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "CnnGen.Campaigns.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, campaign, "--rounds", rounds.ToString(System.Globalization.CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{output}\n{await error}");
        Assert.Contains($"{campaign}: {rounds} rounds", output);
        Assert.Contains(" 0 faults", output);
    }
}
