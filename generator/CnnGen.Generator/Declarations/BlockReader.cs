using CnnGen.Generator.Arguments;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Declarations;

/// <summary>Where the lines of a block's body stand, for those in this compilation.</summary>
internal sealed record BlockLocations(string Id, EquatableArray<AttributeLocations> Layers);

/// <summary>Blocks that some layers use, and those that these use.</summary>
/// <param name="Blocks">All of them.</param>
/// <param name="Locations">Where those of this compilation stand.</param>
/// <param name="IsWhole">Whether nothing is wrong with any of them in itself; else that is said where they are declared.</param>
/// <param name="Unread">The ids of those whose bodies aren't known: of assemblies that the generator hasn't compiled.</param>
internal sealed record BlockSet(
    EquatableArray<DeclaredBlock> Blocks, EquatableArray<BlockLocations> Locations, bool IsWhole, EquatableArray<string> Unread);

/// <summary>Reads blocks: from source code, or from the records of the assemblies that have them.</summary>
internal static class BlockReader
{
    private const string BodyAttribute = "CnnGen.Runtime.BlockBodyAttribute";

    /// <summary>The block's name for all that tells blocks apart: of a generic one, whatever its arguments.</summary>
    public static string IdOf(INamedTypeSymbol block) => MetadataNameOf(block) + ", " + block.ContainingAssembly.Name;

    /// <summary>The class's full name in metadata: <c>Nets.Outer+BottleneckAttribute</c>.</summary>
    public static string MetadataNameOf(INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer)
            return MetadataNameOf(outer) + "+" + type.MetadataName;
        return type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName : type.ContainingNamespace.ToDisplayString() + "." + type.MetadataName;
    }

    /// <summary>The blocks among the attributes, and all that these use.</summary>
    public static BlockSet Collect(IEnumerable<INamedTypeSymbol> attributes, Compilation compilation, CancellationToken cancellation)
    {
        var blocks = new Dictionary<string, DeclaredBlock>();
        var locations = new List<BlockLocations>();
        var unread = new List<string>();
        var own = new List<DeclaredBlock>();
        var isWhole = true;
        var waiting = new Queue<INamedTypeSymbol>(attributes.Where(AttributeReader.IsBlock));
        var seen = new HashSet<string>();
        while (waiting.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var symbol = waiting.Dequeue();
            if (!seen.Add(IdOf(symbol)))
                continue;
            if (BlockSource.Read(symbol, compilation, cancellation) is { } source)
            {
                isWhole &= source.IsReadable && source.Problems.Count == 0;
                blocks[source.Block.Id] = source.Block;
                own.Add(source.Block);
                if (source.IsHere)
                    locations.Add(new BlockLocations(source.Block.Id, source.Locations));
                foreach (var used in source.Uses)
                    waiting.Enqueue(used);
            }
            else if (RecordOf(symbol) is { } record)
            {
                foreach (var block in record)
                {
                    if (!blocks.ContainsKey(block.Id))
                        blocks.Add(block.Id, block);
                }
            }
            else
            {
                unread.Add(IdOf(symbol));
                isWhole = false;
            }
        }

        var all = blocks.Values.OrderBy(block => block.Id, StringComparer.Ordinal).ToEquatableArray();
        return new BlockSet(
            all,
            locations.OrderBy(one => one.Id, StringComparer.Ordinal).ToEquatableArray(),
            isWhole && own.All(block => BlockRules.Check(block, all).Count == 0),
            unread.ToEquatableArray());
    }

    /// <summary>A block of this compilation with what is wrong with it; null for a class that is none, or another part of one.</summary>
    public static BlockDeclaration? Read(ClassDeclarationSyntax node, INamedTypeSymbol symbol, Compilation compilation, CancellationToken cancellation)
    {
        if (!AttributeReader.IsBlock(symbol)
            || symbol.DeclaringSyntaxReferences.Select(part => part.GetSyntax(cancellation)).First(part => part is ClassDeclarationSyntax { BaseList: not null }) != node
            || BlockSource.Read(symbol, compilation, cancellation) is not { } source)
            return null;
        var problems = source.Problems.ToList();
        var set = Collect(source.Uses, compilation, cancellation);
        var blocks = set.Blocks.Any(block => block.Id == source.Block.Id) ? set.Blocks : [source.Block, .. set.Blocks];

        // A class of another form has lines and parameters of no meaning.
        if (source.IsReadable && problems.Count == 0)
        {
            for (var i = 0; i < source.Block.Layers.Count; i++)
            {
                if (source.Block.Layers[i].Block is { } id && set.Unread.Contains(id))
                    problems.Add(new LocatedProblem(Unread(source.Block.Layers[i].Kind, id), source.Locations[i].Attribute));
            }

            problems.AddRange(BlockRules.Check(source.Block, blocks).Select(one => new LocatedProblem(one.Problem, source.Locations[one.Layer].Find(one.Problem))));
        }

        var isWhole = source.IsReadable && problems.Count == 0 && set.IsWhole && source.Block.Layers.Count > 0 && !symbol.IsAbstract;
        var record = isWhole && !DeclarationRules.IsFileLocal(symbol)
            ? new BlockRecord(MetadataNameOf(symbol), BlockRecord.Write([source.Block, .. blocks.Where(block => block.Id != source.Block.Id)]))
            : null;
        return new BlockDeclaration(record, problems.ToEquatableArray());
    }

    /// <summary>What is said of a block whose body isn't known.</summary>
    public static Problem Unread(string kind, string id) => new("CNN1050", "", [kind, id.Substring(id.LastIndexOf(", ", StringComparison.Ordinal) + 2)]);

    /// <summary>Whether this version knows all that the blocks are made of.</summary>
    private static bool IsComplete(IReadOnlyList<DeclaredBlock> record) => record.SelectMany(block => block.Layers)
        .All(layer => layer.Block is { } id ? record.Any(block => block.Id == id) : LayerFactory.IsKnown(layer.Kind));

    private static IReadOnlyList<DeclaredBlock>? RecordOf(INamedTypeSymbol symbol)
    {
        var name = MetadataNameOf(symbol);
        foreach (var attribute in symbol.ContainingAssembly.GetAttributes())
        {
            if (attribute.AttributeClass?.ToDisplayString() == BodyAttribute
                && attribute.ConstructorArguments is [{ Value: string block }, { Value: string body }]
                && block == name)
                return BlockRecord.Read(body) is { } record && IsComplete(record) ? record : null;
        }

        return null;
    }
}

/// <summary>A block of this compilation.</summary>
/// <param name="Record">What other assemblies read of it; null where something is wrong with it.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record BlockDeclaration(BlockRecord? Record, EquatableArray<LocatedProblem> Problems);
