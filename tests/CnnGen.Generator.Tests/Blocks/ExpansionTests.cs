using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Blocks;

/// <summary>A network of blocks is the network that one would write without them.</summary>
public sealed class ExpansionTests
{
    [Fact]
    public void A_block_is_what_its_layers_would_be_written_out()
    {
        var networks = GeneratorHarness.Resolve(
            Blocks.Residual,
            "[Model(3, 32, 32), Conv2D(16, 3, Padding = 1), Basic(16), Basic(32, stride: 2), GlobalAveragePool, Dense(10), Softmax] public partial class Short;",
            """
            [Model(3, 32, 32), Conv2D(16, 3, Padding = 1)]
            [Branch, Conv2D(16, 3, Stride = 1, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm]
            [Branch, Shortcut(16, ConvTensorName = "0", NormTensorName = "1")]
            [Add, ReLU]
            [Branch, Conv2D(32, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm]
            [Branch, Shortcut(32, Stride = 2, ConvTensorName = "0", NormTensorName = "1")]
            [Add, ReLU]
            [GlobalAveragePool, Dense(10), Softmax]
            public partial class Long;
            """);

        AssertSame(networks["Long"], networks["Short"]);
        Assert.Equal(
            [
                "Input", "Conv1", "Basic1.Conv1", "Basic1.BatchNorm1", "Basic1.ReLU1", "Basic1.Conv2", "Basic1.BatchNorm2", "Basic1.Shortcut1", "Basic1.Add1", "Basic1.ReLU2",
                "Basic2.Conv1", "Basic2.BatchNorm1", "Basic2.ReLU1", "Basic2.Conv2", "Basic2.BatchNorm2", "Basic2.Shortcut1", "Basic2.Add1", "Basic2.ReLU2",
                "GlobalAveragePool1", "Flatten1", "Dense1", "Softmax1",
            ],
            networks["Short"].Nodes.Select(node => node.FullName));
    }

    [Fact]
    public void A_default_that_is_an_expression_is_of_what_arrives_at_each_copy()
    {
        var networks = GeneratorHarness.Resolve(
            """[Conv2D("2 * mid", 1)] public sealed class WidenAttribute(string mid = "input.channels") : BlockAttribute;""",
            "[Model(3, 8, 8), Conv2D(4, 1), Widen(Repeat = 2)] public partial class Short; [Model(3, 8, 8), Conv2D(4, 1), Conv2D(8, 1), Conv2D(16, 1)] public partial class Long;");

        AssertSame(networks["Long"], networks["Short"]);
    }

    [Fact]
    public void Blocks_in_blocks_with_repeats_and_numbers_of_what_arrives()
    {
        var networks = GeneratorHarness.Resolve(
            """
            namespace Parts;

            [Conv2D("input.channels + max(growth, 2 * 3) - min(1, growth)", "kernel", Padding = "(kernel - 1) / 2"), Elu]
            public class Grow : BlockAttribute
            {
                public Grow(int growth, object kernel) { }
            }

            [ELU("Alpha / 4")]
            public sealed class Elu : BlockAttribute { public float Alpha = 2; }

            [Grow(2, "Kernel", Repeat = "times"), Dropout("rate"), Grow(7, 1), GlobalAveragePool, Dense("input.features / (input.height * input.width)")]
            public sealed class StackAttribute : BlockAttribute
            {
                public StackAttribute(int times, double rate = 0.25) { }
                public int Kernel { get; set; } = 3;
            }
            """,
            "using Parts; [Model(2, 8, 6), Stack(2), ReLU] public partial class Short; [Model(2, 8, 6), Stack(1, 0.5, Kernel = 5)] public partial class Other;",
            """
            [Model(2, 8, 6)]
            [Conv2D(7, 3, Padding = 1), ELU(0.5), Conv2D(12, 3, Padding = 1), ELU(0.5), Dropout(0.25), Conv2D(18, 1), ELU(0.5), GlobalAveragePool, Dense(2), ReLU]
            public partial class Long;
            [Model(2, 8, 6)]
            [Conv2D(7, 5, Padding = 2), ELU(0.5), Dropout(0.5), Conv2D(13, 1), ELU(0.5), GlobalAveragePool, Dense(2)]
            public partial class OtherLong;
            """);

        AssertSame(networks["Long"], networks["Short"]);
        AssertSame(networks["OtherLong"], networks["Other"]);
        Assert.Equal("Stack1.Grow2.Elu1.ELU1", networks["Short"].Nodes[4].FullName);
        Assert.Equal("stack1.grow2.conv1", networks["Short"].Nodes[3].TensorName);
        Assert.Equal("Stack1_Grow2_Conv1", networks["Short"].Nodes[3].Name);
        Assert.Equal(
            ["Stack1 2x8x6 -> 2", "Stack1.Grow1 2x8x6 -> 7x8x6", "Stack1.Grow1.Elu1 7x8x6 -> 7x8x6"],
            networks["Short"].Blocks.OrderBy(block => block.Path.Count).Select(block => $"{string.Join(".", block.Path)} {block.InputShape} -> {block.OutputShape}")
                .Where(line => !line.Contains("Grow2", StringComparison.Ordinal) && !line.Contains("Grow3", StringComparison.Ordinal)));
    }

    /// <summary>Of every type that an argument may be of: by the name of a parameter, negated, computed, handed on to a block inside, left out, and at a layer of the model's own.</summary>
    [Fact]
    public void Expressions_of_every_type()
    {
        var networks = GeneratorHarness.Resolve(
            """
            [Conv2D(4, 3, Bias = "!norm", Rounding = "Fit", Stride = 2, Algorithm = "How"), BatchNorm(Epsilon = "epsilon", Momentum = "1 - Keep"), Tail("epsilon / 2", "norm", "Border")]
            public sealed class StemAttribute(bool norm, double epsilon = 1e-3) : BlockAttribute
            {
                public Rounding Fit { get; set; } = Rounding.Floor;
                public float Keep { get; set; } = 0.75f;
                public PadMode Border { get; set; }
                public ConvAlgorithm How = ConvAlgorithm.Direct;
            }

            [Pad(1, Mode = "border"), AveragePool(3, Stride = 1, Padding = 1, CountPadding = "count"), GroupNorm(2, Epsilon = "epsilon"), LayerNorm(Epsilon = "2 * epsilon")]
            [Upsample(2, Mode = "mode", AlignCorners = "aligned"), GELU(Approximate = "!count"), LocalResponseNorm(3, Alpha = "epsilon", Beta = "1 / 2", K = "max(1, epsilon)")]
            [LpPool("power", 2, Sigma = "power / 4"), ImageFilter("filter"), Dense(3, Bias = "count", Frozen = "!aligned"), Dropout("epsilon")]
            public sealed class TailAttribute : BlockAttribute
            {
                public TailAttribute(object epsilon, object count, object border, UpsampleMode mode = UpsampleMode.Bilinear, bool aligned = true, float power = 2, FilterKind filter = FilterKind.Sharpen) { }
            }

            [Model(1, 9, 9), Stem(true), Dense("input.width", Bias = "!true")] public partial class Short;
            [Model(1, 9, 9), Stem(false, Fit = Rounding.Exact, Border = PadMode.Edge, Keep = 0.5f)] public partial class Other;
            """,
            """
            [Model(1, 9, 9)]
            [Conv2D(4, 3, Bias = false, Rounding = Rounding.Floor, Stride = 2, Algorithm = ConvAlgorithm.Direct), BatchNorm(Epsilon = 1e-3, Momentum = 0.25)]
            [Pad(1, Mode = PadMode.Zero), AveragePool(3, Stride = 1, Padding = 1), GroupNorm(2, Epsilon = 5e-4), LayerNorm(Epsilon = 1e-3)]
            [Upsample(2, Mode = UpsampleMode.Bilinear, AlignCorners = true), GELU, LocalResponseNorm(3, Alpha = 5e-4, Beta = 0.5, K = 1)]
            [LpPool(2, 2, Sigma = 0.5), ImageFilter(FilterKind.Sharpen), Dense(3), Dropout(5e-4), Dense(9, Bias = false)]
            public partial class Long;

            [Model(1, 9, 9)]
            [Conv2D(4, 3, Stride = 2, Algorithm = ConvAlgorithm.Direct), BatchNorm(Epsilon = 1e-3, Momentum = 0.5)]
            [Pad(1, Mode = PadMode.Edge), AveragePool(3, Stride = 1, Padding = 1, CountPadding = false), GroupNorm(2, Epsilon = 5e-4), LayerNorm(Epsilon = 1e-3)]
            [Upsample(2, Mode = UpsampleMode.Bilinear, AlignCorners = true), GELU(Approximate = true), LocalResponseNorm(3, Alpha = 5e-4, Beta = 0.5, K = 1)]
            [LpPool(2, 2, Sigma = 0.5), ImageFilter(FilterKind.Sharpen), Dense(3, Bias = false), Dropout(5e-4)]
            public partial class OtherLong;
            """);

        AssertSame(networks["Long"], networks["Short"]);
        AssertSame(networks["OtherLong"], networks["Other"]);
    }

    [Fact]
    public void A_block_says_what_of_it_is_frozen()
    {
        var network = GeneratorHarness.Resolve("""
            [Conv2D(4, 1, Frozen = "frozen"), Inner(Frozen = "!frozen"), Conv2D(4, 1)]
            public sealed class OuterAttribute(bool frozen = true) : BlockAttribute;

            [Conv2D(4, 1)]
            public sealed class InnerAttribute : BlockAttribute;

            [Model(4, 8, 8), Outer, Outer(false), Outer(Frozen = "true")]
            public partial class Net;
            """)["Net"];

        Assert.Equal([true, false, false, false, true, false, true, true, true], network.Nodes.Skip(1).Select(node => node.IsFrozen));
    }

    [Fact]
    public void Groups_nest_through_blocks_and_branches_start_at_blocks_and_inside_them()
    {
        var networks = GeneratorHarness.Resolve(
            Blocks.SqueezeExcite,
            """
            [Conv2D("width", 3, Padding = 1), ReLU(Name = "Skip"), MaxPool(2)]
            public sealed class DownAttribute(int width) : BlockAttribute;

            [Model(16, 8, 8)]
            [Down(16), Down(32, Name = "Deep")]
            [Branch, SqueezeExcite(8), Upsample(2)]
            [Branch(From = "Deep.Skip")]
            [Branch(From = "Down1")]
            [Concat]
            public partial class Short;
            """);

        var nodes = networks["Short"].Nodes;
        string[] Reads(string name) => [.. nodes.Single(node => node.FullName == name).Inputs.Select(input => nodes[input].FullName)];
        Assert.Equal(["Deep.MaxPool1", "SqueezeExcite1.Sigmoid1"], Reads("SqueezeExcite1.Multiply1"));
        Assert.Equal(["Upsample1", "Deep.Skip", "Down1.MaxPool1"], Reads("Concat1"));
        Assert.Equal("80x4x4", networks["Short"].Output.OutputShape.ToString());
    }

    [Fact]
    public void A_head_ends_a_branch_of_its_block_or_the_branch_around_it()
    {
        var network = GeneratorHarness.Resolve("""
            [GlobalAveragePool, Dense(4), Softmax, Head("Scores", "Weight")]
            public sealed class ScoreAttribute : BlockAttribute { public object Weight { get; set; } = 0.5; }

            [Branch, Score(Weight = "strength / 4")]
            public sealed class SideAttribute(int strength) : BlockAttribute;

            [Model(3, 8, 8)]
            [Conv2D(4, 3), Side(1), ReLU]
            [Branch, Score]
            [Branch, Conv2D(4, 1)]
            [Branch]
            [Add, GlobalAveragePool, Dense(4), Softmax]
            public partial class Net;
            """)["Net"];

        Assert.Equal(["Softmax1 1", "Side1.Score1.Softmax1 0.25", "Score1.Softmax1 0.5"],
            network.Outputs.Select(output => FormattableString.Invariant($"{network.Nodes[output.Node].FullName} {output.Weight}")));
        Assert.Equal("Conv1", network.Nodes[network.Nodes.Single(node => node.FullName == "ReLU1").Inputs[0]].FullName);
    }

    [Fact]
    public void Tensors_have_the_names_that_are_declared_and_copies_count_up()
    {
        var network = GeneratorHarness.Resolve("""
            [Conv2D(4, 1), Conv2D(4, 1, TensorName = "inner.conv")]
            public sealed class PairAttribute : BlockAttribute;

            [Model(4, 8, 8)]
            [Pair(TensorName = "layer1.0", Repeat = 2), Pair(Name = "Mid", Repeat = 2), Pair(TensorName = "tail", Repeat = 2), Pair(TensorName = "")]
            [Conv2D(4, 1, TensorName = "features.9", Repeat = 2), Conv2D(4, 1, Name = "Last")]
            public partial class Net;
            """)["Net"];

        Assert.Equal(
            [
                "Pair1.Conv1 layer1.0.conv1", "Pair1.Conv2 layer1.0.inner.conv", "Pair2.Conv1 layer1.1.conv1", "Pair2.Conv2 layer1.1.inner.conv",
                "Mid1.Conv1 mid1.conv1", "Mid1.Conv2 mid1.inner.conv", "Mid2.Conv1 mid2.conv1", "Mid2.Conv2 mid2.inner.conv",
                "Pair5.Conv1 tail1.conv1", "Pair5.Conv2 tail1.inner.conv", "Pair6.Conv1 tail2.conv1", "Pair6.Conv2 tail2.inner.conv",
                "Pair7.Conv1 conv1", "Pair7.Conv2 inner.conv", "Conv1 features.9", "Conv2 features.10", "Last last",
            ],
            network.Nodes.Skip(1).Select(node => $"{node.FullName} {node.TensorName}"));
    }

    [Fact]
    public void A_block_may_have_the_names_that_a_model_has_and_emitted_names_stay_apart()
    {
        var network = GeneratorHarness.Resolve("""
            [ReLU(Name = "B"), Tanh(Name = "A_B")]
            public sealed class PairAttribute : BlockAttribute;

            [Model(4, 8, 8)]
            [Pair(Name = "A"), Pair(Name = "A_A"), Sigmoid(Name = "A_B"), Sigmoid(Name = "B")]
            public partial class Net;
            """)["Net"];

        Assert.Equal(network.Nodes.Count, network.Nodes.Select(node => node.Name).Distinct().Count());
        Assert.Equal(["Input", "A.B", "A.A_B", "A_A.B", "A_A.A_B", "A_B", "B"], network.Nodes.Select(node => node.FullName));
    }

    [Theory]
    [InlineData("1 + 2 * 3 - 4 / 2", 5)]
    [InlineData("-(1 - 8) * 2", 14)]
    [InlineData("7 / 2 * 4", 14)]
    [InlineData("max(1, 9 / 3, 2) + min(4)", 7)]
    [InlineData(" input.channels*input.height - input.width ", 9)]
    [InlineData("input.features / input.channels", 12)]
    [InlineData("0.1 * 30 + .5 + 0.5", 4)]
    [InlineData("8 - 4 - 2", 2)]
    [InlineData("64 / 4 / 2", 8)]
    [InlineData("100000000000 * 3 / 100000000000", 3)]
    public void An_expression_is_computed_exactly(string expression, int value) => Assert.Equal(
        value,
        GeneratorHarness.Resolve($"[Model(3, 4, 3), Dense(\"{expression}\")] public partial class Net;")["Net"].Output.OutputShape.Channels);

    private static void AssertSame(Network expected, Network actual)
    {
        Assert.Equal(
            expected.Nodes.Select(node => (node.Layer, string.Join(" ", node.Inputs), node.InputShape, node.OutputShape)),
            actual.Nodes.Select(node => (node.Layer, string.Join(" ", node.Inputs), node.InputShape, node.OutputShape)));
        Assert.Equal(expected.Outputs, actual.Outputs);
        Assert.Equal(expected.ParameterCount, actual.ParameterCount);
    }
}
