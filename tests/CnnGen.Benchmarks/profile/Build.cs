using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Profiling;

/// <summary>A call in the emitted program.</summary>
/// <param name="Method">Where it stands.</param>
/// <param name="Callee">What is called.</param>
/// <param name="Layers">The comment above it.</param>
internal sealed record Site(string Method, string Callee, string Layers);

/// <summary>A network, as the generator and the library of one folder make it.</summary>
internal sealed class Build
{
    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Latest);
    private readonly string _folder;
    private readonly string _model;
    private readonly CSharpCompilation _compilation;

    /// <param name="name">For tables.</param>
    /// <param name="folder">Where the generator and the library are.</param>
    /// <param name="file">What declares the network.</param>
    /// <param name="edited">A folder with texts to take instead of emitted ones of the same names.</param>
    public Build(string name, string folder, string file, string? edited = null)
    {
        (Name, _folder) = (name, folder);
        var library = Path.Combine(folder, "CnnGen.dll");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(object).Assembly.Location).Append(library)
            .Distinct().Select(path => MetadataReference.CreateFromFile(path));
        string[] sources = [file, .. BlocksBeside(file)];
        var declared = CSharpCompilation.Create(
            "Profiled",
            [.. sources.Select(source => Parse(File.ReadAllText(source), source)), Parse("global using System;", "Usings.cs"), Resource("Driver.cs")],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        var generator = (IIncrementalGenerator)Activator.CreateInstance(
            new Context(folder).LoadFromAssemblyPath(Path.Combine(folder, "CnnGen.Generator.dll")).GetType("CnnGen.Generator.CnnGenerator", throwOnError: true)!)!;
        CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: s_options)
            .RunGeneratorsAndUpdateCompilation(declared, out var whole, out var problems);
        if (problems.FirstOrDefault(one => one.Severity == DiagnosticSeverity.Error) is { } problem)
            throw new InvalidDataException(problem.ToString());
        _compilation = (CSharpCompilation)whole;
        foreach (var tree in Generated.Where(tree => edited is not null && File.Exists(Edited(tree))).ToList())
            _compilation = _compilation.ReplaceSyntaxTree(tree, Parse(File.ReadAllText(Edited(tree)), tree.FilePath));
        _model = declared.SyntaxTrees[0].GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
            .Where(node => node.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "Model"))
            .Select(node => declared.GetSemanticModel(node.SyntaxTree).GetDeclaredSymbol(node)!.ToDisplayString())
            .FirstOrDefault() ?? throw new InvalidDataException($"'{file}' declares no model: no class has [Model].");

        string Edited(SyntaxTree tree) => Path.Combine(edited!, Path.GetFileName(tree.FilePath));
    }

    public string Name { get; }

    /// <summary>Lines of the emitted text.</summary>
    public int Lines => Generated.Sum(tree => tree.GetText().Lines.Count);

    private IEnumerable<SyntaxTree> Generated => _compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var tree in Generated)
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(tree.FilePath)), tree.ToString());
    }

    /// <summary>The work as a delegate.</summary>
    public Action Load(Work work) => Start(Compile(_compilation), work);

    /// <summary>The work with its calls timed: the calls, and what gives their ticks and begins anew.</summary>
    public (Action Run, IReadOnlyList<Site> Sites, Func<long[]> Take) LoadProbed(Work work)
    {
        var probes = new ProbeWriter();
        var compilation = _compilation.AddSyntaxTrees(Resource("Probe.cs"));
        foreach (var tree in Generated)
            compilation = compilation.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(probes.Visit(tree.GetRoot()), tree.Options));
        var assembly = Compile(compilation);
        var probe = assembly.GetType("CnnGen.Profiling.Emitted.Probe", throwOnError: true)!;
        probe.GetProperty("Sites")!.SetValue(null, probes.Sites.Count);
        return (Start(assembly, work), probes.Sites, probe.GetMethod("Take")!.CreateDelegate<Func<long[]>>());
    }

    private Action Start(Assembly assembly, Work work)
    {
        var method = assembly.GetType("CnnGen.Profiling.Emitted.Driver", throwOnError: true)!.GetMethod(work.IsTraining ? "Training" : "Prediction")!;
        return (Action)method.MakeGenericMethod(assembly.GetType(_model, throwOnError: true)!).Invoke(null, [work.Batch, work.Threads])!;
    }

    private Assembly Compile(CSharpCompilation compilation)
    {
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        if (!result.Success)
            throw new InvalidDataException(string.Join(Environment.NewLine, result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Take(5)));
        stream.Position = 0;
        return new Context(_folder).LoadFromStream(stream);
    }

    /// <summary>The blocks that a folder's networks are made of, in a folder beside it.</summary>
    private static string[] BlocksBeside(string file)
    {
        var blocks = Path.Combine(Path.GetDirectoryName(file)!, "..", "Blocks");
        return Directory.Exists(blocks) ? [.. Directory.EnumerateFiles(Path.GetFullPath(blocks), "*.cs").Order(StringComparer.Ordinal)] : [];
    }

    private static SyntaxTree Resource(string name)
    {
        using var reader = new StreamReader(typeof(Build).Assembly.GetManifestResourceStream(name)!);
        return Parse(reader.ReadToEnd(), name);
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, s_options, path, System.Text.Encoding.UTF8);

    /// <summary>A build's own library, whatever this program was built with.</summary>
    private sealed class Context(string folder) : AssemblyLoadContext("Profiled")
    {
        protected override Assembly? Load(AssemblyName name) =>
            name.Name == "CnnGen" ? LoadFromAssemblyPath(Path.Combine(folder, "CnnGen.dll")) : null;
    }

    /// <summary>Puts a probe around each kernel call of a program, and around what its threads do together.</summary>
    private sealed class ProbeWriter : CSharpSyntaxRewriter
    {
        private readonly List<Site> _sites = [];
        private string _layers = "";

        public IReadOnlyList<Site> Sites => _sites;

        public override SyntaxNode? VisitClassDeclaration(ClassDeclarationSyntax node) =>
            node.Identifier.Text == "Program" ? base.VisitClassDeclaration(node) : node.Members.OfType<ClassDeclarationSyntax>().Any() ? base.VisitClassDeclaration(node) : node;

        public override SyntaxNode? VisitStructDeclaration(StructDeclarationSyntax node) => node;

        public override SyntaxNode? VisitInterfaceDeclaration(InterfaceDeclarationSyntax node) => node;

        public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
        {
            if (node.Expression is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax called } call)
                return node;
            var receiver = called.Expression.ToString();
            if (receiver is not ("TKernels" or "TShared" or "WorkerTeam" or "BatchNormalization"))
                return node;
            var comment = node.GetLeadingTrivia().LastOrDefault(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)).ToString();
            var callee = receiver == "WorkerTeam" ? "Run " + call.ArgumentList.Arguments[0] : called.Name.ToString();
            if (comment.Length > 0)
                _layers = comment.TrimStart('/', ' ');
            var method = node.Ancestors().OfType<MethodDeclarationSyntax>().First().Identifier.Text;
            var site = _sites.Count;
            _sites.Add(new Site(method, callee, receiver == "WorkerTeam" ? "" : _layers));
            return SyntaxFactory.ParseStatement(
                FormattableString.Invariant($"{{ var probe{site} = global::System.Diagnostics.Stopwatch.GetTimestamp(); {node.WithoutTrivia()} global::CnnGen.Profiling.Emitted.Probe.Add({site}, probe{site}); }}\n"));
        }
    }
}
