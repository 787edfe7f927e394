using CnnGen.Generator.Arguments;
using CnnGen.Generator.Arguments.Formulas;
using CnnGen.Generator.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Declarations;

/// <summary>A block as its source code has it.</summary>
/// <param name="Block">What it declares.</param>
/// <param name="Locations">Where each of its layers stands.</param>
/// <param name="Uses">The classes of the blocks among its layers.</param>
/// <param name="Problems">What is wrong with its form.</param>
internal sealed record BlockSource(
    DeclaredBlock Block, EquatableArray<AttributeLocations> Locations, IReadOnlyList<INamedTypeSymbol> Uses, IReadOnlyList<LocatedProblem> Problems)
{
    /// <summary>False where the C# itself has errors: then the layers are known in outline only.</summary>
    public bool IsReadable { get; private init; }

    /// <summary>Whether its code is in the compilation that is read.</summary>
    public bool IsHere { get; private init; }

    /// <summary>Null where there is no source code of the class.</summary>
    public static BlockSource? Read(INamedTypeSymbol symbol, Compilation compilation, CancellationToken cancellation)
    {
        symbol = symbol.OriginalDefinition;
        if (symbol.DeclaringSyntaxReferences.Select(part => part.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>().FirstOrDefault() is not { } node)
            return null;
        var layers = ReadAttribute.Of(symbol, cancellation).Where(attribute => AttributeReader.IsLayer(attribute.Data.AttributeClass)).ToList();
        var home = layers.Count == 0 ? node : layers[0].Declaration;
        var isReadable = symbol.GetAttributes().All(attribute => attribute.AttributeClass?.TypeKind != TypeKind.Error)
            && layers.All(layer => AttributeReader.IsKnownLayer(layer.Data.AttributeClass!) && !AttributeReader.IsBroken(layer.Data, layer.Syntax));
        var problems = new List<LocatedProblem>();
        var identifier = LocationInfo.Of(node.Identifier);
        if (Form(symbol, layers.Count > 0) is { } form)
            problems.Add(new LocatedProblem(new Problem("CNN1047", "", [symbol.Name, form.What, form.Mend]), identifier));
        else if (layers.Count == 0 && !symbol.IsAbstract && isReadable)
            problems.Add(new LocatedProblem(new Problem("CNN1046", "", [symbol.Name]), identifier));
        foreach (var stray in layers.Where(layer => layer.Declaration != home).GroupBy(layer => layer.Declaration))
            problems.Add(new DeclarationRules(node, symbol, home, symbol.Name).Stray(stray.First().Syntax));

        layers = [.. layers.Where(layer => layer.Declaration == home).OrderBy(layer => layer.Syntax.SpanStart)];
        var known = isReadable ? layers : [.. layers.Where(layer => AttributeReader.IsKnownLayer(layer.Data.AttributeClass!))];
        var block = new DeclaredBlock(
            BlockReader.IdOf(symbol),
            AttributeReader.Kind(symbol),
            Parameters(symbol, compilation, problems, cancellation),
            known.Select(layer => isReadable ? AttributeReader.Read(layer.Data, layer.Syntax) : AttributeReader.ReadOutline(layer.Data)).ToEquatableArray());
        return new BlockSource(
            block,
            isReadable ? known.Select(layer => AttributeReader.Locate(layer.Data, layer.Syntax)).ToEquatableArray() : [],
            [.. known.Select(layer => layer.Data.AttributeClass!).Where(AttributeReader.IsBlock)],
            problems) { IsReadable = isReadable, IsHere = isReadable && compilation.ContainsSyntaxTree(node.SyntaxTree) };
    }

    private static (string What, string Mend)? Form(INamedTypeSymbol symbol, bool hasLayers)
    {
        for (var type = symbol; type is not null; type = type.ContainingType)
        {
            if (type.TypeParameters.Length > 0)
                return ("generic, since no attribute in its body could name a type parameter", "Remove the type parameters");
        }

        if (symbol.IsAbstract && hasLayers)
            return ("abstract where it has layers, since no class inherits them", "Remove 'abstract', or move the layers to the classes that derive from it");
        return symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == "CnnGen.ModelAttribute")
            ? ("a model as well", "Remove [Model], and use the block in a model")
            : null;
    }

    /// <summary>The parameters of the constructors that a use can call, then the properties and fields that it can set.</summary>
    private static EquatableArray<DeclaredParameter> Parameters(
        INamedTypeSymbol symbol, Compilation compilation, List<LocatedProblem> problems, CancellationToken cancellation)
    {
        var parameters = new List<DeclaredParameter>();
        foreach (var parameter in symbol.InstanceConstructors
            .Where(constructor => constructor.DeclaredAccessibility is not (Accessibility.Private or Accessibility.Protected))
            .SelectMany(constructor => constructor.Parameters))
        {
            Add(parameter.Name, TypeOf(parameter, parameter.Type), parameter.HasExplicitDefaultValue ? AttributeReader.Value(parameter.ExplicitDefaultValue, parameter.Type) : null);
        }

        for (var type = symbol; type is not null && type.ToDisplayString() != AttributeReader.BlockAttribute; type = type.BaseType)
        {
            foreach (var member in type.GetMembers().Where(member => member is { IsStatic: false, DeclaredAccessibility: Accessibility.Public }))
            {
                if (member is IPropertySymbol { SetMethod.DeclaredAccessibility: Accessibility.Public, IsIndexer: false } property)
                    AddMember(property, property.Type);
                else if (member is IFieldSymbol { IsReadOnly: false, IsConst: false } field)
                    AddMember(field, field.Type);
            }
        }

        return parameters.ToEquatableArray();

        void AddMember(ISymbol member, ITypeSymbol type) => Add(member.Name, TypeOf(member, type), Initial(member, type, compilation, cancellation));

        // Constructors that say a parameter in several ways, as a number and as an expression, leave its type to the use.
        void Add(string name, FormulaType? type, ArgumentValue? value)
        {
            var index = parameters.FindIndex(one => one.Name == name);
            if (index < 0)
                parameters.Add(new DeclaredParameter(name, type, value));
            else
                parameters[index] = new DeclaredParameter(name, parameters[index].Type == type ? type : null, parameters[index].Default ?? value);
        }

        FormulaType? TypeOf(ISymbol parameter, ITypeSymbol type)
        {
            if (type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Single or SpecialType.System_Double)
                return FormulaType.Number;
            if (type.SpecialType is SpecialType.System_Boolean)
                return FormulaType.Truth;
            if (AttributeReader.IsEnumeration(type))
                return FormulaType.Of(type.Name);
            if (type.SpecialType is SpecialType.System_String or SpecialType.System_Object || type.TypeKind == TypeKind.Error)
                return null;
            var place = parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
            problems.Add(new LocatedProblem(
                new Problem("CNN1048", "", [AttributeReader.Kind(symbol), parameter.Name, type.ToDisplayString()]),
                LocationInfo.Of(place?.GetLocation() ?? symbol.Locations[0])));
            return null;
        }
    }

    /// <summary>What a property or field is where nobody sets it; null where that isn't known.</summary>
    private static ArgumentValue? Initial(ISymbol member, ITypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        if (member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not { } syntax)
            return null;
        var value = syntax switch
        {
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            VariableDeclaratorSyntax variable => variable.Initializer?.Value,
            _ => null,
        };
        if (value is null)
            return type.IsReferenceType ? null : type.SpecialType == SpecialType.System_Boolean ? new ArgumentValue.Truth(false) : AttributeReader.Value(0, type);
        var home = compilation.ContainsSyntaxTree(value.SyntaxTree) ? compilation : (member.ContainingAssembly as ISourceAssemblySymbol)?.Compilation;
        return home?.GetSemanticModel(value.SyntaxTree) is { } model && model.GetConstantValue(value, cancellation) is { HasValue: true } constant
            ? AttributeReader.Value(constant.Value, model.GetTypeInfo(value, cancellation).Type)
            : null;
    }
}

/// <summary>An attribute of a class with its syntax.</summary>
internal sealed record ReadAttribute(AttributeData Data, AttributeSyntax Syntax)
{
    public SyntaxNode Declaration => Syntax.Parent!.Parent!;

    public bool IsNamed(string name) => Data.AttributeClass?.ToDisplayString() == name;

    /// <summary>The attributes of a class that stand in source code.</summary>
    public static List<ReadAttribute> Of(INamedTypeSymbol symbol, CancellationToken cancellation)
    {
        var attributes = new List<ReadAttribute>();
        foreach (var data in symbol.GetAttributes())
        {
            if (data.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax syntax)
                attributes.Add(new ReadAttribute(data, syntax));
        }

        return attributes;
    }
}
