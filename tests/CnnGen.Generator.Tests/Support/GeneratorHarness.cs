using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using CnnGen.Generator.Declarations;
using CnnGen.Generator.Emitting;
using CnnGen.Generator.Emitting.Ilgpu;
using CnnGen.Generator.Graph;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator.Tests.Support;

/// <summary>Compiles source text against this process's framework and CnnGen.dll, and runs the generator over it.</summary>
internal static class GeneratorHarness
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private static readonly Lazy<ImmutableArray<MetadataReference>> s_references = new(LoadReferences);

    private const string Usings = """
        global using System;
        global using CnnGen;
        """;

    /// <summary>A compilation of the sources, which see <c>System</c> and <c>CnnGen</c>; each file is named File1.cs, File2.cs...</summary>
    public static CSharpCompilation Compile(params string[] sources) => Compile(sources, ParseOptions);

    private static CSharpCompilation Compile(string[] sources, CSharpParseOptions options) => CSharpCompilation.Create(
        "Tested",
        sources.Select((source, index) => Parse(source, $"File{index + 1}.cs", options)).Append(Parse(Usings, "Usings.cs", options)),
        s_references.Value,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable,
            warningLevel: 9999));

    public static SyntaxTree Parse(string source, string path) => Parse(source, path, ParseOptions);

    private static SyntaxTree Parse(string source, string path, CSharpParseOptions options) =>
        CSharpSyntaxTree.ParseText(source, options, path, System.Text.Encoding.UTF8);

    /// <summary>Runs the generator over the sources.</summary>
    public static GeneratorRun Run(params string[] sources) => Run(Compile(sources));

    public static GeneratorRun Run(CSharpCompilation compilation, CnnGenerator? generator = null)
    {
        var driver = Driver(generator).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        return new GeneratorRun(driver, compilation, (CSharpCompilation)output);
    }

    /// <summary>Runs the generator over declarations for GPUs, without the CPU's passes, which nobody calls.</summary>
    public static GeneratorRun RunForGpu(params string[] sources) => RunUntracked(
        sources,
        new GeneratorSteps { Kernels = _ => [], Bodies = body => GpuModelEmitter.EmitBodies(body.Request), Shared = _ => [] });

    /// <summary>
    /// Runs the generator over many declarations, whose steps nobody asks about: where steps are tracked, the compiler follows each through every collection of all declarations before it, which
    /// takes minutes for some hundreds.
    /// </summary>
    public static GeneratorRun RunUntracked(params string[] sources) => RunUntracked(sources, new GeneratorSteps());

    /// <summary>
    /// The same without comments of documentation, and with a change of each network before it is emitted, and of each file before the compiler reads it: from its name and its text to the text that is
    /// compiled, null where it is left out.
    /// </summary>
    public static GeneratorRun RunChanged(Func<Network, Network> network, Func<string, string, string?> change, params string[] sources)
    {
        IReadOnlyList<(string HintName, string Text)> Changed(IReadOnlyList<(string HintName, string Text)> files) =>
            [.. files.Select(file => (file.HintName, Text: change(file.HintName, file.Text))).Where(file => file.Text is not null).Select(file => (file.HintName, file.Text!))];

        var steps = new GeneratorSteps();
        var changed = steps with
        {
            Build = declared =>
            {
                var built = steps.Build(declared);
                return built.Network is null ? built : built with { Network = network(built.Network) };
            },
            Signatures = request => Changed(steps.Signatures(request)),
            Bodies = request => Changed(steps.Bodies(request)),
            Shared = kernels => Changed(steps.Shared(kernels)),
        };
        return RunUntracked(sources, changed, ParseOptions.WithDocumentationMode(DocumentationMode.None));
    }

    private static GeneratorRun RunUntracked(string[] sources, GeneratorSteps steps, CSharpParseOptions? options = null)
    {
        var requests = new ConcurrentQueue<EmitRequest>();
        var generator = new CnnGenerator(steps with
        {
            Signatures = request =>
            {
                requests.Enqueue(request);
                return steps.Signatures(request);
            },
        });
        var compilation = Compile(sources, options ?? ParseOptions);
        var driver = Driver(generator, isTracked: false, options).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        return new GeneratorRun(driver, compilation, (CSharpCompilation)output) { Emitted = [.. requests] };
    }

    public static GeneratorDriver Driver(CnnGenerator? generator = null, bool isTracked = true, CSharpParseOptions? options = null) => CSharpGeneratorDriver.Create(
        [(generator ?? new CnnGenerator()).AsSourceGenerator()],
        parseOptions: options ?? ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: isTracked));

    /// <summary>Runs all of the generator but the emitters: what is read, resolved and said of the sources. Ten times as fast where nobody looks at code.</summary>
    public static GeneratorRun RunWithoutCode(params string[] sources) => RunWithoutCode(Compile(sources));

    public static GeneratorRun RunWithoutCode(CSharpCompilation compilation) => Run(compilation, new CnnGenerator(WithoutCode));

    /// <summary>Runs the generator without passes and kernels: the class as its users see it, which compiles without them.</summary>
    public static GeneratorRun RunWithoutPasses(params string[] sources) => Run(Compile(sources), new CnnGenerator(WithoutPasses));

    /// <summary>
    /// The network of the one attributed class in the source; fails where anything is wrong with it (what is only rarely meant is no fault).
    /// <c>ParseNetwork("[Model(1, 8, 8)] [Conv2D(4, 3), ReLU, Dense(2), Softmax] partial class Net;")</c>
    /// </summary>
    public static Network ParseNetwork(string modelSource)
    {
        var run = RunWithoutCode(modelSource);
        Assert.Empty(run.CompilerErrors());
        Assert.DoesNotContain(run.Diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return Assert.IsType<Network>(Assert.Single(run.Resolutions).Request?.Network);
    }

    /// <summary>The networks that are declared, by their names, whatever memory they would take. Fails where anything else is wrong.</summary>
    public static IReadOnlyDictionary<string, Network> Resolve(params string[] sources)
    {
        var run = Run(Compile(sources), new CnnGenerator(WithoutCode with { CheckMemory = _ => null }));
        Assert.DoesNotContain(run.Diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return run.Resolutions.ToDictionary(resolution => resolution.ClassName, resolution => resolution.Request!.Network);
    }

    /// <summary>The same for many declarations, whose steps nobody asks about. What is only rarely meant is no fault.</summary>
    public static IReadOnlyDictionary<string, Network> ResolveUntracked(params string[] sources)
    {
        var networks = new ConcurrentDictionary<string, Network>();
        var steps = WithoutPasses with
        {
            CheckMemory = _ => null,
            Signatures = request =>
            {
                networks[request.ClassName] = request.Network;
                return [];
            },
        };
        var driver = Driver(new CnnGenerator(steps), isTracked: false).RunGeneratorsAndUpdateCompilation(Compile(sources), out _, out var said);
        Assert.DoesNotContain(said.Concat(driver.GetRunResult().Diagnostics), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return networks;
    }

    /// <summary>Steps that emit the class as its users see it, and nothing that stands behind it.</summary>
    public static GeneratorSteps WithoutPasses { get; } = new() { Kernels = _ => [], Bodies = _ => [], Shared = _ => [] };

    private static GeneratorSteps WithoutCode { get; } = WithoutPasses with { Signatures = _ => [] };

    /// <summary>The analyzers' diagnostics over the sources, with the generator's output.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Analyze(DiagnosticAnalyzer analyzer, params string[] sources) =>
        await Run(sources).Output.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync();

    private static ImmutableArray<MetadataReference> LoadReferences()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var paths = trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == framework);
        return [.. paths.Append(typeof(ModelAttribute).Assembly.Location).Append(typeof(Images.Image).Assembly.Location).Append(typeof(Insight.Picture).Assembly.Location).Append(typeof(CnnGen.Ilgpu.GpuProgram).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path))];
    }
}

/// <summary>One run of the generator.</summary>
internal sealed class GeneratorRun(GeneratorDriver driver, CSharpCompilation input, CSharpCompilation output)
{
    public GeneratorDriver Driver { get; } = driver;

    /// <summary>What was emitted, where steps aren't tracked.</summary>
    public IReadOnlyList<EmitRequest>? Emitted { get; init; }

    /// <summary>The networks of the classes for which there is code, by their names.</summary>
    public IReadOnlyDictionary<string, Network> Networks =>
        (Emitted ?? Resolutions.Select(resolution => resolution.Request!)).ToDictionary(request => request.ClassName, request => request.Network);

    public CSharpCompilation Input { get; } = input;

    /// <summary>The input with what was emitted.</summary>
    public CSharpCompilation Output { get; } = output;

    public GeneratorRunResult Result { get; } = driver.GetRunResult().Results.Single();

    /// <summary>The generator's own diagnostics, in source order.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics =>
        [.. Result.Diagnostics.OrderBy(d => d.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(d => d.Location.SourceSpan.Start).ThenBy(d => d.Id, StringComparer.Ordinal)];

    public IReadOnlyList<GeneratedSourceResult> Sources => Result.GeneratedSources;

    public string SourceText(string hintName) => Sources.Single(source => source.HintName == hintName).SourceText.ToString();

    /// <summary>What the last step of the front end made of each declaration.</summary>
    public IReadOnlyList<Resolution> Resolutions =>
        [.. Steps(CnnGenerator.ResolveStep).SelectMany(step => step.Outputs).Select(step => (Resolution)step.Value)];

    public ImmutableArray<IncrementalGeneratorRunStep> Steps(string name) =>
        Result.TrackedSteps.TryGetValue(name, out var steps) ? steps : [];

    /// <summary>
    /// Errors and warnings of the C# compiler, over the sources and all that was emitted; only a test's own source need not be documented, and may have parameters that only
    /// the generator reads (CS9113, of which the suppressor has a test of its own).
    /// </summary>
    public IReadOnlyList<Diagnostic> CompilerErrors() =>
    [
        .. Output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning
            && !(d.Id is "CS1591" or "CS9113" && d.Location.SourceTree is { } tree && Input.ContainsSyntaxTree(tree))),
    ];
}

/// <summary>What a diagnostic marks.</summary>
internal static class DiagnosticExtensions
{
    /// <summary>The text that is squiggled.</summary>
    public static string Marked(this Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);

    public static string Text(this Diagnostic diagnostic) =>
        diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
}
