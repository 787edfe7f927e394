using System.Text.RegularExpressions;
using System.Xml.Linq;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Support;
using CnnGen.Generator.Weights;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Generator.Tests.Documentation;

/// <summary>
/// Every block of C# in every document compiles, with all that is generated for it; a block whose fence says <c>csharp error CNN2001</c> gives that diagnostic
/// and no other. The code on the pages of the diagnostics has tests of its own. Blocks of XML are well-formed, JSON is JSON, and links lead somewhere.
/// </summary>
public sealed partial class DocumentTests
{
    private static readonly string s_root = Repository.Root;

    /// <summary>Every markdown file of the repository.</summary>
    public static TheoryData<string> Documents => [.. AllDocuments];

    /// <summary>Those whose code is tested here.</summary>
    public static TheoryData<string> DocumentsWithCode => [.. AllDocuments.Where(document => !document.StartsWith("docs/diagnostics/", StringComparison.Ordinal))];

    private static IEnumerable<string> AllDocuments => Directory.GetFiles(s_root, "*.md")
        .Concat(new[] { "docs", "samples", "src", "templates" }.SelectMany(folder => Directory.GetFiles(Path.Combine(s_root, folder), "*.md", SearchOption.AllDirectories)))
        .Select(file => Path.GetRelativePath(s_root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);

    [Fact]
    public void The_documents_are_found() => Assert.Superset(
        new HashSet<string> { "README.md", "CONTRIBUTING.md", "docs/layers.md", "docs/diagnostics/CNN2001.md", "samples/Classify/README.md", "src/CnnGen/Package/README.md", "templates/README.md" },
        AllDocuments.ToHashSet());

    [Theory]
    [MemberData(nameof(DocumentsWithCode))]
    public void Every_block_of_code_compiles_or_gives_the_error_that_it_names(string document)
    {
        var text = File.ReadAllText(Path.Combine(s_root, document));
        var earlier = new List<string>();
        foreach (Match block in CodeBlock().Matches(text))
        {
            var (error, source) = (block.Groups["error"].Value, block.Groups["source"].Value);
            if (error.Length > 0)
            {
                var run = Run(isProgram: false, new CnnGenerator(s_steps), [source]);
                Assert.True(run.Diagnostics.Select(diagnostic => diagnostic.Id).SequenceEqual([error]), $"{document}:\n{source}\n{string.Join('\n', run.Diagnostics)}");
            }
            else if (IsStatements(source))
            {
                // It goes on from the declarations above it in the same document, whose passes were compiled there.
                Assert.Equal("", Said(Run(isProgram: true, new CnnGenerator(GeneratorHarness.WithoutPasses with { CheckWeights = s_steps.CheckWeights }), [source, .. earlier]), document, source));
            }
            else
            {
                Assert.Equal("", s_said.GetOrAdd(source, one => Said(Run(isProgram: false, new CnnGenerator(s_steps), [one]), document, one)));
                earlier.Add(source);
            }
        }
    }

    /// <summary>What is said of code in the documents: the same declarations stand in several of them.</summary>
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> s_said = new();

    /// <summary>The weights files that documents speak of are taken for sound: what is said of files has its tests.</summary>
    private static readonly GeneratorSteps s_steps = new() { CheckWeights = (_, weights, _) => new WeightsResult(new CarriedWeights(weights.Embed, weights.File), []) };

    private static string Said(GeneratorRun run, string document, string source)
    {
        var said = run.Diagnostics.Concat(run.CompilerErrors().Where(one => one.Severity == DiagnosticSeverity.Error)).ToList();
        return said.Count == 0 ? "" : $"{document}:\n{source}\n{string.Join('\n', said)}";
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_block_of_XML_or_JSON_is_well_formed(string document)
    {
        foreach (Match block in DataBlock().Matches(File.ReadAllText(Path.Combine(s_root, document))))
        {
            var text = block.Groups["source"].Value;
            if (block.Groups["kind"].Value == "json")
                System.Text.Json.JsonDocument.Parse(text).Dispose();
            else
                XElement.Parse(text);
        }
    }

    /// <summary>Code in a fence without a language, or with one in another spelling, would be tested by nothing.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_fence_names_a_language_that_is_known(string document)
    {
        var fences = Fence().Matches(File.ReadAllText(Path.Combine(s_root, document))).Select(fence => fence.Groups[1].Value).ToList();

        Assert.True(fences.Count % 2 == 0, "A fence is not closed.");
        var unknown = fences.Where((kind, index) => index % 2 == 0
            ? !(kind is "xml" or "json" or "text" or "python" or "c" or "csharp" or "csharp emitted" or "bash" or "bash slow" or "bash torch" or "bash mnist" or "bash cifar" or "bash peers" or "bash feed" or "bash server" or "bash gpu"
                || kind.StartsWith("csharp error CNN", StringComparison.Ordinal)
                || NamedFile().IsMatch(kind)
                || (kind.Length == 0 && document == "CONTRIBUTING.md"))
            : kind.Length > 0);
        Assert.Empty(unknown);
    }

    /// <summary>What is to be typed stands in a fence that <c>.ci/documents</c> runs, and names projects and scripts that there are.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_command_is_one_that_is_run(string document)
    {
        var text = File.ReadAllText(Path.Combine(s_root, document));

        Assert.Empty(IndentedCommand().Matches(text).Select(command => command.Value));
        foreach (Match block in ShellBlock().Matches(text))
        {
            foreach (Match path in RepositoryPath().Matches(block.Groups["source"].Value))
                Assert.True(Exists(Path.Combine(s_root, path.Value), null), $"{document} runs {path.Value}, which is not there.");
            Assert.DoesNotMatch(Placeholder(), block.Groups["source"].Value);
        }
    }

    /// <summary>Emitted code that a document shows is what is emitted now, but for blanks and what it leaves out with three dots.</summary>
    [Fact]
    public void Emitted_code_in_documents_is_emitted()
    {
        var shown = 0;
        foreach (var document in AllDocuments)
        {
            var text = File.ReadAllText(Path.Combine(s_root, document));
            foreach (Match block in EmittedBlock().Matches(text))
            {
                // Of the declaration that stands first in the document.
                var emitted = string.Join('\n', GeneratorHarness.Run(CodeBlock().Match(text).Groups["source"].Value).Sources.SelectMany(one => one.SourceText.ToString().Split('\n')).Select(line => line.Trim()));
                foreach (var line in block.Groups["source"].Value.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line != "..."))
                {
                    shown++;
                    Assert.True(emitted.Contains(line, StringComparison.Ordinal), $"{document} shows a line that is not emitted (any more): {line}");
                }
            }
        }

        Assert.True(shown > 0);
    }

    [Fact]
    public void The_page_of_layers_has_each_layer_and_its_numbers()
    {
        var text = File.ReadAllText(Path.Combine(s_root, "docs", "layers.md"));
        var sections = text.Split("\n## ")[1..].ToDictionary(section => section.Split('\n')[0]);
        foreach (var kind in LayerFactory.Kinds)
        {
            var rows = LayerRow().Matches(sections[kind]);
            Assert.NotEmpty(rows);
            Assert.Equal(sections[kind].Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)), rows.Count);
            foreach (Match row in rows)
            {
                var layer = row.Groups["layer"].Value;
                Assert.Matches($"^{kind}(\\(|$)", layer);
                var run = GeneratorHarness.RunWithoutCode($"[Model({row.Groups["input"].Value.Replace("x", ", ", StringComparison.Ordinal)}{(kind.StartsWith("RoI", StringComparison.Ordinal) ? ", Regions = 16" : "")})] {Declared(kind, layer)} public partial class Net;");
                Assert.Empty(run.Diagnostics);
                var network = run.Resolutions.Single().Request!.Network;
                Assert.Equal(
                    (layer, row.Groups["output"].Value, row.Groups["parameters"].Value),
                    (layer, network.Output.OutputShape.ToString(), FormattableString.Invariant($"{network.ParameterCount}")));
            }
        }
    }

    /// <summary>A join with two paths, a head with a network behind it.</summary>
    private static string Declared(string kind, string layer) => kind switch
    {
        "Add" or "Multiply" or "Average" or "Maximum" or "Concat" => $"[Branch] [Branch] [{layer}]",
        "Head" => $"[Branch, {layer}] [ReLU]",
        _ => $"[{layer}]",
    };

    [Fact]
    public void The_readme_has_the_error_as_the_compiler_says_it()
    {
        var text = File.ReadAllText(Path.Combine(s_root, "README.md"));
        var declaration = CodeBlock().Match(text).Groups["source"].Value;
        var faulty = declaration.Replace("Conv2D(6, 5, Padding = 2)", "Conv2D(6, 5, Stride = 2)", StringComparison.Ordinal);

        var diagnostic = Assert.Single(GeneratorHarness.RunWithoutCode(faulty).Diagnostics);

        var place = diagnostic.Location.GetLineSpan().StartLinePosition;
        Assert.Contains(
            FormattableString.Invariant($"LeNet5.cs({place.Line + 1},{place.Character + 1}): error {diagnostic.Id}: {diagnostic.Text()}\n"),
            text,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_within_the_repository_leads_somewhere(string document)
    {
        var path = Path.Combine(s_root, document);
        var missing = Link().Matches(File.ReadAllText(path))
            .Select(link => link.Groups[1].Value.Split('#'))
            .Where(link => !link[0].StartsWith("http", StringComparison.Ordinal))
            .Where(link => !Exists(link[0].Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, link[0]), link.Length > 1 ? link[1] : null))
            .Select(link => string.Join('#', link));

        Assert.Empty(missing);
    }

    [GeneratedRegex("```csharp(?: error (?<error>CNN[0-9]{4}))?\n(?<source>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("```(?<kind>xml|json)\n(?<source>.*?)```", RegexOptions.Singleline)]
    private static partial Regex DataBlock();

    [GeneratedRegex("```bash[^\n]*\n(?<source>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("```csharp emitted\n(?<source>.*?)```", RegexOptions.Singleline)]
    private static partial Regex EmittedBlock();

    [GeneratedRegex("^    (dotnet|gcc|cd|python3|npm|tar|curl|export|git|tests/|samples/|published/|\\.ci/).*$", RegexOptions.Multiline)]
    private static partial Regex IndentedCommand();

    [GeneratedRegex("(?<=^|[ =])(src|samples|tests|templates|generator|\\.ci)(/[A-Za-z0-9._-]+)+", RegexOptions.Multiline)]
    private static partial Regex RepositoryPath();

    [GeneratedRegex("(?<![A-Z_$\"{])\\b(DIR|FOLDER|FILE|NAME|PATH)\\b")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^(c|python) [a-z]+\\.(c|py)$")]
    private static partial Regex NamedFile();

    [GeneratedRegex("^ *```(.*)$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\| `(?<layer>[^`]+)` \| (?<input>[0-9x]+) \| (?<output>[0-9x]+) \| (?<parameters>[0-9]+) \|$", RegexOptions.Multiline)]
    private static partial Regex LayerRow();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    private static bool IsStatements(string source) =>
        CSharpSyntaxTree.ParseText(source, GeneratorHarness.ParseOptions).GetCompilationUnitRoot().Members.Any(SyntaxKind.GlobalStatement);

    private static GeneratorRun Run(bool isProgram, CnnGenerator generator, IReadOnlyList<string> sources)
    {
        // What ImplicitUsings adds.
        const string Implicit = "global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";
        var compilation = GeneratorHarness.Compile([.. sources, Implicit]);
        return GeneratorHarness.Run(
            isProgram ? compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication)) : compilation,
            generator);
    }

    private static bool Exists(string path, string? heading) =>
        (File.Exists(path) || Directory.Exists(path))
        && (heading is null || File.ReadLines(path).Any(line => line.StartsWith('#') && Anchor(line) == heading));

    /// <summary>As GitHub makes it of a heading: lower case, blanks as hyphens, nothing else but letters, digits and hyphens.</summary>
    private static string Anchor(string heading) => string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant()
        .Select(one => one == ' ' ? "-" : char.IsLetterOrDigit(one) || one is '-' or '_' ? one.ToString() : ""));
}
