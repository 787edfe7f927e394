using CnnGen.Generator.Graph;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Declarations;

/// <summary>Names around a model: how its class is written in a second part, what hides from emitted code what it means, and what its base classes bring along.</summary>
internal static class NameRules
{
    /// <summary>
    /// The names that emitted code needs and can't be kept from a type of the user's in the global namespace: those of the namespaces in which all that it uses stands,
    /// and a keyword that is one only where no type has its name.
    /// </summary>
    private static readonly string[] s_hidden = ["System", "CnnGen", "var"];

    /// <summary>The class's name in source code, with its type parameters.</summary>
    public static string NameOf(INamedTypeSymbol type) => type.TypeParameters.Length == 0
        ? Identifiers.Escape(type.Name)
        : Identifiers.Escape(type.Name) + "<" + string.Join(", ", type.TypeParameters.Select(parameter => Identifiers.Escape(parameter.Name))) + ">";

    /// <summary>The namespace's name in source code; null for the global one.</summary>
    public static string? NameOf(INamespaceSymbol space)
    {
        var names = new List<string>();
        for (; !space.IsGlobalNamespace; space = space.ContainingNamespace)
            names.Insert(0, Identifiers.Escape(space.Name));
        return names.Count == 0 ? null : string.Join(".", names);
    }

    /// <summary>Whether the class and all around it have names, as they don't while somebody types them.</summary>
    public static bool HasName(INamedTypeSymbol symbol)
    {
        for (ISymbol around = symbol; around is not INamespaceSymbol { IsGlobalNamespace: true }; around = around.ContainingSymbol)
        {
            if (!SyntaxFacts.IsValidIdentifier(around.Name))
                return false;
            if (around is INamedTypeSymbol type && !type.TypeParameters.All(parameter => SyntaxFacts.IsValidIdentifier(parameter.Name)))
                return false;
        }

        return true;
    }

    /// <summary>A type of the global namespace with the name of a namespace that emitted code names.</summary>
    public static INamedTypeSymbol? HidingSpace(Compilation compilation) => Hiding(compilation) is { Name: not "var" } type ? type : null;

    public static IEnumerable<LocatedProblem> Check(TypeDeclarationSyntax node, INamedTypeSymbol symbol, Compilation compilation)
    {
        var identifier = LocationInfo.Of(node.Identifier);
        if (Hiding(compilation) is { } hiding)
            yield return new LocatedProblem(new Problem("CNN1021", "", [hiding.Name, symbol.Name]), PlaceOf(hiding) ?? identifier);
        for (var type = symbol; type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers().Where(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
                yield return new LocatedProblem(new Problem("CNN1022", "", [type.Name + "." + member.Name, symbol.Name]), type.Equals(symbol, SymbolEqualityComparer.Default) ? PlaceOf(member) : identifier);
        }

        for (var type = symbol.BaseType; type is not null; type = type.BaseType)
        {
            if (type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == "CnnGen.ModelAttribute"))
            {
                yield return new LocatedProblem(new Problem("CNN1023", "", [symbol.Name, type.Name]), identifier);
                break;
            }
        }
    }

    private static INamedTypeSymbol? Hiding(Compilation compilation) => s_hidden
        .SelectMany(name => compilation.GlobalNamespace.GetTypeMembers(name, 0))
        .FirstOrDefault(type => compilation.IsSymbolAccessibleWithin(type, compilation.Assembly));

    private static LocationInfo? PlaceOf(ISymbol symbol) =>
        symbol.Locations.FirstOrDefault(location => location.IsInSource) is { } location ? LocationInfo.Of(location) : null;
}
