using System.Globalization;
using System.Reflection;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Declarations;

/// <summary>The attributes that users write and the records that the generator makes of them say the same.</summary>
public sealed class AttributeTests
{
    /// <summary>One declaration of every kind of layer, with what its constructor needs.</summary>
    private static readonly Dictionary<string, string> s_shortest = new()
    {
        ["Conv2D"] = "4, 3",
        ["Conv2DTranspose"] = "4, 3",
        ["MaxPool"] = "2",
        ["AveragePool"] = "2",
        ["Dense"] = "5",
        ["LocalResponseNorm"] = "3",
        ["Shortcut"] = "5",
        ["Upsample"] = "3",
        ["AdaptiveMaxPool"] = "3",
        ["SpatialPyramidPool"] = "2, 1",
        ["ImageFilter"] = "FilterKind.Sharpen",
        ["GroupNorm"] = "3",
        ["ChannelShuffle"] = "3",
        ["ChannelSlice"] = "1, 2",
        ["Maxout"] = "3",
        ["Pad"] = "2",
        ["Crop"] = "3, 4",
        ["AdaptiveAveragePool"] = "3",
        ["SpectralPool"] = "3",
        ["LocallyConnected2D"] = "4, 3",
        ["LpPool"] = "3.0, 2",
        ["MixedPool"] = "2",
        ["StochasticPool"] = "2",
        ["Standardize"] = "0.5, 2.0",
        ["RoIPool"] = "3",
        ["RoIAlign"] = "3",
    };

    private static IEnumerable<Type> LayerTypes =>
        typeof(LayerAttribute).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LayerAttribute)) && !type.IsAbstract && type != typeof(BranchAttribute));

    private static IEnumerable<string> Names => LayerTypes.Select(type => type.Name[..^"Attribute".Length]);

    // A head has the name that it is given, and stands at the end of no network.
    public static TheoryData<string> Kinds => [.. Names.Where(name => name != "Head")];

    [Fact]
    public void Every_attribute_has_its_layer_and_every_layer_its_attribute() =>
        Assert.Equal(Names.Order(), LayerFactory.Kinds.Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_layer_has_its_attributes_name_and_place_in_the_network(string kind)
    {
        var node = Parse(kind, s_shortest.GetValueOrDefault(kind, "")).Output;

        Assert.Equal(kind, node.Layer.Kind);
        Assert.Equal(node.Layer.BaseName + "1", node.Name);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_default_that_is_written_out_changes_nothing(string kind)
    {
        var arguments = s_shortest.GetValueOrDefault(kind, "");
        var plain = Parse(kind, arguments);
        var type = LayerTypes.Single(one => one.Name == kind + "Attribute");
        var constructor = type.GetConstructors().OrderBy(one => one.GetParameters().Length).First();
        var attribute = constructor.Invoke([.. constructor.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : p.ParameterType == typeof(int[]) ? new[] { 3 } : p.ParameterType == typeof(double) ? 3.0 : p.ParameterType == typeof(FilterKind) ? FilterKind.Sharpen : 3)]);

        foreach (var property in type.GetProperties().Where(one => one.CanWrite && one.GetValue(attribute) is not null))
            Assert.Equal(plain, Parse(kind, Join(arguments, property.Name + " = " + Print(property.GetValue(attribute)!))));
        foreach (var parameter in constructor.GetParameters().Where(one => one.HasDefaultValue))
            Assert.Equal(plain, Parse(kind, Print(parameter.DefaultValue!)));
        foreach (var (unset, written) in new[] { ("Stride", kind is "Conv2D" or "Conv2DTranspose" or "LocallyConnected2D" or "Shortcut" ? "1" : "2"), ("Padding", "0"), ("Dilation", "1") })
        {
            if (type.GetProperty(unset) is not null)
                Assert.Equal(plain, Parse(kind, Join(arguments, unset + " = " + written)));
        }
    }

    [Fact]
    public void Every_argument_arrives_in_its_place()
    {
        var nodes = GeneratorHarness.ParseNetwork("""
            [Model(8, 30, 40, Rounding = Rounding.Floor)]
            [Conv2D(4, 3, 5, Stride = new[] { 2, 3 }, Padding = new[] { 1, 2 }, Dilation = new[] { 3, 2 }, Groups = 2, Bias = false,
                Rounding = Rounding.Ceiling, Algorithm = ConvAlgorithm.Direct)]
            [MaxPool(kernelWidth: 3, kernelHeight: 2, Stride = 1, Padding = 1, Dilation = 2), AveragePool(3, CountPadding = false)]
            [LeakyReLU(0.2f), ELU(1.5f), Sigmoid, BatchNorm(Epsilon = 0.5f, Momentum = 0.25f), LocalResponseNorm(5, Alpha = 2, Beta = 3, K = 4)]
            [Pad(1, 2, 3, 4, Mode = PadMode.Edge), Crop(5, 6, Top = 2), SpectralPool(4, 5), AdaptiveAveragePool(width: 3, height: 2)]
            [Upsample(2, Mode = UpsampleMode.Bilinear, AlignCorners = true), GELU(Approximate = true), Softplus(2f)]
            [Dropout(0.75f), Dense(7, Bias = false)]
            public partial class Net;
            """).Nodes;

        Assert.Equal(
            [
                new Conv2DLayer(
                    4,
                    new Window(new(3, 5), new(2, 3), new(1, 2), new(3, 2), CnnGen.Generator.Shapes.Rounding.Ceiling),
                    2,
                    false,
                    CnnGen.Generator.Shapes.ConvAlgorithm.Direct),
                new MaxPoolLayer(new Window(new(2, 3), new(1, 1), new(1, 1), new(2, 2), CnnGen.Generator.Shapes.Rounding.Floor)),
                new AveragePoolLayer(new Window(new(3, 3), new(3, 3), new(0, 0), new(1, 1), CnnGen.Generator.Shapes.Rounding.Floor), CountPadding: false),
                new ActivationLayer(ActivationKind.LeakyReLU, 0.2f),
                new ActivationLayer(ActivationKind.ELU, 1.5f),
                new ActivationLayer(ActivationKind.Sigmoid),
                new BatchNormLayer(0.5f, 0.25f),
                new LocalResponseNormLayer(5, 2, 3, 4),
                new PadLayer(1, 2, 3, 4, CnnGen.Generator.Layers.PadMode.Edge),
                new CropLayer(5, 6, new(2, -1)),
                new SpectralPoolLayer(new(4, 5)),
                new AdaptiveAveragePoolLayer(new(2, 3)),
                new UpsampleLayer(2, CnnGen.Generator.Layers.UpsampleMode.Bilinear, AlignCorners: true),
                new ActivationLayer(ActivationKind.GELUTanh),
                new ActivationLayer(ActivationKind.Softplus, 2f),
                new DropoutLayer(0.75f),
                new FlattenLayer(),
                new DenseLayer(7, Bias: false),
            ],
            nodes.Skip(1).Select(node => node.Layer));
    }

    [Fact]
    public void Layers_stand_in_the_order_of_the_source()
    {
        var network = GeneratorHarness.ParseNetwork(
            "[ReLU, Conv2D(2, 3)]\n[Tanh]\n[Obsolete, Model(3, 8, 8), Sigmoid, Conv2D(3, 3)]\n[ReLU] internal partial class Net;");

        Assert.Equal(["Input", "ReLU1", "Conv1", "Tanh1", "Sigmoid1", "Conv2", "ReLU2"], network.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Layers_may_stand_on_another_part_than_the_model_and_under_another_name()
    {
        var network = Assert.Single(GeneratorHarness.RunWithoutCode(
            "[Model(3, 8, 8)] public partial class Net { }",
            "using C = CnnGen.Conv2DAttribute; [C(4, 3), global::CnnGen.ReLUAttribute] partial class Net { }").Resolutions).Request!.Network;

        Assert.Equal(["Input", "Conv1", "ReLU1"], network.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void The_class_is_declared_again_as_the_user_declared_it()
    {
        var request = Assert.Single(GeneratorHarness.RunWithoutCode("""
            namespace A.@for;
            partial struct Outer { partial interface IInner { [Model(3, 8, 8), ReLU] protected internal sealed partial class @event { } } }
            """).Resolutions).Request!;

        Assert.Equal("A.@for", request.Namespace);
        Assert.Equal(["struct Outer", "interface IInner"], request.ContainingTypes.Select(type => $"{type.Keyword} {type.Name}"));
        Assert.Equal(
            ("protected internal", "class", "@event", "event", "A.for.Outer.IInner.event"),
            (request.Accessibility, request.ClassKeyword, request.ClassName, request.Network.Name, request.HintName));
    }

    [Fact]
    public void An_overload_of_a_generated_method_is_the_users_to_write() => Assert.Empty(GeneratorHarness.RunWithoutCode(
        "[Model(3, 8, 8), ReLU] public partial class Net { public void Predict(string file) { } public static Net Load(Uri place) => null!; }").Diagnostics);

    [Fact]
    public void The_enumerations_of_users_and_generator_have_the_same_members()
    {
        AssertSame<CnnGen.Rounding, CnnGen.Generator.Shapes.Rounding>();
        AssertSame<CnnGen.ConvAlgorithm, CnnGen.Generator.Shapes.ConvAlgorithm>();
        AssertSame<Loss, LossKind>();
        AssertSame<CnnGen.FilterKind, CnnGen.Generator.Layers.FilterKind>();
        AssertSame<CnnGen.PadMode, CnnGen.Generator.Layers.PadMode>();
        AssertSame<CnnGen.UpsampleMode, CnnGen.Generator.Layers.UpsampleMode>();
        AssertSame<Precision, PrecisionKind>();
        AssertSame<Layout, LayoutKind>();
        AssertSame<Passes, PassKinds>();
        AssertSame<CnnGen.ImageStatistics, CnnGen.Generator.Graph.ImageStatistics>();
    }

    /// <summary>The float that a double stands for is the one that the same digits with an f are.</summary>
    [Theory]
    [InlineData("Dropout(0.1)", "Dropout(0.1f)")]
    [InlineData("LeakyReLU(0.3), ELU(0.7)", "LeakyReLU(0.3f), ELU(0.7f)")]
    [InlineData("BatchNorm(Epsilon = 1e-3, Momentum = 0.99)", "BatchNorm(Epsilon = 1e-3f, Momentum = 0.99f)")]
    [InlineData("LocalResponseNorm(5, Alpha = 1e-4, Beta = 0.7, K = 1.1)", "LocalResponseNorm(5, Alpha = 1e-4f, Beta = 0.7f, K = 1.1f)")]
    [InlineData("Normalize(0.1307, 0.3081), ReLU", "Normalize(0.1307f, 0.3081f), ReLU")]
    [InlineData("Normalize(0.1307f, 0.3081), ReLU", "Normalize(0.1307f, 0.3081f), ReLU")]
    [InlineData("Normalize(new[] { 0.4, 0.3, 0.2 }, new[] { 0.7 }), ReLU", "Normalize(new[] { 0.4f, 0.3f, 0.2f }, new[] { 0.7f }), ReLU")]
    [InlineData("Normalize(0.1f, 0.3f), ReLU", "Normalize(new[] { 0.1f }, new[] { 0.3f }), ReLU")]
    public void Doubles_are_taken_for_floats(string doubles, string floats)
    {
        Network Parse(string attributes) => GeneratorHarness.ParseNetwork($"[Model(3, 8, 8), {attributes}] public partial class Net;");

        Assert.Equal(Parse(floats), Parse(doubles));
    }

    [Theory]
    [InlineData(CnnGen.ImageStatistics.Mnist, 1)]
    [InlineData(CnnGen.ImageStatistics.Cifar10, 3)]
    [InlineData(CnnGen.ImageStatistics.ImageNet, 3)]
    public void The_numbers_of_a_data_set_are_those_of_its_attribute(CnnGen.ImageStatistics statistics, int channels)
    {
        var attribute = new NormalizeAttribute(statistics);
        var network = GeneratorHarness.ParseNetwork($"[Model({channels}, 8, 8), Normalize(ImageStatistics.{statistics}), ReLU] public partial class Net;");

        Assert.Equal(channels, attribute.Mean.Length);
        Assert.Equal(attribute.Mean, network.Normalization.Mean.ToArray());
        Assert.Equal(attribute.Deviation, network.Normalization.Deviation.ToArray());
    }

    [Fact]
    public void The_numbers_of_a_data_set_are_those_of_its_reader()
    {
        var (mnist, cifar) = (new NormalizeAttribute(CnnGen.ImageStatistics.Mnist), new NormalizeAttribute(CnnGen.ImageStatistics.Cifar10));

        Assert.Equal([Mnist.Mean], mnist.Mean);
        Assert.Equal([Mnist.Deviation], mnist.Deviation);
        Assert.Equal(Cifar10.Mean.ToArray(), cifar.Mean);
        Assert.Equal(Cifar10.Deviation.ToArray(), cifar.Deviation);
    }

    private static void AssertSame<TPublic, TOwn>()
        where TPublic : struct, Enum
        where TOwn : struct, Enum => Assert.Equal(
            Enum.GetValues<TPublic>().Select(value => $"{value} {Convert.ToInt32(value, CultureInfo.InvariantCulture)}"),
            Enum.GetValues<TOwn>().Select(value => $"{value} {Convert.ToInt32(value, CultureInfo.InvariantCulture)}"));

    private static Network Parse(string kind, string arguments) =>
        GeneratorHarness.ParseNetwork($"[Model(3, 8, 8, Loss = Loss.HalfSquaredError{(kind.StartsWith("RoI", StringComparison.Ordinal) ? ", Regions = 5" : "")})] {(kind is "Add" or "Multiply" or "Average" or "Maximum" or "Concat" ? "[Branch] [Branch] " : "")}[{kind}({arguments})] public partial class Net;");

    private static string Join(string arguments, string one) => arguments.Length == 0 ? one : arguments + ", " + one;

    private static string Print(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        string text => "\"" + text + "\"",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        Enum member => member.GetType().Name + "." + member,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
