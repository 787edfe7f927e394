using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CnnGen.Package.Tests;

/// <summary>Runs the SDK, or a program, as a user's shell would: with nothing of the test run's own build, and leaving nothing behind that runs.</summary>
internal static partial class Dotnet
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);

    /// <summary>Runs <c>dotnet</c>, which has to succeed (or with <paramref name="isFailure"/> to fail), and returns what it said.</summary>
    public static string Run(string folder, string arguments, bool isFailure = false) => Start(folder, "dotnet", arguments, isFailure);

    /// <summary>Runs a program that has to succeed, and returns what it said.</summary>
    public static string Start(string folder, string program, string arguments = "", bool isFailure = false)
    {
        var (code, said) = Try(folder, program, arguments);
        Assert.True(code == 0 != isFailure, $"{program} {arguments}: {code}\n{said}");
        return said;
    }

    /// <summary>Runs a program; returns its exit code, its output and then its errors.</summary>
    public static (int ExitCode, string Said) Try(string folder, string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return (process.ExitCode, (output.Result + errors.Result).ReplaceLineEndings("\n"));
    }

    /// <summary>The lines of a build's output that are warnings.</summary>
    public static IEnumerable<string> Warnings(string said) => said.Split('\n').Where(line => Warning().IsMatch(line));

    [GeneratedRegex(@"\bwarning [A-Z]+[0-9]+")]
    private static partial Regex Warning();
}
