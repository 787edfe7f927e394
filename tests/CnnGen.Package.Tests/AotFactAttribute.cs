using System.Runtime.InteropServices;

namespace CnnGen.Package.Tests;

/// <summary>A test that publishes a native program: skipped where there is no linker, or where Microsoft's packages for it can't be restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AotFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_lack = new(FindLack);

    public AotFactAttribute()
    {
        if (s_lack.Value is { } lack)
            Skip = lack;
    }

    private static string? FindLack()
    {
        if (!OperatingSystem.IsLinux())
            return "publishes a native program, which is tested on Linux alone.";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc"))))
            return "publishes a native program, which needs clang or gcc as its linker: neither is in PATH.";

        var folder = Directory.CreateTempSubdirectory("cnngen-aot-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "Probe.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net9.0</TargetFramework>
                    <PublishAot>true</PublishAot>
                    <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                  </PropertyGroup>
                </Project>
                """);
            var (code, said) = Dotnet.Try(folder.FullName, "dotnet", "restore");
            return code == 0 ? null : $"publishes a native program, whose packages can't be restored: {said.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? said}";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
