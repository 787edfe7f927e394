using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Ilgpu;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;
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

    private EmittedAssembly(GeneratorRun run, Func<CSharpCompilation, CSharpCompilation> change, IEnumerable<ResourceDescription>? resources)
    {
        Run = run;
        _networks = run.Networks;
        using var stream = new MemoryStream();
        // The framework's own optimisation level decides whether the JIT may optimise: what is tested is what users run.
        var output = change(run.Output);
        var result = output.WithOptions(output.Options.WithOptimizationLevel(OptimizationLevel.Release)).Emit(stream, manifestResources: resources);
        var said = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning && !IsUndocumentedTestSource(run, d)).ToList();
        Assert.True(said.Count == 0, "The C# compiler says of emitted code:\n" + string.Join("\n", said.Take(20).Select(Describe)));
        stream.Position = 0;
        Assembly = _context.LoadFromStream(stream);
    }

    public Assembly Assembly { get; }

    public GeneratorRun Run { get; }

    /// <summary>Compiles whole source files of public classes in the global namespace.</summary>
    public static EmittedAssembly Compile(params string[] sources) => Of(GeneratorHarness.RunUntracked(sources), Simulated);

    /// <summary>Compiles declarations for GPUs, without the CPU's passes; kernels with barriers become iterators, which the test double of ILGPU runs without threads.</summary>
    public static EmittedAssembly CompileForGpu(params string[] sources) => Of(GeneratorHarness.RunForGpu(sources), BarrierRewriter.Rewrite);

    /// <summary>Compiles whole source files, of whose emitted code something is changed first.</summary>
    public static EmittedAssembly Compile(Func<CSharpCompilation, CSharpCompilation> change, params string[] sources) =>
        Of(GeneratorHarness.RunUntracked(sources), compilation => Simulated(change(compilation)));

    /// <summary>
    /// Compiles many declarations for tests of what they compute, with a change of each network, and with the kernels of some instruction sets alone, which the models must be told to use: the first one's
    /// stand in the place of the others'. What the compiler says of documentation and of null is for other tests, and takes time.
    /// </summary>
    public static EmittedAssembly CompileMany(IReadOnlyList<InstructionSet> sets, Func<Network, Network> network, params string[] sources)
    {
        var isSimulated = Avx512Simulation.IsNeeded && sets.Contains(InstructionSet.Avx512);
        var others = Enum.GetValues<InstructionSet>().Except(sets).ToList();
        var kernelsOfOthers = new Regex($@"(?<!InstructionSet\.)\b({string.Join("|", others)})\b");

        string? Plain(string name, string text)
        {
            if (others.Exists(set => name.EndsWith($".{set}.g.cs", StringComparison.Ordinal)))
                return null;
            text = text.Replace("#nullable enable", "#nullable enable annotations", StringComparison.Ordinal);
            if (others.Count > 0 && name.EndsWith(".Program.g.cs", StringComparison.Ordinal))
                text = kernelsOfOthers.Replace(text, sets[0].ToString());
            return isSimulated ? Avx512Simulation.Rewrite(text) : text;
        }

        return Of(GeneratorHarness.RunChanged(network, Plain, sources), isSimulated ? Avx512Simulation.AddTo : compilation => compilation);
    }

    /// <summary>A declaration without training, for tests that only predict.</summary>
    public static string Predicting(string declaration) => ModelArguments().Replace(declaration, "[Model($1, Passes = Passes.Predict)", 1);

    /// <summary>The same with the project's weights files, of which those that are carried inside become resources as a build makes them.</summary>
    public static EmittedAssembly Compile(WeightsProject project, params string[] sources) => Of(
        project.Run(sources),
        Simulated,
        project.Inside.Select(one => new ResourceDescription(one.Resource, () => File.OpenRead(one.Path), isPublic: true)));

    private static EmittedAssembly Of(GeneratorRun run, Func<CSharpCompilation, CSharpCompilation> change, IEnumerable<ResourceDescription>? resources = null)
    {
        Assert.True(run.Diagnostics.All(d => d.Severity < DiagnosticSeverity.Error), "The generator says:\n" + string.Join("\n", run.Diagnostics.Select(d => d.ToString())));
        return new EmittedAssembly(run, change, resources);
    }

    private static CSharpCompilation Simulated(CSharpCompilation compilation) => Avx512Simulation.IsNeeded ? Avx512Simulation.Rewrite(compilation) : compilation;

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
