using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CnnGen.Generator.Tests.Execution;

public sealed class PlanExecutionTests
{
    [Fact]
    public void Chains()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var drawn = RandomNetworks.Valid.Generator.Sample(int.Parse(Environment.GetEnvironmentVariable("N") ?? "200"), new Rnd(3), 50).ToList();
        var failures = new List<string>();
        var t0 = clock.Elapsed;
        for (var i = 0; i < drawn.Count; i++)
        {
            var wrong = PlanRun.Wrong(drawn[i].CreateNetwork() with { Passes = PassKinds.Predict | PassKinds.Train | PassKinds.Explain }, i);
            if (wrong.Count > 0)
                failures.Add(drawn[i].Source + string.Join("\n", wrong.Take(8)));
        }
        File.WriteAllText("/tmp/exec-chains.txt", $"{t0} {clock.Elapsed} {failures.Count} of {drawn.Count}\n" + string.Join("\n------\n", failures.OrderBy(f => f.Length)));
        Assert.Empty(failures);
    }

    [Fact]
    public void Graphs()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var count = int.Parse(Environment.GetEnvironmentVariable("N") ?? "200");
        var sources = Enumerable.Range(0, count).Select(seed => RandomGraphs.Declaration(seed, $"Drawn{seed}")).ToArray();
        var networks = sources.Chunk(100).SelectMany(GeneratorHarness.ResolveUntracked).ToDictionary(pair => pair.Key, pair => pair.Value);
        var failures = new List<string>();
        var t0 = clock.Elapsed;
        for (var i = 0; i < count; i++)
        {
            var wrong = PlanRun.Wrong(networks[$"Drawn{i}"] with { Passes = PassKinds.Predict | PassKinds.Train | PassKinds.Explain }, i);
            if (wrong.Count > 0)
                failures.Add(sources[i] + string.Join("\n", wrong.Take(8)));
        }
        File.WriteAllText("/tmp/exec-graphs.txt", $"{t0} {clock.Elapsed} {failures.Count} of {count}\n" + string.Join("\n------\n", failures.OrderBy(f => f.Length)));
        Assert.Empty(failures);
    }
}
