using System.Collections.Concurrent;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// The plans of networks drawn at random, executed by what their kernels mean, against the reference interpreter: thousands of graphs, since none is compiled.
/// Instruction sets have one plan and differ in the units of some kernels only. <c>CNNGEN_PLANNED_GRAPHS</c> sets how many graphs, for a long run by hand.
/// </summary>
public sealed class PlanExecutionTests
{
    /// <summary>Declarations that are read together.</summary>
    private const int PerCompilation = 100;

    /// <summary>Networks with more channels than are drawn: convolutions whose tiles are multiplied for a whole batch.</summary>
    private static readonly string[] s_wide =
    [
        "[Model(320, 2, 1)] [Conv2D(287, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2), ReLU, Dense(3)]",
        "[Model(281, 3, 4)] [Conv2D(288, 3, Padding = 1, Bias = false, Algorithm = ConvAlgorithm.Winograd4x4), BatchNorm, ReLU, Dense(3)]",
    ];

    private const PassKinds All = PassKinds.Predict | PassKinds.Train | PassKinds.Explain;

    private static int Count => Extent.Setting("CNNGEN_PLANNED_GRAPHS", 2000);

    [Fact]
    public void Plans_of_graphs_agree_with_the_interpreter_in_any_order_of_tasks()
    {
        var failures = new ConcurrentBag<string>();
        var kernels = new ConcurrentDictionary<Type, bool>();
        var shared = 0;
        Parallel.ForEach(Enumerable.Range(Extent.FirstGraph, Count).Chunk(PerCompilation), seeds =>
        {
            var networks = GeneratorHarness.ResolveUntracked([.. seeds.Select(seed => RandomGraphs.AnyDeclaration(seed, Name(seed)))]);
            foreach (var seed in seeds)
            {
                var network = TwiceLayer.Drawn(networks[Name(seed)], seed);
                if (network.Nodes.Any(node => node.Layer is TwiceLayer))
                    Interlocked.Increment(ref shared);
                if (Wrong(network, seed, kernels) is { Length: > 0 } wrong)
                    failures.Add(RandomGraphs.AnyDeclaration(seed, Name(seed)) + TwiceLayer.CommentOf(network) + wrong);
            }
        });

        Parallel.ForEach(s_wide, layers =>
        {
            if (Wrong(GeneratorHarness.ParseNetwork(layers + " public partial class Wide;"), seed: 1, kernels) is { Length: > 0 } wrong)
                failures.Add(layers + wrong);
        });

        Assert.True(failures.IsEmpty, $"{failures.Count} of {Count} graphs fail. The shortest:\n{failures.MinBy(failure => failure.Length)}");
        if (Count < 2000)
            return;
        Assert.True(shared >= 100, $"Of {Count} graphs {shared} have parameters that are read twice.");
        Assert.Empty(KernelMeanings.Known.Keys.Except(kernels.Keys).Select(kernel => kernel.Name));
    }

    [Fact]
    public void Plans_of_chains_agree_with_the_interpreter_in_any_order_of_tasks()
    {
        var drawn = RandomNetworks.Valid.Generator.Sample(200, new Rnd(3), 50).ToList();
        var failures = new ConcurrentBag<string>();
        Parallel.For(0, drawn.Count, i =>
        {
            if (Wrong(drawn[i].CreateNetwork(), i, []) is { Length: > 0 } wrong)
                failures.Add(drawn[i].Source + wrong);
        });

        Assert.True(failures.IsEmpty, $"{failures.Count} of {drawn.Count} networks fail. The shortest:\n{failures.MinBy(failure => failure.Length)}");
    }

    /// <summary>
    /// HardSigmoid makes 0.5 of the zeros in lanes without a channel: the gradient by a transposed convolution's weights sums over all lanes, and a gradient
    /// may take the place of what has them.
    /// </summary>
    [Theory]
    [InlineData("[Model(16, 5, 5)] [Conv2D(5, 3, Padding = 1), HardSigmoid, Conv2DTranspose(4, 3, Padding = 1)]")]
    [InlineData("[Model(16, 5, 5)] [Conv2D(5, 3, Padding = 1), HardSigmoid, MaxPool(3, Stride = 1, Padding = 1), Conv2DTranspose(4, 2, Stride = 2), Dense(3)]")]
    [InlineData("[Model(3, 4, 4)] [Dense(9), HardSigmoid, BatchNorm, GELU, Dense(3)]")]
    public void Lanes_without_a_channel_stay_zeros(string layers)
    {
        for (var seed = 0; seed < 4; seed++)
            Assert.Empty(new PlanRun(GeneratorHarness.ParseNetwork(layers + " public partial class Net;"), seed).Wrong());
    }

    /// <summary>Behind a ReLU many are 0 in all branches: what each branch gets of the gradient is seen where it is explained.</summary>
    [Theory]
    [InlineData("[Branch, LeakyReLU(0.5f)] [Branch, Conv2D(2, 3, Padding = 1, Bias = false)]")]
    [InlineData("[Branch, Conv2D(2, 3, Padding = 1, Bias = false)] [Branch, ImageFilter(FilterKind.Laplacian)] [Branch]")]
    public void Of_equal_largest_branches_the_first_gets_the_gradient(string branches)
    {
        var network = GeneratorHarness.ParseNetwork($"[Model(2, 1, 2)] [ReLU] {branches} [Maximum] public partial class Net;");
        for (var seed = 0; seed < 30; seed++)
            Assert.Empty(new PlanRun(network with { Passes = All }, seed).Wrong());
    }

    private static string Name(int seed) => FormattableString.Invariant($"Drawn{seed}");

    /// <summary>What differs; every third network has the passes that explain it too, and every third one the features of a layer or two.</summary>
    private static string Wrong(Network network, int seed, ConcurrentDictionary<Type, bool> kernels)
    {
        var random = new Random(seed);
        var run = new PlanRun(
            network with
            {
                Passes = seed % 3 == 0 ? All : PassKinds.Predict | PassKinds.Train,
                Features = seed % 3 == 1 ? new SortedSet<int> { random.Next(1, network.Nodes.Count), random.Next(1, network.Nodes.Count) }.ToEquatableArray() : [],
            },
            seed);
        foreach (var kernel in run.Kernels)
            kernels[kernel.GetType()] = true;
        return string.Join("\n", run.Wrong());
    }
}
