using System.Text.RegularExpressions;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Structure;

/// <summary>The number of threads is the whole process's, and tests run beside one another.</summary>
public sealed partial class ThreadCountTests
{
    [Fact]
    public void Whoever_sets_it_has_it_alone()
    {
        var setters = Directory.GetFiles(Path.Combine(Repository.Root, "tests", "CnnGen.Generator.Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".verified.cs", StringComparison.Ordinal) && Path.GetFileName(path) != $"{nameof(OwnThreads)}.cs")
            .Select(path => (Path: path, Text: File.ReadAllText(path)))
            .Where(file => Setting().IsMatch(file.Text))
            .ToList();

        Assert.NotEmpty(setters);
        Assert.All(setters, file => Assert.True(
            file.Text.Contains($"new {nameof(OwnThreads)}()", StringComparison.Ordinal) || file.Text.Contains($"[Collection({nameof(AloneCollection)}.Name)]", StringComparison.Ordinal),
            $"{file.Path} sets Threads.Count without OwnThreads."));
    }

    [GeneratedRegex(@"\bThreads\.Count\s*=[^=]")]
    private static partial Regex Setting();
}
