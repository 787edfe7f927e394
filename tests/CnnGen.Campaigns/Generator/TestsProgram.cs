using System.Diagnostics;

namespace CnnGen.Campaigns;

/// <summary>The generator's tests, started as a program of its own: they have the reference interpreter.</summary>
internal static class TestsProgram
{
    /// <summary>The built tests of the clone that this program is of.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CnnGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the program holds CnnGen.sln: the campaign's graphs are compared by a clone's tests.");
        var program = Path.Combine(folder.FullName, "tests", "CnnGen.Generator.Tests", "bin", "Release", "net10.0", "CnnGen.Generator.Tests.dll");
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException("The campaign compares by the tests, which are not built yet: dotnet build -c Release tests/CnnGen.Generator.Tests");
    }

    /// <summary>Runs one test; what it says where it doesn't pass, else null.</summary>
    /// <param name="program">The tests.</param>
    /// <param name="test">The test's full name.</param>
    /// <param name="variables">What it reads of its environment.</param>
    public static string? Run(string program, string test, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "test", program, "--filter", "FullyQualifiedName=" + test })
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var tests = Process.Start(start)!;
        var errors = tests.StandardError.ReadToEndAsync();
        var output = tests.StandardOutput.ReadToEnd();
        tests.WaitForExit();

        // One test, and it passed: a name that nothing has is no success.
        if (tests.ExitCode == 0 && output.Contains("Passed:     1,", StringComparison.Ordinal))
            return null;
        var given = string.Join(" ", variables.Select(variable => $"{variable.Name}={variable.Value}"));
        return FormattableString.Invariant($"{given}: the tests ended with {tests.ExitCode}.\n{output}{errors.Result}");
    }
}
