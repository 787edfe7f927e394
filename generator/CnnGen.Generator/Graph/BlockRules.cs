using CnnGen.Generator.Arguments;

namespace CnnGen.Generator.Graph;

/// <summary>What is wrong with a block whatever its numbers are.</summary>
internal static class BlockRules
{
    /// <summary>The problems of a block's own lines; those of the blocks that it uses are theirs.</summary>
    public static IReadOnlyList<LayerProblem> Check(DeclaredBlock block, IReadOnlyCollection<DeclaredBlock> blocks)
    {
        var byId = blocks.ToDictionary(one => one.Id);
        var steps = StepBuilder.Of(block, blocks);
        var names = NodeNames.Resolve(new DeclaredNetwork("", new DeclaredItem("Model", []), block.Layers, []), steps);
        var problems = steps.Problems.Concat(names.Problems).Where(problem => problem.Inside.Count == 0 && problem.Problem.Id != "CNN1045").ToList();
        for (var i = 0; i < block.Layers.Count; i++)
        {
            if (block.Layers[i].Block is { } id && byId.TryGetValue(id, out var used) && WayTo(block, used, byId) is { } way)
                problems.Add(new LayerProblem(i, Recursion(block, way)));
        }

        return problems;
    }

    /// <summary>A block that contains itself, with the way around.</summary>
    public static Problem Recursion(DeclaredBlock block, IReadOnlyDictionary<string, DeclaredBlock> blocks) =>
        Recursion(block, UsesOf(block, blocks).Select(used => WayTo(block, used, blocks)).OfType<IReadOnlyList<DeclaredBlock>>().OrderBy(way => way.Count).FirstOrDefault() ?? [block]);

    private static Problem Recursion(DeclaredBlock block, IReadOnlyList<DeclaredBlock> way) =>
        new("CNN1045", "", [block.Kind, string.Join(" -> ", way.Prepend(block).Select(one => one.Kind))]);

    /// <summary>The shortest way from a block to another one, both included; null where there is none.</summary>
    private static IReadOnlyList<DeclaredBlock>? WayTo(DeclaredBlock target, DeclaredBlock from, IReadOnlyDictionary<string, DeclaredBlock> blocks)
    {
        var seen = new HashSet<string> { from.Id };
        List<List<DeclaredBlock>> front = [[from]];
        while (front.Count > 0)
        {
            if (front.Find(way => way[way.Count - 1].Id == target.Id) is { } found)
                return found;
            front = [.. front.SelectMany(way => UsesOf(way[way.Count - 1], blocks).Where(block => seen.Add(block.Id)).Select(block => (List<DeclaredBlock>)[.. way, block]))];
        }

        return null;
    }

    private static IEnumerable<DeclaredBlock> UsesOf(DeclaredBlock block, IReadOnlyDictionary<string, DeclaredBlock> blocks) => block.Layers
        .Where(layer => layer.Block is not null && blocks.ContainsKey(layer.Block))
        .Select(layer => blocks[layer.Block!]);
}
