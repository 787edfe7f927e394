using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Emitted code of many small graphs against the reference interpreter: joins, readers and memory, where <see cref="RandomGraphTests"/> draws all layers and sizes, and few graphs.
/// <c>CNNGEN_SMALL_GRAPHS</c> sets how many, <c>CNNGEN_FIRST_GRAPH</c> the first. A graph runs on one instruction set, the graphs of the next compilation on the next; with <c>CNNGEN_TESTS=all</c> on each, but
/// for AVX-512 where that has to be simulated, on which the graphs of one compilation in eight run.
/// </summary>
public sealed class SmallGraphTests
{
    /// <summary>The more, the more of their kernels they share; and the longer until the first runs.</summary>
    private const int PerCompilation = 250;

    private static int Count => Extent.Setting("CNNGEN_SMALL_GRAPHS", 2000);

    [Fact]
    public async Task Emitted_code_agrees_with_the_interpreter_with_the_same_bits_on_any_number_of_threads()
    {
        var failures = new List<string>();
        var chunks = Enumerable.Range(Extent.FirstGraph, Count).Chunk(PerCompilation).ToList();
        var next = Task.Run(() => Compile(chunks[0]));
        for (var i = 0; i < chunks.Count; i++)
        {
            // The next ones are compiled while these run, of which most is one thread's work.
            using var assembly = await next;
            if (i + 1 < chunks.Count)
            {
                var following = chunks[i + 1];
                next = Task.Run(() => Compile(following));
            }

            foreach (var seed in chunks[i])
            {
                if (Wrong(assembly, seed, SetsOf(chunks[i])) is { Length: > 0 } wrong)
                    failures.Add(RandomGraphs.SmallDeclaration(seed, Name(seed)) + TwiceLayer.CommentOf(assembly.Network(Name(seed))) + wrong);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {Count} graphs fail. The shortest:\n{failures.MinBy(failure => failure.Length)}");
    }

    [Fact]
    public void All_kinds_of_graphs_are_drawn()
    {
        var networks = GeneratorHarness.ResolveUntracked([.. Enumerable.Range(0, 2000).Select(seed => RandomGraphs.SmallDeclaration(seed, Name(seed)))]).Values.Select(WithShared).ToList();
        var kinds = new Dictionary<string, Func<Network, bool>>
        {
            ["a sum"] = network => Has<JoinLayer>(network, layer => layer.Kind == "Add"),
            ["a product"] = network => Has<JoinLayer>(network, layer => layer.Kind == "Multiply"),
            ["a mean of branches"] = network => Has<JoinLayer>(network, layer => layer.Kind == "Average"),
            ["a maximum of branches"] = network => Has<JoinLayer>(network, layer => layer.Kind == "Maximum"),
            ["a gate"] = network => network.Nodes.Any(node => node.Layer.Kind == "Multiply" && node.Inputs.Select(input => network.Nodes[input].OutputShape).Distinct().Count() > 1),
            ["a concatenation of parts with odd channels"] = network =>
                network.Nodes.Any(node => node.Layer is ConcatLayer && node.Inputs.Any(input => network.Nodes[input].OutputShape.Channels % 2 == 1)),
            ["several readers of a layer"] = network => network.Nodes.Skip(1).Any(node => Readers(network, node.Index) > 1),
            ["several readers of the image"] = network => Readers(network, 0) > 1,
            ["heads"] = network => network.Outputs.Count > 1,
            ["heads of another weight"] = network => network.Outputs.Any(output => output.Weight != 1),
            ["a U"] = network => network.Nodes.Any(node => node.Layer is ConcatLayer && node.Inputs.Any(input => network.Nodes[input].Layer is UpsampleLayer)),
            ["statistics of the batch"] = network => network.Nodes.Any(node => node.NeedsBatchStatistics),
            ["running statistics"] = network => network.Nodes.Any(node => node.Layer is BatchNormLayer && node.IsFrozen),
            ["frozen weights"] = network => network.Nodes.Any(node => node.Layer is Conv2DLayer && node.IsFrozen),
            ["parameters that are read twice"] = network => Has<TwiceLayer>(network),
            ["dropout"] = network => Has<DropoutLayer>(network),
            ["a pool behind a convolution and a ReLU"] = network => network.Nodes.Any(node => IsPool(node, "MaxPool") && network.Nodes[node.Inputs[0]] is { Layer.Kind: "ReLU" } before && network.Nodes[before.Inputs[0]].Layer is Conv2DLayer),
            ["a pool behind something else"] = network => network.Nodes.Any(node => IsPool(node, "MaxPool") && network.Nodes[node.Inputs[0]].Layer.Kind != "ReLU"),
            ["an average pool"] = network => network.Nodes.Any(node => IsPool(node, "AveragePool")),
            ["channels last"] = network => network.Layout == LayoutKind.ChannelsLast,
            ["planes"] = network => network.Layout != LayoutKind.ChannelsLast,
        };
        var counts = kinds.Select(kind => (kind.Key, Count: networks.Count(kind.Value))).ToList();
        Assert.True(counts.TrueForAll(one => one.Count >= 100), "Of 2000 graphs there are with\n" + string.Join("\n", counts.Select(one => $"{one.Key}: {one.Count}")));
    }

    private static string Name(int seed) => FormattableString.Invariant($"Drawn{seed}");

    /// <summary>Some layers are computed twice, with the same parameters.</summary>
    private static Network WithShared(Network network) => TwiceLayer.Drawn(network, int.Parse(network.Name.AsSpan("Drawn".Length), CultureInfo.InvariantCulture));

    private static IReadOnlyList<InstructionSet> SetsOf(int[] seeds)
    {
        var compilation = seeds[0] / PerCompilation;
        if (Extent.IsWhole)
            return Avx512Simulation.IsNeeded && compilation % 8 > 0 ? EmittedModel.Sets : EmittedModel.AllSets;
        return [EmittedModel.AllSets[compilation % EmittedModel.AllSets.Count]];
    }

    private static EmittedAssembly Compile(int[] seeds) =>
        EmittedAssembly.CompileMany(SetsOf(seeds), WithShared, [.. seeds.Select(seed => RandomGraphs.SmallDeclaration(seed, Name(seed)))]);

    private static string Wrong(EmittedAssembly assembly, int seed, IReadOnlyList<InstructionSet> sets)
    {
        using var model = assembly.Create(Name(seed));
        return GraphAgreement.Wrong(model, Expected.Random(model.Network, 5, seed), sets);
    }

    private static bool Has<T>(Network network, Func<T, bool>? wanted = null) where T : Layer => network.Nodes.Any(node => node.Layer is T layer && wanted?.Invoke(layer) != false);

    private static bool IsPool(Node node, string kind) => node.Layer.Kind == kind;

    private static int Readers(Network network, int index) => network.Nodes.Count(node => node.Inputs.Contains(index));
}
