using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;
using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Networks with a mean behind a 1x1 convolution, compiled once.</summary>
public sealed class MeansFirstModels : IDisposable
{
    private const string Squared = ", Loss = Loss.HalfSquaredError)]";

    /// <summary>Networks whose convolutions work on the means of what they read.</summary>
    public static IReadOnlyList<string> Exchanged { get; } =
    [
        $"[Model(3, 12, 12{Squared} [Conv2D(24, 3, Padding = 1), BatchNorm, ReLU, Conv2D(20, 1, Bias = false), AveragePool(2), Conv2D(5, 3)]",
        $"[Model(3, 11, 11{Squared} [Conv2D(24, 3, Padding = 1), ReLU, Conv2D(33, 1), AveragePool(3, Stride = 2), ReLU]",
        $"[Model(3, 7, 5{Squared} [Conv2D(16, 3), ReLU, Conv2D(17, 1), GlobalAveragePool, Dense(3)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 1), GlobalAveragePool]",
        $"[Model(20, 8, 8{Squared} [Conv2D(32, 1), AveragePool(2)]",
        $"[Model(20, 8, 8, Layout = Layout.ChannelsLast{Squared} [Conv2D(32, 1), AveragePool(2)]",
        $"[Model(3, 6, 6{Squared} [Branch, Conv2D(8, 3, Padding = 1)] [Branch, Conv2D(9, 3, Padding = 1)] [Concat, Conv2D(16, 1), GlobalAveragePool]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(40, 1), AveragePool(2), BatchNorm, ReLU, Conv2D(3, 3)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(18, 1), AveragePool(3, Stride = 2, CountPadding = false, Rounding = Rounding.Ceiling), Tanh]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(18, 1, Algorithm = ConvAlgorithm.Im2Col), AveragePool(2)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), ReLU] [Branch, Conv2D(16, 1), AveragePool(2)] [Branch, MaxPool(2)] [Add]",
    ];

    /// <summary>Networks whose convolutions stay before the pooling: it is no mean of the map alone, or leaves most of it, something else reads or comes between, or there is nothing to gain.</summary>
    public static IReadOnlyList<string> AsDeclared { get; } =
    [
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1), MaxPool(2)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1), AveragePool(3, Stride = 2, Padding = 1)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1), AveragePool(3, Stride = 2, Rounding = Rounding.Ceiling)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1), AveragePool(3, Stride = 1)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1), ReLU, AveragePool(2)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(15, 1), AveragePool(2)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 3), AveragePool(2)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1, Stride = 2, Rounding = Rounding.Floor), AveragePool(2)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1, Groups = 2), AveragePool(2)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Padding = 1), Conv2D(16, 1)] [Branch, AveragePool(2)] [Branch, MaxPool(2)] [Add]",
    ];

    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile(
        [.. Exchanged.Concat(AsDeclared).Select((declaration, i) => $"{declaration}\npublic partial class {ClassOf(i)};")]);

    internal static string ClassOf(int index) => FormattableString.Invariant($"Mean{index}");

    public void Dispose() => Assembly.Dispose();
}

/// <summary>The mean of what a 1x1 convolution computes is computed from the mean of what it reads.</summary>
public sealed class MeansFirstTests(MeansFirstModels models) : IClassFixture<MeansFirstModels>
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, MeansFirstModels.Exchanged.Count + MeansFirstModels.AsDeclared.Count)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Predictions_and_training_agree_with_the_interpreter(int index)
    {
        using var model = models.Assembly.Create(MeansFirstModels.ClassOf(index));
        var expected = Expected.Random(model.Network, 5, seed: index);
        foreach (var set in EmittedModel.Sets)
            Comparison.AssertAgrees(model, expected, set, MeansFirstModels.Exchanged.Concat(MeansFirstModels.AsDeclared).ElementAt(index));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Convolutions_work_on_means_where_both_orders_give_the_same(int index)
    {
        var network = models.Assembly.Network(MeansFirstModels.ClassOf(index));
        var passes = new NetworkPasses(network);
        Assert.Equal(index < MeansFirstModels.Exchanged.Count, ReadsMeans(passes.Prediction(new Unfused())));
        Assert.Equal(index < MeansFirstModels.Exchanged.Count, ReadsMeans(passes.Training(new Unfused())));
    }

    /// <summary>Whoever asks for what the convolution computes gets it, though predictions compute it from means.</summary>
    [Fact]
    public void What_the_convolution_computes_is_there_for_whoever_asks()
    {
        using var assembly = EmittedAssembly.Compile("""
            [Model(3, 8, 8, Passes = Passes.Predict | Passes.Explain, Features = "Conv2, AveragePool1")]
            [Conv2D(16, 3, Padding = 1), ReLU, Conv2D(18, 1), AveragePool(2), Dense(4), Softmax]
            public partial class Asked;
            """);
        var network = assembly.Network("Asked");
        var node = network.Nodes.Single(one => one.Name == "Conv2").Index;
        var pooled = network.Nodes.Single(one => one.Name == "AveragePool1").Index;
        var passes = new NetworkPasses(network);

        Assert.False(ReadsMeans(passes.Prediction(new Unfused(), node)));
        Assert.True(ReadsMeans(passes.Prediction(new Unfused(), pooled)));
        Assert.False(ReadsMeans(passes.Explanation(new Unfused())));
    }

    private static bool ReadsMeans(IReadOnlyList<Operation> operations) => operations.OfType<Convolution>().Any(convolution =>
        operations.OfType<Pool>().Any(pool => pool.Function != PoolFunction.Max && pool.Result == convolution.Input));

    private sealed class Unfused : IFusionRules
    {
        public bool CanFuse(Computation computation, Epilogue after, Tensor result) => false;
    }
}
