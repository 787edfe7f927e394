using System.Globalization;
using CnnGen.Generator.Arguments;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Declarations;

/// <summary>Turns one attribute into a declared item with its locations.</summary>
internal static class AttributeReader
{
    private const string Suffix = "Attribute";
    private const string LayerAttribute = "CnnGen.LayerAttribute";

    /// <summary>The base of all blocks.</summary>
    public const string BlockAttribute = "CnnGen.BlockAttribute";

    /// <summary>Whether the C# of the attribute itself has errors, which the compiler reports: then its values mean nothing.</summary>
    public static bool IsBroken(AttributeData data, AttributeSyntax syntax)
    {
        if (data.AttributeClass is null or { TypeKind: TypeKind.Error } || data.AttributeConstructor is null)
            return true;
        if (data.ConstructorArguments.Any(HasError) || data.NamedArguments.Any(argument => HasError(argument.Value)))
            return true;

        // C# says of an argument without a name after one with a name that it's misplaced, and counts it all the same.
        if (syntax.ArgumentList?.Arguments.SkipWhile(argument => argument.NameEquals is null).Any(argument => argument.NameEquals is null) == true)
            return true;
        var named = syntax.ArgumentList?.Arguments.Count(argument => argument.NameEquals is not null) ?? 0;
        return named != data.NamedArguments.Length;
    }

    public static DeclaredItem Read(AttributeData data, AttributeSyntax syntax)
    {
        var arguments = new List<DeclaredArgument>();
        var parameters = data.AttributeConstructor!.Parameters;
        var isBlock = IsBlock(data.AttributeClass!);
        for (var i = 0; i < parameters.Length; i++)
            arguments.Add(new DeclaredArgument(parameters[i].Name, Value(data.ConstructorArguments[i], isBlock ? null : parameters[i].Type)));
        foreach (var argument in data.NamedArguments)
            arguments.Add(new DeclaredArgument(argument.Key, Value(argument.Value, isBlock ? null : PropertyType(data.AttributeClass!, argument.Key))));
        return new DeclaredItem(Kind(data.AttributeClass!), arguments.ToEquatableArray())
        {
            NamesArguments = syntax.ArgumentList?.Arguments.Any(argument => argument.NameColon is not null) ?? false,
            Block = isBlock ? BlockReader.IdOf(data.AttributeClass!) : null,
        };
    }

    /// <summary>A constant of the source, of an enumeration's type or of none.</summary>
    public static ArgumentValue? Value(object? constant, ITypeSymbol? type) => constant switch
    {
        not null when type is INamedTypeSymbol enumeration && IsEnumeration(enumeration) => Member(enumeration, constant),
        not null when type is { TypeKind: TypeKind.Enum } => null,
        bool value => new ArgumentValue.Truth(value),
        int value => new ArgumentValue.Integer(value),
        float value => new ArgumentValue.Real(value),
        double value => new ArgumentValue.Real(value),
        string value => new ArgumentValue.Text(value),
        _ => null,
    };

    /// <summary>Whether it is one of CnnGen's enumerations, which layers' arguments are.</summary>
    public static bool IsEnumeration(ITypeSymbol type) => type is { TypeKind: TypeKind.Enum, ContainingType: null } && type.ContainingNamespace.ToDisplayString() == "CnnGen";

    private static ArgumentValue.Member Member(INamedTypeSymbol enumeration, object constant)
    {
        var number = unchecked((int)Convert.ToInt64(constant, CultureInfo.InvariantCulture));
        var member = enumeration.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, constant));
        return new ArgumentValue.Member(enumeration.Name, member?.Name ?? Numbers.Print(number), number);
    }

    /// <summary>What can be read of a layer whose C# has errors: its kind and its name.</summary>
    public static DeclaredItem ReadOutline(AttributeData data)
    {
        var arguments = data.NamedArguments
            .Where(argument => argument.Key is "Name" or "Repeat" && !HasError(argument.Value))
            .Select(argument => new DeclaredArgument(argument.Key, Value(argument.Value, PropertyType(data.AttributeClass!, argument.Key))));
        return new DeclaredItem(Kind(data.AttributeClass!), arguments.ToEquatableArray())
        {
            Block = IsBlock(data.AttributeClass!) ? BlockReader.IdOf(data.AttributeClass!) : null,
        };
    }

    /// <summary>Whether the attribute is declared as a layer.</summary>
    public static bool IsLayer(INamedTypeSymbol? attribute) => DerivesFrom(attribute, LayerAttribute);

    /// <summary>Whether the class is declared as a block.</summary>
    public static bool IsBlock(INamedTypeSymbol attribute) => DerivesFrom(attribute, BlockAttribute);

    private static bool DerivesFrom(INamedTypeSymbol? attribute, string name)
    {
        for (var type = attribute?.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Name == name.Substring(name.IndexOf('.') + 1) && type.ToDisplayString() == name)
                return true;
        }

        return false;
    }

    /// <summary>Whether C# lets the attribute be a layer: the library's own and blocks are, and others have errors of their own.</summary>
    public static bool IsKnownLayer(INamedTypeSymbol attribute) => IsBlock(attribute) || IsLibraryLayer(attribute);

    private static bool IsLibraryLayer(INamedTypeSymbol attribute) =>
        attribute.BaseType?.ToDisplayString() == LayerAttribute
        && attribute.ContainingNamespace.ToDisplayString() == "CnnGen"
        && attribute.ContainingType is null
        && attribute.Name.EndsWith(Suffix, StringComparison.Ordinal)
        && LayerFactory.IsKnown(Kind(attribute));

    public static AttributeLocations Locate(AttributeData data, AttributeSyntax syntax)
    {
        var parameters = data.AttributeConstructor!.Parameters;
        var locations = new List<ArgumentLocation>();
        var position = 0;
        foreach (var argument in syntax.ArgumentList?.Arguments ?? [])
        {
            var name = argument.NameEquals?.Name.Identifier.ValueText
                ?? argument.NameColon?.Name.Identifier.ValueText
                ?? NameAt(position);
            locations.Add(new ArgumentLocation(name, LocationInfo.Of(argument)) { Text = TextOf(argument.Expression) });
            position++;
        }

        return new AttributeLocations(LocationInfo.Of(syntax), locations.ToEquatableArray());

        // What is written one after the other for an array: sizes, sizes[1], ...
        string NameAt(int position) => position < parameters.Length
            ? parameters[position].Name
            : parameters[parameters.Length - 1].Name + "[" + Numbers.Print(position - parameters.Length + 1) + "]";
    }

    /// <summary>The attribute's name as it is used.</summary>
    public static string Kind(INamedTypeSymbol attribute) => attribute.Name.EndsWith(Suffix, StringComparison.Ordinal) && attribute.Name.Length > Suffix.Length
        ? attribute.Name.Substring(0, attribute.Name.Length - Suffix.Length)
        : attribute.Name;

    /// <summary>Where the text of a string literal stands; null for what is none, or has its text in other letters.</summary>
    private static LocationInfo? TextOf(ExpressionSyntax expression)
    {
        while (expression is ParenthesizedExpressionSyntax parenthesis)
            expression = parenthesis.Expression;
        if (expression is not LiteralExpressionSyntax { Token: { Value: string text } token })
            return null;
        var at = token.Text.IndexOf(text, StringComparison.Ordinal);
        var location = LocationInfo.Of(token);
        return at < 0 || location.Lines.Start.Line != location.Lines.End.Line ? null : location.Part(at, text.Length);
    }

    private static bool HasError(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error
        || (constant.Kind == TypedConstantKind.Array && !constant.IsNull && constant.Values.Any(HasError));

    private static ITypeSymbol? PropertyType(INamedTypeSymbol attribute, string name)
    {
        for (var type = attribute; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault() is { } property)
                return property.Type;
        }

        return null;
    }

    private static ArgumentValue Value(TypedConstant constant, ITypeSymbol? declaredType)
    {
        if (constant.IsNull)
            return new ArgumentValue.Text(null);
        switch (constant.Kind)
        {
            case TypedConstantKind.Array when constant.Values.All(value => value.Value is int):
                return new ArgumentValue.Integers(constant.Values.Select(value => (int)value.Value!).ToEquatableArray());
            case TypedConstantKind.Array when declaredType is IArrayTypeSymbol && constant.Values.All(value => value.Value is float or double):
                return new ArgumentValue.Reals(constant.Values.Select(value => Convert.ToDouble(value.Value, CultureInfo.InvariantCulture)).ToEquatableArray());
            case TypedConstantKind.Array:
                return new ArgumentValue.Other("of type " + constant.Type!.ToDisplayString());
            default:
                return Value(constant.Value, constant.Type) ?? new ArgumentValue.Other("of type " + constant.Type!.ToDisplayString());
        }
    }
}
