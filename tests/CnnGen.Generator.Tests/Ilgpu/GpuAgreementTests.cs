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

    private const int PerCompilation = 12;

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

    /// <summary>Residual, joined and gated graphs, those of every layer, window, loss and end, and those that read regions, by turns. <c>CNNGEN_RANDOM_GPU_GRAPHS</c> sets how many, <c>CNNGEN_FIRST_GPU_GRAPH</c> the first.</summary>
    [Fact]
    public void Graphs_drawn_at_random_agree_too()
    {
        var failures = new List<string>();
        foreach (var seeds in Enumerable.Range(Extent.Setting("CNNGEN_FIRST_GPU_GRAPH", 0), Count).Chunk(PerCompilation))
        {
            using var assembly = EmittedAssembly.CompileForGpu([.. seeds.Select(Declaration)]);
            foreach (var seed in seeds)
            {
                using var model = GpuModel.Create(assembly, Name(seed), Batch, models.Device);
                if (model.Wrong(Expected.Random(model.Network, Batch, seed)) is { Count: > 0 } wrong)
                    failures.Add($"Graph {seed}:\n{Declaration(seed)}{string.Join("\n", wrong)}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {Count} graphs fail, the shortest first:\n{string.Join("\n\n", failures.OrderBy(failure => failure.Length).Take(8))}");
    }

    private static string Declaration(int seed)
    {
        var declaration = (seed % 5) switch
        {
            0 or 2 => RandomGraphs.Declaration(seed, Name(seed)),
            4 => RandomGraphs.RegionsDeclaration(seed, Name(seed)),
            _ => RandomGraphs.AnyDeclaration(seed, Name(seed)),
        };
        return GpuModel.ForGpu(declaration.Replace(RandomGraphs.Last, "", StringComparison.Ordinal));
    }

    private static int Count => Extent.Setting("CNNGEN_RANDOM_GPU_GRAPHS", 24);

    private static string Name(int seed) => FormattableString.Invariant($"Drawn{seed}");
}
