using CnnGen.Generator.Graph;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Declarations;

/// <summary>How objects of a model's class are made, and what it inherits: the generated constructor is the way to all of them.</summary>
internal static class ConstructionRules
{
    /// <param name="symbol">The class.</param>
    /// <param name="identifier">Its name, where it carries <c>[Model]</c>.</param>
    /// <param name="compilation">Says what the class may reach.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static IEnumerable<LocatedProblem> Check(
        INamedTypeSymbol symbol, LocationInfo identifier, Compilation compilation, CancellationToken cancellation)
    {
        foreach (var constructor in symbol.InstanceConstructors)
        {
            // A primary one has a rule of its own; one that calls another of the class ends at the generated one, or at one that is reported.
            if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is ConstructorDeclarationSyntax syntax
                && syntax.Initializer?.ThisOrBaseKeyword.ValueText != "this")
                yield return new LocatedProblem(new Problem("CNN1031", "", [symbol.Name]), LocationInfo.Of(syntax.Identifier));
        }

        if (symbol.BaseType is not { SpecialType: SpecialType.None, TypeKind: TypeKind.Class } parent)
            yield break;
        if (!parent.InstanceConstructors.Any(constructor =>
                constructor.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams) && compilation.IsSymbolAccessibleWithin(constructor, symbol)))
            yield return new LocatedProblem(new Problem("CNN1032", "", [symbol.Name, parent.Name]), identifier);
        foreach (var member in InheritedMembers(symbol, compilation))
        {
            if (GeneratedMembers.Collides(member.Name, DeclarationRules.ParameterTypes(member), TargetRules.IsForGpu(symbol)))
                yield return new LocatedProblem(new Problem("CNN1033", "", [symbol.Name, member.ContainingType.Name, member.Name]), identifier);
        }
    }

    /// <summary>
    /// What the shell of a class whose base has no parameterless constructor passes to one of its others, so that the compiler has nothing to say of it; null where
    /// none is needed, or none can be called.
    /// </summary>
    public static string? BaseArguments(INamedTypeSymbol symbol, Compilation compilation)
    {
        if (symbol.BaseType is not { SpecialType: SpecialType.None, TypeKind: TypeKind.Class } parent
            || symbol.InstanceConstructors.Any(constructor => !constructor.IsImplicitlyDeclared))
            return null;
        var callable = parent.InstanceConstructors
            .Where(constructor => compilation.IsSymbolAccessibleWithin(constructor, symbol) && constructor.Parameters.All(parameter => parameter.RefKind == RefKind.None))
            .OrderBy(constructor => constructor.Parameters.Length)
            .FirstOrDefault();
        return callable is null || callable.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams)
            ? null
            : string.Join(", ", callable.Parameters.Select(parameter =>
                "default(" + parameter.Type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ")!"));
    }

    /// <summary>What a class inherits from others than <see cref="object"/> and can reach by name.</summary>
    public static IEnumerable<ISymbol> InheritedMembers(INamedTypeSymbol symbol, Compilation compilation)
    {
        for (var type = symbol.BaseType; type is { SpecialType: SpecialType.None, TypeKind: TypeKind.Class }; type = type.BaseType)
        {
            foreach (var member in DeclarationRules.UserMembers(type))
            {
                if (compilation.IsSymbolAccessibleWithin(member, symbol))
                    yield return member;
            }
        }
    }
}
