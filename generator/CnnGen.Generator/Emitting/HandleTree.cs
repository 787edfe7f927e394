using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Emitting;

/// <summary>The handle of a layer, or of a block with the handles of what it has inside.</summary>
/// <param name="Name">The property that has it.</param>
/// <param name="Layer">The layer; null for a block.</param>
/// <param name="Path">The names of the blocks around it, outermost first, and its own.</param>
internal sealed record HandleTree<T>(string Name, T? Layer, EquatableArray<string> Path) where T : class
{
    public List<HandleTree<T>> Members { get; } = [];

    /// <summary>The layers of a block, or the layer itself.</summary>
    public IEnumerable<T> Layers => Layer is { } layer ? [layer] : Members.SelectMany(member => member.Layers);

    /// <param name="layers">In the network's order.</param>
    /// <param name="pathOf">The names of the blocks around one, outermost first.</param>
    /// <param name="nameOf">Its name in the innermost of them.</param>
    public static IReadOnlyList<HandleTree<T>> Of(IEnumerable<T> layers, Func<T, EquatableArray<string>> pathOf, Func<T, string> nameOf)
    {
        var roots = new List<HandleTree<T>>();
        foreach (var layer in layers)
        {
            var siblings = roots;
            var path = pathOf(layer);
            for (var depth = 0; depth < path.Count; depth++)
            {
                var name = path[depth];
                if (siblings.Find(one => one.Name == name) is not { } block)
                {
                    block = new HandleTree<T>(name, null, path.Take(depth + 1).ToEquatableArray());
                    siblings.Add(block);
                }

                siblings = block.Members;
            }

            siblings.Add(new HandleTree<T>(nameOf(layer), layer, [.. path, nameOf(layer)]));
        }

        return roots;
    }
}
