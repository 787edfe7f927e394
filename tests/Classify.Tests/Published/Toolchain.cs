using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClassifySample.Tests.Published;

/// <summary>Whether this machine can publish native programs, and runs what is needed for it.</summary>
internal static class Toolchain
{
    private static readonly Lazy<string?> s_missing = new(FindMissing);

    /// <summary>Why nothing can be published here; null where it can.</summary>
    public static string? Missing => s_missing.Value;

    /// <summary>Runs a program to its end.</summary>
    public static Result Run(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root,
        };

        // What the test's own host was told is not for other builds; and no server may outlive the test.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new Result(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>The full path of a program that the machine has, or null.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            return "The published folder is for Linux on x86-64.";
        if (Find("gcc") is null)
            return "There is no gcc, which links native programs (Debian: apt-get install gcc libc6-dev).";
        var restored = Run("dotnet", ["restore", Repository.Sample, "-p:_IsPublishing=true", "-p:IlcInstructionSet=base", "-p:NativeLib=Shared"]);
        return restored.Exit == 0
            ? null
            : "NativeAOT's packages can't be restored: " + restored.Output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal), "").Trim();
    }

    /// <summary>How a program ended, and what it said.</summary>
    internal sealed record Result(int Exit, string Output, string Error)
    {
        /// <summary>What it printed; fails where it failed.</summary>
        public string Checked()
        {
            Assert.True(Exit == 0, $"exit code {Exit}\n{Output}\n{Error}");
            return Output;
        }
    }
}

/// <summary>A test of what is published: skipped, with the reason, where nothing can be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PublishedFactAttribute : FactAttribute
{
    /// <summary>A test that needs these programs too.</summary>
    public PublishedFactAttribute(params string[] programs)
    {
        Skip = Toolchain.Missing
            ?? programs.Where(program => Toolchain.Find(program) is null).Select(program => $"There is no {program} here.").FirstOrDefault();
    }
}

/// <summary>A test that publishes a program of its own, for minutes: skipped where not all is tested, and where nothing can be published.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongPublishedFactAttribute : FactAttribute
{
    public LongPublishedFactAttribute() => Skip = Toolchain.Missing
        ?? (Environment.GetEnvironmentVariable("CNNGEN_TESTS") == "all" ? null : "It publishes a program for minutes: CNNGEN_TESTS=all in the environment runs it, as .ci/run does.");
}
