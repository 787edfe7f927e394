using CnnGen.Generator.Arguments;
using CnnGen.Generator.Emitting;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Weights;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Declarations;

/// <summary>Reads a class with <c>[Model]</c> into records that hold nothing of the compiler.</summary>
internal static class ModelReader
{
    private const string ModelAttribute = "CnnGen.ModelAttribute";
    private const string NormalizeAttribute = "CnnGen.NormalizeAttribute";
    private const string WeightsAttribute = "CnnGen.WeightsAttribute";

    /// <summary>The declaration, or null where another part of the class carries the first <c>[Model]</c> and is read in its stead.</summary>
    public static ModelDeclaration? Read(
        TypeDeclarationSyntax node, INamedTypeSymbol symbol, Compilation compilation, CancellationToken cancellation)
    {
        var attributes = ReadAttribute.Of(symbol, cancellation);
        var models = attributes.Where(attribute => attribute.IsNamed(ModelAttribute)).ToList();
        if (models[0].Declaration != node)
            return null;
        var layers = attributes.Where(attribute => AttributeReader.IsLayer(attribute.Data.AttributeClass)).ToList();
        var weights = attributes.FirstOrDefault(attribute => attribute.IsNamed(WeightsAttribute));
        var normalizes = attributes.Where(attribute => attribute.IsNamed(NormalizeAttribute)).ToList();
        var home = Home(node, layers);
        var isBroken = models.Count > 1
            || normalizes.Count > 1
            || attributes.Any(attribute => attribute.Data.AttributeClass?.TypeKind == TypeKind.Error)
            || !NameRules.HasName(symbol)
            || layers.Any(layer => !AttributeReader.IsKnownLayer(layer.Data.AttributeClass!))
            || models.Concat(normalizes).Concat(layers).Any(attribute => AttributeReader.IsBroken(attribute.Data, attribute.Syntax))
            || (weights is not null && AttributeReader.IsBroken(weights.Data, weights.Syntax));

        // On one declaration, symbols list attributes as they stand; that they do is not promised, so they are put in order here.
        layers.Sort((a, b) => a.Syntax.SpanStart.CompareTo(b.Syntax.SpanStart));
        var strays = layers.Where(layer => layer.Declaration != home).ToList();
        var form = new DeclarationRules(node, symbol, home, symbol.Name);
        var problems = form.Check(compilation, cancellation);
        problems.AddRange(NameRules.Check(node, symbol, compilation));
        problems.AddRange(ConstructionRules.Check(symbol, LocationInfo.Of(node.Identifier), compilation, cancellation));
        if (compilation.Options is CSharpCompilationOptions { AllowUnsafe: false })
            problems.Add(form.NoUnsafeCode());
        var version = ((CSharpCompilation)compilation).LanguageVersion;

        // Where the declaration itself is newer than the project's C#, the compiler has said so.
        if (version < DeclarationRules.LeastVersion && !node.ContainsDiagnostics && !node.OpenBraceToken.IsKind(SyntaxKind.None))
            problems.Add(form.OldLanguage(version));
        foreach (var stray in strays.GroupBy(layer => layer.Declaration))
            problems.Add(form.Stray(stray.First().Syntax));
        if (!NameRules.HasName(symbol))
            problems.Clear();
        if (layers.Count == 0 && !isBroken)
            problems.Add(form.NoLayers(models[0].Syntax));

        if (!isBroken)
            problems.AddRange(TargetRules.Check(symbol.Name, AttributeReader.Read(models[0].Data, models[0].Syntax), AttributeReader.Locate(models[0].Data, models[0].Syntax), compilation));
        var declaredWeights = isBroken || weights is null ? null : ReadWeights(symbol.Name, weights, problems);
        var blocks = BlockReader.Collect(layers.Select(layer => layer.Data.AttributeClass!), compilation, cancellation);
        foreach (var layer in layers.Where(layer => !isBroken && AttributeReader.IsBlock(layer.Data.AttributeClass!)))
        {
            var id = BlockReader.IdOf(layer.Data.AttributeClass!);
            if (blocks.Unread.Contains(id))
                problems.Add(new LocatedProblem(BlockReader.Unread(AttributeReader.Kind(layer.Data.AttributeClass!), id), LocationInfo.Of(layer.Syntax)));
        }

        var canResolve = !isBroken && strays.Count == 0 && layers.Count > 0 && blocks.IsWhole;
        var network = new DeclaredNetwork(
            symbol.Name,
            isBroken ? new DeclaredItem("Model", []) : AttributeReader.Read(models[0].Data, models[0].Syntax),
            isBroken ? Outline(layers) : layers.Select(layer => AttributeReader.Read(layer.Data, layer.Syntax)).ToEquatableArray(),
            DeclarationRules.UserMembers(symbol).Select(member => member.Name).Distinct().OrderBy(name => name, StringComparer.Ordinal).ToEquatableArray())
        {
            InheritedMembers = ConstructionRules.InheritedMembers(symbol, compilation).Select(member => member.Name)
                .Distinct().OrderBy(name => name, StringComparer.Ordinal).ToEquatableArray(),
            Normalize = isBroken || normalizes.Count == 0 ? null : AttributeReader.Read(normalizes[0].Data, normalizes[0].Syntax),
            Blocks = blocks.Blocks,
        };
        var content = new ModelContent(
            NameRules.NameOf(symbol.ContainingNamespace),
            ContainingTypes(symbol),
            SyntaxFacts.GetText(symbol.DeclaredAccessibility),
            Keyword(symbol),
            NameRules.NameOf(symbol),
            network,
            canResolve,
            CanEmit: canResolve && problems.Count == 0 && symbol.GetTypeMembers(symbol.Name).IsEmpty && !form.IsNotPartial && version >= DeclarationRules.LeastVersion,

            // Of a type with its class's name inside the class the compiler says enough, and there the name means that one.
            CanEmitShell: !symbol.IsStatic && symbol.GetTypeMembers(symbol.Name).IsEmpty && !DeclarationRules.IsFileLocal(symbol) && NameRules.HasName(symbol) && NameRules.HidingSpace(compilation) is null
                && (!form.IsNotPartial || form.LeavesPartialToCompiler) && version >= DeclarationRules.LeastShellVersion)
        {
            Weights = declaredWeights,
            BaseArguments = ConstructionRules.BaseArguments(symbol, compilation),
            HasGpuTypes = TargetRules.IsForGpu(symbol) && TargetRules.HasTypes(compilation),
            HasPretrained = weights is not null && declaredWeights?.Embed != WeightsEmbedding.AtRunTime,
        };
        content = content with { KernelNamespace = FreeNamespace(compilation.Assembly, KernelNamespace.NameOf(content.Namespace, content.ContainingTypes, content.ClassName)) };
        return new ModelDeclaration(
            content,
            isBroken ? Bare(models[0].Syntax) : AttributeReader.Locate(models[0].Data, models[0].Syntax),
            isBroken ? [] : layers.Select(layer => AttributeReader.Locate(layer.Data, layer.Syntax)).ToEquatableArray(),
            problems.ToEquatableArray())
        {
            Weights = declaredWeights is null ? null : AttributeReader.Locate(weights!.Data, weights.Syntax),
            Normalize = isBroken || normalizes.Count == 0 ? null : AttributeReader.Locate(normalizes[0].Data, normalizes[0].Syntax),
            Blocks = blocks.Locations,
        };
    }

    private static DeclaredWeights ReadWeights(string model, ReadAttribute weights, List<LocatedProblem> problems)
    {
        var reader = new ArgumentReader(AttributeReader.Read(weights.Data, weights.Syntax), model);
        var declared = new DeclaredWeights(reader.String("file") ?? "", reader.Enum("Embed", WeightsEmbedding.Inside));
        var locations = AttributeReader.Locate(weights.Data, weights.Syntax);
        problems.AddRange(reader.Problems.Select(problem => new LocatedProblem(problem, locations.Find(problem.Argument))));
        return declared;
    }

    /// <summary>What stands in for a declaration that could not be read because of a fault of the generator's own.</summary>
    public static ModelDeclaration Unreadable(TypeDeclarationSyntax node, Problem fault)
    {
        var network = new DeclaredNetwork(node.Identifier.ValueText, new DeclaredItem("Model", []), [], []);
        var content = new ModelContent(
            null, [], "", "class", node.Identifier.ValueText, network, CanResolve: false, CanEmit: false, CanEmitShell: false);
        var location = LocationInfo.Of(node.Identifier);
        return new ModelDeclaration(content, new AttributeLocations(location, []), [], [new LocatedProblem(fault, location)]);
    }

    /// <summary>The namespace for what is emitted beside the class: one that has nothing of the user's in it.</summary>
    private static string FreeNamespace(IAssemblySymbol assembly, string name)
    {
        var root = KernelNamespace.Root;
        while (IsTaken(assembly.GlobalNamespace, [.. root.Split('.'), name]))
            root += "_";
        return root + "." + name;
    }

    private static bool IsTaken(INamespaceSymbol space, IReadOnlyList<string> path)
    {
        foreach (var name in path)
        {
            var members = space.GetMembers(name);
            if (members.Any(member => member is ITypeSymbol))
                return true;
            if (members.OfType<INamespaceSymbol>().FirstOrDefault() is not { } inner)
                return false;
            space = inner;
        }

        return true;
    }

    /// <summary>The layers as far as they can be read.</summary>
    private static EquatableArray<DeclaredItem> Outline(IEnumerable<ReadAttribute> layers) => layers
        .Where(layer => AttributeReader.IsKnownLayer(layer.Data.AttributeClass!))
        .Select(layer => AttributeReader.ReadOutline(layer.Data))
        .ToEquatableArray();

    private static AttributeLocations Bare(AttributeSyntax syntax) => new(LocationInfo.Of(syntax), []);

    /// <summary>The declaration on which the layers belong: the one with <c>[Model]</c> where it has any, else the first that has.</summary>
    private static SyntaxNode Home(TypeDeclarationSyntax model, List<ReadAttribute> layers) =>
        layers.Count == 0 || layers.Any(layer => layer.Declaration == model) ? model : layers[0].Declaration;

    private static EquatableArray<ContainingType> ContainingTypes(INamedTypeSymbol symbol)
    {
        var types = new List<ContainingType>();
        for (var type = symbol.ContainingType; type is not null; type = type.ContainingType)
            types.Insert(0, new ContainingType(Keyword(type), NameRules.NameOf(type)));
        return types.ToEquatableArray();
    }

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
        { TypeKind: TypeKind.Struct } => "struct",
        { IsRecord: true } => "record",
        _ => "class",
    };
}
