using System.Collections.Concurrent;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Emitted code against the reference interpreter, over graphs drawn at random. <c>CNNGEN_RANDOM_GRAPHS</c> sets how many, for a long run by hand.
/// </summary>
public sealed class RandomGraphTests
{
    private const int PerCompilation = 12;

    private static int Count => Extent.Setting("CNNGEN_RANDOM_GRAPHS", 24);

    [Fact]
    public void Emitted_code_agrees_with_the_interpreter_with_the_same_bits_on_any_number_of_threads()
    {
        var failures = new ConcurrentBag<string>();
        foreach (var seeds in Enumerable.Range(Extent.FirstGraph, Count).Chunk(PerCompilation))
        {
            using var assembly = EmittedAssembly.Compile([.. seeds.Select(seed => RandomGraphs.Declaration(seed, Name(seed)))]);
            foreach (var seed in seeds)
            {
                if (Wrong(assembly, seed) is { Length: > 0 } wrong)
                    failures.Add($"{RandomGraphs.Declaration(seed, Name(seed))}{wrong}");
            }
        }

        Assert.True(failures.IsEmpty, $"{failures.Count} of {Count} graphs fail. The shortest:\n{failures.MinBy(failure => failure.Length)}");
    }

    private static string Name(int seed) => FormattableString.Invariant($"Drawn{seed}");

    private static string Wrong(EmittedAssembly assembly, int seed)
    {
        using var model = assembly.Create(Name(seed));
        return GraphAgreement.Wrong(model, Expected.Random(model.Network, 5, seed), EmittedModel.AllSets);
    }
}
