extern alias generator;

using System.Collections.Immutable;
using generator::CnnGen.Generator;
using generator::CnnGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Campaigns;

/// <summary>Compiles sources as a project of a user's would be, with the generator and its analyzers, against this process's framework and library.</summary>
internal static class Compiler
{
    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest, DocumentationMode.Diagnose);
    private static readonly Lazy<ImmutableArray<MetadataReference>> s_references = new(References);

    /// <summary>Runs the generator over the sources, files named File1.cs, File2.cs and so on, which see <c>System</c> and <c>CnnGen</c>.</summary>
    public static CompilerRun Run(params IReadOnlyList<string> sources)
    {
        var trees = sources.Append("global using System;\nglobal using CnnGen;\n")
            .Select((source, index) => CSharpSyntaxTree.ParseText(source, s_parsing, $"File{index + 1}.cs", System.Text.Encoding.UTF8));
        var input = CSharpCompilation.Create(
            "Project",
            trees,
            s_references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));
        var driver = CSharpGeneratorDriver.Create([new CnnGenerator().AsSourceGenerator()], parseOptions: s_parsing)
            .RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        return new CompilerRun(input, (CSharpCompilation)output, driver.GetRunResult().Results.Single());
    }

    private static ImmutableArray<MetadataReference> References()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var paths = trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == framework);
        return [.. paths.Append(typeof(ModelAttribute).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path))];
    }
}

/// <summary>What one run of the compiler says.</summary>
internal sealed class CompilerRun(CSharpCompilation input, CSharpCompilation output, GeneratorRunResult result)
{
    /// <summary>The input with what was emitted.</summary>
    public CSharpCompilation Output { get; } = output;

    public GeneratorRunResult Result { get; } = result;

    /// <summary>The trees that were emitted, as the compilation holds them.</summary>
    public IEnumerable<SyntaxTree> Emitted => Output.SyntaxTrees.Where(tree => !input.ContainsSyntaxTree(tree));

    /// <summary>
    /// What is the generator's fault: an exception of its own, a file with syntax errors, an error or a warning of the compiler's inside what it emitted, an
    /// exception of an analyzer's. What is wrong with the sources themselves is none.
    /// </summary>
    public IEnumerable<string> Faults()
    {
        if (Result.Exception is { } exception)
            yield return "CS8785: " + exception;
        foreach (var diagnostic in Result.Diagnostics)
        {
            if (diagnostic.Id == "CNN9001")
                yield return diagnostic.ToString();
        }

        foreach (var diagnostic in Output.GetDiagnostics())
        {
            if (diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Location.SourceTree is { } tree && !input.ContainsSyntaxTree(tree))
                yield return diagnostic + ": " + tree.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
        }

        var analysis = Output.WithAnalyzers([new LayerWithoutModelAnalyzer()]);
        foreach (var diagnostic in analysis.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult())
        {
            if (diagnostic.Id == "AD0001")
                yield return diagnostic.ToString();
        }
    }
}
