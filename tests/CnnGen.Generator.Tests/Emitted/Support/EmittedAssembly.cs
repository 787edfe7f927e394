using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Ilgpu;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Declarations, compiled with all that the generator emits for them, and loaded. Neither the generator nor the compiler may say anything at all.
/// Several models in one assembly cost much less time than an assembly each.
/// </summary>
internal sealed partial class EmittedAssembly : IDisposable
{
    private readonly AssemblyLoadContext _context = new("Emitted", isCollectible: true);
    private readonly IReadOnlyDictionary<string, Network> _networks;

    private EmittedAssembly(GeneratorRun run, IEnumerable<ResourceDescription>? resources = null, Func<CSharpCompilation, CSharpCompilation>? change = null)
    {
        Run = run;
        _networks = run.Networks;
        using var stream = new MemoryStream();
        // The framework's own optimisation level decides whether the JIT may optimise: what is tested is what users run.
        var output = change?.Invoke(run.Output) ?? run.Output;
        if (Avx512Simulation.IsNeeded)
            output = Avx512Simulation.Rewrite(output);
        var result = output.WithOptions(output.Options.WithOptimizationLevel(OptimizationLevel.Release)).Emit(stream, manifestResources: resources);
        var said = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning && !IsUndocumentedTestSource(run, d)).ToList();
        Assert.True(said.Count == 0, "The C# compiler says of emitted code:\n" + string.Join("\n", said.Take(20).Select(Describe)));
        stream.Position = 0;
        Assembly = _context.LoadFromStream(stream);
    }

    public Assembly Assembly { get; }

    public GeneratorRun Run { get; }

    /// <summary>Compiles whole source files of public classes in the global namespace.</summary>
    public static EmittedAssembly Compile(params string[] sources) => Of(GeneratorHarness.RunUntracked(sources), null);

    /// <summary>Compiles declarations for GPUs, without the CPU's passes; kernels with barriers become iterators, which the test double of ILGPU runs without threads.</summary>
    public static EmittedAssembly CompileForGpu(params string[] sources) => Of(GeneratorHarness.RunForGpu(sources), null, BarrierRewriter.Rewrite);

    /// <summary>Compiles whole source files, of whose emitted code something is changed first.</summary>
    public static EmittedAssembly Compile(Func<CSharpCompilation, CSharpCompilation> change, params string[] sources) => Of(GeneratorHarness.RunUntracked(sources), null, change);

    /// <summary>Compiles many declarations for tests of what they compute: what the compiler says of documentation and of null is for other tests, and takes time.</summary>
    public static EmittedAssembly CompileMany(params string[] sources) => Of(GeneratorHarness.RunUntracked(sources), null, Plain);

    /// <summary>A declaration without training, for tests that only predict.</summary>
    public static string Predicting(string declaration) => ModelArguments().Replace(declaration, "[Model($1, Passes = Passes.Predict)", 1);

    /// <summary>The same with the project's weights files, of which those that are carried inside become resources as a build makes them.</summary>
    public static EmittedAssembly Compile(WeightsProject project, params string[] sources) => Of(
        project.Run(sources),
        project.Inside.Select(one => new ResourceDescription(one.Resource, () => File.OpenRead(one.Path), isPublic: true)));

    private static EmittedAssembly Of(GeneratorRun run, IEnumerable<ResourceDescription>? resources, Func<CSharpCompilation, CSharpCompilation>? change = null)
    {
        Assert.True(run.Diagnostics.All(d => d.Severity < DiagnosticSeverity.Error), "The generator says:\n" + string.Join("\n", run.Diagnostics.Select(d => d.ToString())));
        return new EmittedAssembly(run, resources, change);
    }

    private static CSharpCompilation Plain(CSharpCompilation compilation) => compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(compilation.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(
        tree.ToString().Replace("#nullable enable", "#nullable enable annotations", StringComparison.Ordinal),
        GeneratorHarness.ParseOptions.WithDocumentationMode(DocumentationMode.None),
        tree.FilePath,
        System.Text.Encoding.UTF8)));

    /// <summary>The network that a class declares.</summary>
    public Network Network(string name) => _networks[name];

    public Type Type(string name) => Assembly.GetType(name, throwOnError: true)!;

    public EmittedModel Create(string name, int seed = 1) => EmittedModel.Create(Type(name), _networks[name], seed);

    public void Dispose() => _context.Unload();

    private static bool IsUndocumentedTestSource(GeneratorRun run, Diagnostic diagnostic) =>
        diagnostic.Id is "CS1591" or "CS9113" && diagnostic.Location.SourceTree is { } tree && run.Input.ContainsSyntaxTree(tree);

    [GeneratedRegex(@"\[Model\(([^)]*)\)")]
    private static partial Regex ModelArguments();

    private static string Describe(Diagnostic diagnostic)
    {
        var line = diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
        return $"{diagnostic}: {line}";
    }
}
