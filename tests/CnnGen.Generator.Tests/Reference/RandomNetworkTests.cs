using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using FsCheck;
using FsCheck.Fluent;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>What the random networks promise to the properties that use them.</summary>
public class RandomNetworkTests
{
    internal static readonly IReadOnlyList<RandomNetwork> Drawn =
        RandomNetworks.Valid.Generator.Sample(1000, new Rnd(1), 50).ToList();

    [Fact]
    public void All_are_valid_and_of_the_promised_size()
    {
        Assert.Equal(1000, Drawn.Count);
        foreach (var drawn in Drawn)
        {
            Assert.True(drawn.IsValid(), drawn.Source);
            Assert.InRange(drawn.CreateNetwork().Nodes.Sum(node => node.MultiplyAdds), 0, RandomNetwork.MostMultiplyAdds);
        }
    }

    [Fact]
    public void Their_shapes_are_those_of_the_layers()
    {
        foreach (var drawn in Drawn)
        {
            var shape = drawn.Input;
            foreach (var node in drawn.CreateNetwork().Nodes.Skip(1))
            {
                shape = RandomNetwork.Infer(node.Layer, shape) ?? throw new InvalidOperationException(drawn.Source);
                Assert.True(shape == node.OutputShape, $"{node.Name} gives {node.OutputShape}, {shape} expected, in\n{drawn.Source}");
            }
        }
    }

    [Fact]
    public void Every_layer_rounding_and_loss_is_drawn()
    {
        var layers = Drawn.SelectMany(network => network.Layers).ToList();
        var windows = layers.Select(layer => layer.SlidingWindow).OfType<Window>().ToList();

        Assert.Equal(46, layers.Select(layer => layer.Kind).Distinct().Count());
        foreach (var kind in layers.GroupBy(layer => layer.Kind))
            Assert.True(kind.Count() >= 20, $"{kind.Key} is drawn {kind.Count()} times in {Drawn.Count} networks.");
        foreach (var rounding in Enum.GetValues<WindowRounding>())
            Assert.Contains(windows, window => window.Rounding == rounding);
        Assert.InRange(Drawn.Count(network => network.Loss == LossKind.CrossEntropy), Drawn.Count / 4, Drawn.Count * 3 / 4);
        // That of classes and boxes needs two branches.
        foreach (var loss in Enum.GetValues<LossKind>().Where(loss => loss != LossKind.ClassesAndBoxes))
            Assert.True(Drawn.Count(network => network.Loss == loss) >= 15, $"{loss} is drawn {Drawn.Count(network => network.Loss == loss)} times.");
        Assert.Contains(layers.OfType<Conv2DLayer>(), conv => conv.Groups > 1 && conv.Groups == conv.Filters);
        Assert.Contains(layers.OfType<Conv2DLayer>(), conv => conv.Groups > 1 && conv.Groups < conv.Filters);
        Assert.Contains(windows, window => window.Stride.Height > window.Kernel.Height);
        Assert.Contains(layers.OfType<Conv2DLayer>(), conv => !conv.Window.Padding.IsSymmetric);
        Assert.Contains(layers.OfType<AveragePoolLayer>(), pool => !pool.Window.Padding.IsSymmetric);
        Assert.Contains(layers.OfType<MaxPoolLayer>(), pool => pool.Window.Dilation.Height > 1);
        Assert.Contains(windows, window => window.Dilation.Height != window.Dilation.Width);
    }

    [Fact]
    public void The_interpreter_runs_them_all()
    {
        foreach (var drawn in Drawn.Take(200))
        {
            var network = drawn.CreateNetwork();
            var random = new Random(1);
            var interpreter = new ReferenceInterpreter(network, NetworkFactory.RandomParameters(network, random));
            var images = Enumerable.Range(0, 2).Select(_ => NetworkFactory.RandomNumbers(network.Input.OutputShape.Length, random)).ToArray();
            var targets = images.Select(_ => new double[network.Output.OutputShape.Length]).ToArray();
            foreach (var target in targets)
                target[0] = 1;

            var result = interpreter.Train(images, targets, (_, _, _) => 1);

            Assert.True(double.IsFinite(result.Loss), drawn.Source);
            Assert.True(result.ParameterGradients.Values.Concat(result.ImageGradients).SelectMany(g => g).All(double.IsFinite), drawn.Source);
            Assert.Equal(network.Output.OutputShape.Length, interpreter.Predict(images[0]).Length);
        }
    }

    [Fact]
    public void Shrinking_ends_in_the_smallest_network_that_still_fails()
    {
        // 'Fails' where a convolution has groups, whatever else is there.
        static bool Fails(RandomNetwork network) => network.Layers.OfType<Conv2DLayer>().Any(conv => conv.Groups > 1);

        foreach (var drawn in Drawn.Where(Fails).Take(20))
        {
            var smallest = drawn;
            while (RandomNetworks.Shrink(smallest).FirstOrDefault(Fails) is { } smaller)
            {
                Assert.True(smaller.IsValid(), smaller.Source);
                smallest = smaller;
            }

            var conv = Assert.IsType<Conv2DLayer>(Assert.Single(smallest.Layers));
            Assert.Equal((conv.Groups, Size2.One, Size2.One), (conv.Filters, conv.Window.Kernel, conv.Window.Stride));
            Assert.Equal(TensorShape.Map(conv.Groups, 1, 1), smallest.Input);
        }
    }

    [Fact]
    public void A_failing_property_prints_a_shrunk_declaration()
    {
        var failure = Assert.ThrowsAny<Exception>(() => Check.One(
            Config.QuickThrowOnFailure.WithReplay(1, 1),
            Prop.ForAll(RandomNetworks.Valid, network => network.Layers.All(layer => layer is not MaxPoolLayer))));

        Assert.True(failure.Message.Contains("[MaxPool(1)]\npublic partial class Drawn;", StringComparison.Ordinal), failure.Message);
    }
}
