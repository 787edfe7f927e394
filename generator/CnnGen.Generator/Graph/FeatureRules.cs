using CnnGen.Generator.Arguments;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Graph;

/// <summary>Reads which layers' features a model gives: <c>Features = "Conv3, Stage1.Conv2"</c>.</summary>
internal static class FeatureRules
{
    private const string Argument = "Features";

    /// <summary>The nodes of the layers and blocks that are named, in the network's order, each once; none where nothing is named.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="model">The arguments of <c>[Model]</c>.</param>
    /// <param name="graph">The layers, all of which are known.</param>
    /// <param name="problems">Receives the names that nobody has.</param>
    public static EquatableArray<int> Resolve(string name, ArgumentReader model, StepGraph graph, List<Problem> problems)
    {
        if (model.String(Argument) is not { } text)
            return [];
        var nodes = new SortedSet<int>();
        var start = 0;
        foreach (var part in text.Split(','))
        {
            var path = part.Trim();
            if (graph.Find(path) is { } step)
                nodes.Add(step + 1); // node 0 is the image
            else
                problems.Add(Unknown(name, path, graph) with { Part = PartOf(part, path, start) });
            start += part.Length + 1;
        }

        return nodes.ToEquatableArray();
    }

    private static Problem Unknown(string name, string path, StepGraph graph) => new(
        "CNN3016", Argument, [name, path, graph.Nearest("", path) is { } nearest ? "did you mean " + nearest + "?" : "the network has none."]);

    /// <summary>Where the name stands in the argument's text; null for a name of no letters.</summary>
    private static TextPart? PartOf(string part, string path, int start) =>
        path.Length == 0 ? null : new TextPart(start + part.IndexOf(path, StringComparison.Ordinal), path.Length);
}
