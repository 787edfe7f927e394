using System.Collections.Immutable;
using System.Text;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Structure;

/// <summary>A name in the generator's source, and the type that it is or that declares it.</summary>
/// <param name="From">The namespace in which the name stands, without <c>CnnGen.Generator</c>.</param>
/// <param name="To">The type's namespace: one of the generator's without <c>CnnGen.Generator</c>, or another's as it is.</param>
/// <param name="Type">The type.</param>
/// <param name="Node">The name.</param>
internal sealed record Reference(string From, string To, INamedTypeSymbol Type, SyntaxNode Node)
{
    public string Place => GeneratorSource.PlaceOf(Node);

    public override string ToString() => $"{Place}: {From} names {To}.{Type.Name}";
}

/// <summary>The generator's source files as the compiler sees them: what each name in them means.</summary>
internal sealed class GeneratorSource
{
    private const string Whole = "CnnGen.Generator";

    /// <summary>What ImplicitUsings and the project file add to each file.</summary>
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using CnnGen.Generator.Shapes;
        """;

    private GeneratorSource()
    {
        Folder = Path.Combine(Repository.Root, "generator", "CnnGen.Generator");
        Files = [.. SourceFiles(Folder).Select(path => (path, File.ReadAllText(path)))];
        var format = SourceFiles(Path.Combine(Repository.Root, "src", "CnnGen", "Weights", "Format")).Select(path => (path, File.ReadAllText(path)));
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Parse);
        Compilation = CSharpCompilation.Create(
            "GeneratorSource",
            Files.Concat(format).Append(("Usings.cs", Usings)).Select(file => CSharpSyntaxTree.ParseText(file.Item2, options, file.Item1, Encoding.UTF8)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location) || Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var trees = Compilation.SyntaxTrees.Where(tree => tree.FilePath.StartsWith(Folder, StringComparison.Ordinal)).ToList();
        References = [.. trees.AsParallel().AsOrdered().SelectMany(ReferencesIn)];
    }

    /// <summary>Read once for all tests.</summary>
    public static Lazy<GeneratorSource> Read { get; } = new(() => new GeneratorSource());

    /// <summary>The generator's folder.</summary>
    public string Folder { get; }

    /// <summary>Its own source files.</summary>
    public IReadOnlyList<(string Path, string Text)> Files { get; }

    public CSharpCompilation Compilation { get; }

    /// <summary>Every name in them that is a type, or a member of one.</summary>
    public ImmutableArray<Reference> References { get; }

    /// <summary>A node's file and line, the file from the generator's folder on.</summary>
    public static string PlaceOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return FormattableString.Invariant($"{Path.GetRelativePath(Read.Value.Folder, span.Path).Replace('\\', '/')}({span.StartLinePosition.Line + 1})");
    }

    /// <summary>The namespace's name within the generator; null for another assembly's.</summary>
    public static string? Room(INamespaceSymbol? space) => space?.ToDisplayString() switch
    {
        Whole => "",
        { } name when name.StartsWith(Whole + ".", StringComparison.Ordinal) => name[(Whole.Length + 1)..],
        _ => null,
    };

    private IEnumerable<Reference> ReferencesIn(SyntaxTree tree)
    {
        var model = Compilation.GetSemanticModel(tree);
        foreach (var space in tree.GetCompilationUnitRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>())
        {
            if (Room(model.GetDeclaredSymbol(space) as INamespaceSymbol) is not { } from)
                continue;
            foreach (var name in space.Members.SelectMany(member => member.DescendantNodes()).OfType<SimpleNameSyntax>())
            {
                var symbol = model.GetSymbolInfo(name).Symbol;
                var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                if (type is not null)
                    yield return new Reference(from, Room(type.ContainingNamespace) ?? type.ContainingNamespace.ToDisplayString(), type.OriginalDefinition, name);
            }
        }
    }

    private static IEnumerable<string> SourceFiles(string folder) => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);
}
