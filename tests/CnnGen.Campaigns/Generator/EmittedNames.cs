using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Campaigns;

/// <summary>The names that emitted code uses, taken from its text.</summary>
internal static class EmittedNames
{
    /// <summary>All simple names that mean a type or a namespace, the names of types that it declares, and the keywords that it uses which are types only where no type has their name.</summary>
    /// <param name="compilation">What holds the trees.</param>
    /// <param name="trees">What was emitted.</param>
    public static IReadOnlyList<string> OfTypes(Compilation compilation, IEnumerable<SyntaxTree> trees)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is BaseTypeDeclarationSyntax type)
                    names.Add(type.Identifier.ValueText);
                else if (node is SimpleNameSyntax name && !names.Contains(name.Identifier.ValueText) && (name.Parent is AttributeSyntax || model.GetSymbolInfo(name).Symbol is INamespaceOrTypeSymbol))
                    names.Add(name.Identifier.ValueText);
            }
        }

        // As a type's name 'var' is an error of ours (CNN1021); 'global' is a keyword wherever emitted code has it.
        names.Remove("var");
        names.Remove("global");
        return [.. names];
    }
}
