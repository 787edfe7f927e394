using System.Collections.Concurrent;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;
using FsCheck;
using FsCheck.Fluent;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Emitted code against the reference interpreter, over networks drawn at random: many to a compilation, and a failing one shrunk by itself.
/// </summary>
public class RandomNetworkTests
{
    private const int PerCompilation = 20;

    /// <summary>Steps of shrinking, each a compilation: what remains then is small enough to read.</summary>
    private const int MostCompilations = 120;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Emitted_code_agrees_with_the_interpreter(int seed)
    {
        var count = Extent.Of(60, 120);
        var drawn = RandomNetworks.Valid.Generator.Sample(count, new Rnd((ulong)seed), 50).ToList();
        var failures = new ConcurrentBag<(RandomNetwork Network, string Message)>();
        Parallel.ForEach(drawn.Chunk(PerCompilation), new ParallelOptions { MaxDegreeOfParallelism = 4 }, batch =>
        {
            foreach (var failure in Failures(batch))
                failures.Add(failure);
        });

        if (failures.IsEmpty)
            return;
        var (smallest, message) = Shrunk(failures.MinBy(failure => (failure.Network.Layers.Count, failure.Network.Source.Length)));
        Assert.Fail($"{failures.Count} of {count} networks fail. The smallest, shrunk:\n{smallest.Source}\n{message}");
    }

    private static IEnumerable<(RandomNetwork Network, string Message)> Failures(IReadOnlyList<RandomNetwork> networks)
    {
        EmittedAssembly assembly;
        try
        {
            assembly = EmittedAssembly.Compile([.. networks.Select((network, i) => network.Source.Replace(" Drawn;", $" Drawn{i};"))]);
        }
        catch (Xunit.Sdk.XunitException exception)
        {
            return networks.Count == 1 ? [(networks[0], exception.Message)] : networks.SelectMany(network => Failures([network]));
        }

        using (assembly)
            return [.. networks.Select((network, i) => (network, Wrong(assembly, $"Drawn{i}"))).Where(pair => pair.Item2.Length > 0)];
    }

    /// <summary>What differs, in words; empty where nothing does.</summary>
    private static string Wrong(EmittedAssembly assembly, string name)
    {
        using var model = assembly.Create(name);
        // A chunk and less, and several chunks of which the last is not full.
        foreach (var count in new[] { 3, 9 })
        {
            var expected = Expected.Random(model.Network, count, seed: count);
            foreach (var set in EmittedModel.Sets)
            {
                var wrong = Comparison.Wrong(model, expected, set);
                if (wrong.Count > 0)
                    return $"A batch of {count} on {set}:\n{string.Join("\n", wrong)}";
            }
        }

        return "";
    }

    private static (RandomNetwork Network, string Message) Shrunk((RandomNetwork Network, string Message) failure)
    {
        for (var compilations = 0; ;)
        {
            var smaller = RandomNetworks.Shrink(failure.Network)
                .TakeWhile(_ => compilations++ < MostCompilations)
                .Select(candidate => Failures([candidate]).FirstOrDefault())
                .FirstOrDefault(found => found.Network is not null);
            if (smaller.Network is null)
                return failure;
            failure = smaller;
        }
    }
}
