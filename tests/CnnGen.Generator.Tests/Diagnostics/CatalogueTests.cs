using System.Text.RegularExpressions;
using CnnGen.Generator.Diagnostics;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>A diagnostic's descriptor, its page, its line in the releases file and its test are one set.</summary>
public sealed partial class CatalogueTests
{
    private static readonly string s_root = Repository.Root;

    /// <summary>A page's C# blocks.</summary>
    internal static List<string> CodeBlocks(string page) => [.. CodeBlock().Matches(page).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Every_descriptor_has_its_line_in_the_releases_files()
    {
        var lines = new[] { "Shipped", "Unshipped" }
            .SelectMany(file => File.ReadAllLines(Path.Combine(s_root, "generator", "CnnGen.Generator", $"AnalyzerReleases.{file}.md")))
            .Where(line => line.StartsWith("CNN", StringComparison.Ordinal));

        Assert.Equal(
            Descriptors.All.Values.Select(d => $"{d.Id} | {d.Category} | {d.DefaultSeverity} | {d.Title}").Order(StringComparer.Ordinal),
            lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_descriptor_has_its_page_and_the_index_lists_it()
    {
        var folder = Path.Combine(s_root, "docs", "diagnostics");
        var index = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (var descriptor in Descriptors.All.Values)
            AssertPage(descriptor.Id, descriptor.Title.ToString(System.Globalization.CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(s_root, descriptor.HelpLinkUri)), index);

        // What the package's build files say has no descriptor: its page has the title.
        var ofTheBuild = BuildCode().Matches(File.ReadAllText(Path.Combine(s_root, "src", "CnnGen", "build", "CnnGen.targets"))).Select(code => code.Groups[1].Value).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(ofTheBuild);
        foreach (var id in ofTheBuild)
        {
            var page = File.ReadAllText(Path.Combine(folder, id + ".md"));
            AssertPage(id, page.Split('\n')[0][$"# {id}: ".Length..], page, index);
        }

        Assert.Equal(
            Descriptors.All.Keys.Concat(ofTheBuild).Order(StringComparer.Ordinal),
            Directory.GetFiles(folder, "CNN*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_pages_example_gives_its_diagnostic_and_its_mend_none()
    {
        foreach (var descriptor in Descriptors.All.Values.Where(d => d.Id is not ("CNN1009" or "CNN1015" or "CNN1017" or "CNN1050" or "CNN6001" or "CNN6002" or "CNN9001") && d.Category != "CnnGen.Weights"))
        {
            var page = File.ReadAllText(Path.Combine(s_root, descriptor.HelpLinkUri));
            var blocks = CodeBlocks(page);
            Assert.True(blocks.Count >= 2, $"{descriptor.Id}: an example and a mend are expected.");
            Assert.Equal([descriptor.Id], GeneratorHarness.RunWithoutCode(blocks[0]).Diagnostics.Select(diagnostic => diagnostic.Id));
            foreach (var mend in blocks.Skip(1))
                Assert.Empty(GeneratorHarness.RunWithoutCode(mend).Diagnostics);
        }
    }

    /// <summary>Of weights the fault is as often in the file as in the code: a page's example stands beside the file of its first test.</summary>
    [Fact]
    public void Every_example_of_weights_gives_its_diagnostic_and_its_mend_none()
    {
        foreach (var descriptor in Descriptors.All.Values.Where(d => d.Category == "CnnGen.Weights"))
        {
            using var project = new WeightsProject();
            WeightsCases.PageFiles(descriptor.Id)(project);
            var page = File.ReadAllText(Path.Combine(s_root, descriptor.HelpLinkUri));
            var blocks = CodeBlocks(page);
            Assert.NotEmpty(blocks);
            Assert.Equal([descriptor.Id], project.Run(blocks[0]).Diagnostics.Select(diagnostic => diagnostic.Id));
            foreach (var mend in blocks.Skip(1))
                Assert.Empty(project.Run(mend).Diagnostics);
        }
    }

    [Fact]
    public void Every_diagnostic_has_a_test()
    {
        var tested = FormCases.Form.Concat(FormCases.Arguments).Concat(NetworkCases.Shapes).Concat(NetworkCases.LossAndNames).Concat(BranchCases.All).Concat(BlockCases.All).Concat(HabitCases.All).Select(one => one.Id)
            .Concat(WeightsCases.All.Select(one => one.Id));

        // What an analyzer says, the project's settings, other assemblies and the fault have tests of their own.
        Assert.Equal(
            Descriptors.All.Keys.Order(StringComparer.Ordinal),
            tested.Append("CNN1009").Append("CNN1015").Append("CNN1017").Append("CNN1050").Append("CNN6001").Append("CNN6002").Append("CNN9001").Distinct().Order(StringComparer.Ordinal));
    }

    private static void AssertPage(string id, string title, string page, string index)
    {
        Assert.StartsWith($"# {id}: {title}\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Why\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Example\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Mend\n", page, StringComparison.Ordinal);
        Assert.Contains($"[{id}]({id}.md) | {title}", index, StringComparison.Ordinal);
    }

    [GeneratedRegex("Code=\"(CNN[0-9]{4})\"")]
    private static partial Regex BuildCode();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
