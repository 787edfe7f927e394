namespace CnnGen.Insight;

/// <summary>The layers of a model as a tree: blocks by the parts of their names, with the edges that lie in each.</summary>
internal sealed class DrawnGraph
{
    private DrawnGraph(string name, int layer) => (Name, Layer) = (name, layer);

    /// <summary>The last part of its name.</summary>
    public string Name { get; }

    /// <summary>The layer's place, 0 for the image; -1 for a block.</summary>
    public int Layer { get; }

    public bool IsBlock => Layer < 0;

    /// <summary>Of a block: what is in it, in the model's order.</summary>
    public List<DrawnGraph> Parts { get; } = [];

    /// <summary>Edges between its parts.</summary>
    public List<(int From, int To)> Edges { get; } = [];

    /// <summary>The parts that read what comes from outside, each once.</summary>
    public List<int> Entries { get; } = [];

    /// <summary>The part whose output leaves the block.</summary>
    public List<int> Exits { get; } = [];

    public static DrawnGraph Of(ModelSummary summary)
    {
        var root = new DrawnGraph(summary.ModelName, -1);
        var paths = new List<List<(DrawnGraph Block, int Part)>> { new() { (root, 0) } };
        root.Parts.Add(new DrawnGraph("Input", 0));
        for (var i = 1; i <= summary.Layers.Count; i++)
        {
            var names = summary.Layers[i - 1].Name.Split('.');
            var path = new List<(DrawnGraph, int)>();
            var block = root;
            for (var depth = 0; depth < names.Length; depth++)
            {
                var isLayer = depth == names.Length - 1;
                var part = isLayer ? -1 : block.Parts.FindIndex(one => one.IsBlock && one.Name == names[depth]);
                if (part < 0)
                {
                    part = block.Parts.Count;
                    block.Parts.Add(new DrawnGraph(names[depth], isLayer ? i : -1));
                }

                path.Add((block, part));
                block = block.Parts[part];
            }

            paths.Add(path);
            foreach (var input in summary.InputsOf(i))
                Connect(paths[input], path);
        }

        return root;
    }

    /// <summary>An edge lies in the innermost block that holds both ends; it leaves the blocks of the one and enters those of the other.</summary>
    private static void Connect(List<(DrawnGraph Block, int Part)> from, List<(DrawnGraph Block, int Part)> to)
    {
        var depth = 0;
        while (depth < from.Count && depth < to.Count && from[depth] == to[depth])
            depth++;
        depth = Math.Min(depth, Math.Min(from.Count, to.Count) - 1);
        AddOnce(from[depth].Block.Edges, (from[depth].Part, to[depth].Part));
        foreach (var (block, part) in from.Skip(depth + 1))
            AddOnce(block.Exits, part);
        foreach (var (block, part) in to.Skip(depth + 1))
            AddOnce(block.Entries, part);
    }

    private static void AddOnce<T>(List<T> list, T item)
    {
        if (!list.Contains(item))
            list.Add(item);
    }
}
