using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Support;
using CnnGen.Ilgpu;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>The networks of <see cref="GpuCases"/>, compiled once.</summary>
public sealed class GpuModels : IDisposable
{
    internal EmittedAssembly Assembly { get; } = EmittedAssembly.CompileForGpu([.. Enumerable.Range(0, GpuCases.All.Count).Select(GpuCases.DeclarationOf)]);

    internal GpuDevice Device { get; } = GpuDevice.Open();

    public void Dispose()
    {
        Device.Dispose();
        Assembly.Dispose();
    }
}

/// <summary>What is emitted for GPUs against the oracle, executed by a test double of ILGPU: groups of threads with real barriers, and no index out of range.</summary>
public sealed class GpuAgreementTests(GpuModels models) : IClassFixture<GpuModels>
{
    /// <summary>The double's threads take turns: more images would only take longer.</summary>
    private const int Batch = 3;

    public static TheoryData<string> Cases => [.. GpuCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Predictions_losses_and_gradients_are_the_oracles(string name)
    {
        var index = Enumerable.Range(0, GpuCases.All.Count).Single(i => GpuCases.All[i].Name == name);
        using var model = GpuModel.Create(models.Assembly, GpuCases.ClassOf(index), Batch, models.Device);

        var wrong = model.Wrong(Expected.Random(model.Network, Batch, seed: index));

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Graphs_drawn_at_random_agree_too()
    {
        var seeds = Drawn().Take(Count).ToList();
        using var assembly = EmittedAssembly.CompileForGpu([.. seeds.Select(Declaration)]);
        var failures = new List<string>();
        foreach (var seed in seeds)
        {
            using var model = GpuModel.Create(assembly, Name(seed), Batch, models.Device);
            if (model.Wrong(Expected.Random(model.Network, Batch, seed)) is { Count: > 0 } wrong)
                failures.Add($"{Declaration(seed)}{string.Join("\n", wrong)}");
        }

        Assert.Equal(Count, seeds.Count);
        Assert.True(failures.Count == 0, $"{failures.Count} of {seeds.Count} graphs fail. The shortest:\n{failures.MinBy(failure => failure.Length)}");
    }

    /// <summary>The graphs that have no layer without a kernel.</summary>
    private static IEnumerable<int> Drawn()
    {
        const int Drawn = 8;
        for (var first = 0; ; first += Drawn)
        {
            var run = GeneratorHarness.RunWithoutCode([.. Enumerable.Range(first, Drawn).Select(Declaration)]);
            var wrong = run.Diagnostics.Where(said => said.Id == "CNN6003").Select(said => said.Location.GetLineSpan().Path).ToHashSet();
            foreach (var i in Enumerable.Range(0, Drawn).Where(i => !wrong.Contains(FormattableString.Invariant($"File{i + 1}.cs"))))
                yield return first + i;
        }
    }

    private static string Declaration(int seed) => GpuModel.ForGpu(RandomGraphs.Declaration(seed, Name(seed)).Replace(RandomGraphs.Last, "", StringComparison.Ordinal));

    /// <summary>For a longer run by hand.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("CNNGEN_RANDOM_GPU_GRAPHS"), out var count) ? count : 3;

    private static string Name(int seed) => FormattableString.Invariant($"Drawn{seed}");
}
