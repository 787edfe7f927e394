using CnnGen.Generator.Graph;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Declarations;

/// <summary>The form of a model's class: what the C# around the layers must be.</summary>
/// <param name="node">The part of the class that carries <c>[Model]</c>.</param>
/// <param name="symbol">The class.</param>
/// <param name="home">The part on which the layers belong.</param>
/// <param name="name">The class's name for messages.</param>
internal sealed class DeclarationRules(TypeDeclarationSyntax node, INamedTypeSymbol symbol, SyntaxNode home, string name)
{
    /// <summary>What emitted code is written in.</summary>
    public const LanguageVersion LeastVersion = LanguageVersion.CSharp12;

    /// <summary>What the members of a class with errors are written in.</summary>
    public const LanguageVersion LeastShellVersion = LanguageVersion.CSharp11;

    private readonly LocationInfo _identifier = LocationInfo.Of(node.Identifier);

    /// <summary>The members that the user's parts of the class have.</summary>
    public static IEnumerable<ISymbol> UserMembers(INamedTypeSymbol symbol) =>
        symbol.GetMembers().Where(member => !member.IsImplicitlyDeclared && member.CanBeReferencedByName);

    public List<LocatedProblem> Check(Compilation compilation, CancellationToken cancellation)
    {
        LeavesPartialToCompiler = symbol.TypeKind == TypeKind.Class && IsNotPartial && IsUsed(compilation, cancellation);
        var problems = new List<LocatedProblem>();
        void Report(string id, LocationInfo location, params string[] arguments) =>
            problems.Add(new LocatedProblem(new Problem(id, "", new(arguments)), location));

        if (symbol.IsRecord || symbol.TypeKind == TypeKind.Struct)
            Report("CNN1005", _identifier, name, Kind(node), AsClass(node));
        else if (LacksPartial(node) && !LeavesPartialToCompiler)
            Report("CNN1001", _identifier, name, WithPartial(node));
        if (Generic() is { } generic)
            Report("CNN1002", _identifier, name, generic);
        if (symbol.IsStatic)
            Report("CNN1003", _identifier, name);
        else if (symbol.IsAbstract)
            Report("CNN1004", _identifier, name);
        for (SyntaxNode? outer = node.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is TypeDeclarationSyntax type && LacksPartial(type) && !LeavesPartialToCompiler)
                Report("CNN1006", LocationInfo.Of(type.Identifier), name, type.Identifier.ValueText, WithPartial(type));
        }

        if (PrimaryConstructor(cancellation) is { } parameters)
            Report("CNN1010", LocationInfo.Of(parameters), name);
        if (IsFileLocal(symbol))
            Report("CNN1011", _identifier, name);
        if (GeneratedMembers.Contains(symbol.Name, TargetRules.IsForGpu(symbol)))
            Report("CNN3006", _identifier, name);
        foreach (var member in UserMembers(symbol))
        {
            if (GeneratedMembers.Collides(member.Name, ParameterTypes(member), TargetRules.IsForGpu(symbol)))
                Report("CNN3007", LocationInfo.Of(member.Locations[0]), name, member.Name);
        }

        return problems;
    }

    /// <summary>Whether the class or a type around it lacks <c>partial</c>, so that the compiler refuses (CS0260) what the generator writes of it.</summary>
    public bool IsNotPartial { get; } = node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Any(LacksPartial);

    /// <summary>
    /// Whether the compiler is left to say that <c>partial</c> is missing. It does wherever there is a second part, so there is one error only if either it speaks or
    /// the generator writes nothing. Nothing is written where nobody would miss the members; where they are used, each use would be an error without them.
    /// </summary>
    public bool LeavesPartialToCompiler { get; private set; }

    /// <summary>Whether the members that the generator writes may be used, by the class's own code or where its name stands, or there is a second part already.</summary>
    private bool IsUsed(Compilation compilation, CancellationToken cancellation)
    {
        if (node.Members.Count > 0)
            return true;
        for (var type = symbol; type is not null; type = type.ContainingType)
        {
            if (type.DeclaringSyntaxReferences.Length > 1)
                return true;
        }

        return compilation.SyntaxTrees.Any(tree => tree.GetRoot(cancellation).DescendantTokens()
            .Any(token => token.ValueText == symbol.Name && token != node.Identifier));
    }

    /// <summary>Whether no other file can hold a part of the class: it or a type around it is local to its file.</summary>
    public static bool IsFileLocal(INamedTypeSymbol symbol)
    {
        for (var type = symbol; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal)
                return true;
        }

        return false;
    }

    /// <summary>A layer on another part of the class than the others.</summary>
    public LocatedProblem Stray(AttributeSyntax layer) =>
        new(new Problem("CNN1007", "", [name, layer.Name.ToString(), Place(home)]), LocationInfo.Of(layer));

    public LocatedProblem NoLayers(AttributeSyntax model) =>
        new(new Problem("CNN1008", "", [name]), LocationInfo.Of(model));

    public LocatedProblem NoUnsafeCode() => new(new Problem("CNN1015", "", [name]), _identifier);

    public LocatedProblem OldLanguage(LanguageVersion version) => new(
        new Problem("CNN1017", "", [name, LeastVersion.ToDisplayString(), version.ToDisplayString()]), _identifier);

    /// <summary>The line on which the layers' declaration begins, for a message.</summary>
    private static string Place(SyntaxNode declaration)
    {
        var line = declaration.GetLocation().GetLineSpan();
        var file = line.Path.Length == 0 ? "" : " of " + line.Path.Substring(line.Path.LastIndexOfAny(['/', '\\']) + 1);
        return "line " + Numbers.Print(line.StartLinePosition.Line + 1) + file;
    }

    private static bool LacksPartial(TypeDeclarationSyntax type) => !type.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static string WithPartial(TypeDeclarationSyntax type)
    {
        var modifiers = type.Modifiers.Select(modifier => modifier.Text).Append("partial");
        return string.Join(" ", modifiers) + " " + Kind(type) + " " + type.Identifier.Text;
    }

    private static string AsClass(TypeDeclarationSyntax type)
    {
        var modifiers = type.Modifiers
            .Where(modifier => !modifier.IsKind(SyntaxKind.ReadOnlyKeyword) && !modifier.IsKind(SyntaxKind.RefKeyword) && !modifier.IsKind(SyntaxKind.PartialKeyword))
            .Select(modifier => modifier.Text);
        return string.Join(" ", modifiers.Concat(["partial", "class", type.Identifier.Text]));
    }

    /// <summary><c>class</c>, <c>record</c>, <c>record struct</c>, <c>struct</c>, <c>interface</c>: as it was written.</summary>
    private static string Kind(TypeDeclarationSyntax type) =>
        type is RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: not (int)SyntaxKind.None } record
            ? record.Keyword.Text + " " + record.ClassOrStructKeyword.Text
            : type.Keyword.Text;

    private string? Generic()
    {
        for (var type = symbol; type is not null; type = type.ContainingType)
        {
            if (type.TypeParameters.Length > 0)
                return type.Name + "<" + string.Join(", ", type.TypeParameters.Select(parameter => parameter.Name)) + ">";
        }

        return null;
    }

    private ParameterListSyntax? PrimaryConstructor(CancellationToken cancellation)
    {
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation) is TypeDeclarationSyntax { ParameterList: { } parameters })
                return parameters;
        }

        return null;
    }

    /// <summary>A method's parameter types as C# spells them, separated by commas; null for anything else.</summary>
    public static string? ParameterTypes(ISymbol member) => member is IMethodSymbol method
        ? string.Join(", ", method.Parameters.Select(parameter => parameter.Type.ToDisplayString()))
        : null;
}
