using CnnGen.Generator.Emitting;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What one element of each layer sees of the image, as the table of a model says it.</summary>
public sealed class ReceptiveFieldTests
{
    [Theory]
    [InlineData("Conv2D(4, 3), MaxPool(2), Conv2D(4, 3)", "3x3 4x4 8x8")]
    [InlineData("Conv2D(4, 3), GlobalAveragePool", "3x3 18x18")]
    [InlineData("Conv2D(4, 3), AdaptiveAveragePool(4)", "3x3 6x6")]
    [InlineData("AdaptiveMaxPool(5, 4)", "5x5")]
    [InlineData("ImageFilter(FilterKind.Laplacian), Conv2D(4, 3)", "3x3 5x5")]
    [InlineData("SpectralPool(6)", "18x18")]
    public void Each_layer_sees_as_much_as_its_windows_reach(string layers, string fields)
    {
        var network = GeneratorHarness.Resolve($"[Model(2, 18, 18), {layers}] public partial class Net;")["Net"];

        Assert.Equal(fields, string.Join(" ", SummaryRows.Of(network).Skip(1).Select(row => row.ReceptiveField)));
    }

    /// <summary>Neighbouring parts of seven rows begin up to two apart: never is less said than what has a gradient.</summary>
    [Fact]
    public void Parts_of_different_sizes_are_counted_at_their_widest()
    {
        var network = GeneratorHarness.Resolve("[Model(1, 7, 1), AdaptiveAveragePool(4, 1), Conv2D(1, 2, 1)] public partial class Net;")["Net"];
        Assert.Equal("5x1", SummaryRows.Of(network)[^1].ReceptiveField);
    }

    /// <summary>The table says which layers a layer reads, and through which window: what a drawing and the patch of an element need. Nothing is said where a chain goes on.</summary>
    [Theory]
    [InlineData("[Model(1, 8, 8), Conv2D(2, 3, Padding = 1, Stride = 2, Rounding = Rounding.Floor), ReLU]", "0:3,3,2,2,1,1 1:")]
    [InlineData("[Model(2, 8, 8)] [Branch, ReLU] [Branch] [Add, Tanh]", "0: 1+0: 2:")]
    [InlineData("[Model(2, 8, 8), ReLU] [Branch, Conv2D(2, 1)] [Branch, Tanh] [Concat] [Dense(2)]", "0: 1:1,1,1,1,0,0 1: 2+3: 4: 5:")]
    [InlineData("[Model(1, 9, 9), ImageFilter(FilterKind.Laplacian), GlobalAveragePool]", "0:3,3,1,1,1,1 1:9,9,1,1,0,0")]
    [InlineData("[Model(1, 7, 8), AdaptiveAveragePool(4), Upsample(2)]", "0: 1:")]
    [InlineData("[Model(1, 8, 8), Conv2D(1, 3, Dilation = 2)]", "0:5,5,1,1,0,0")]
    public void The_table_says_what_each_layer_reads_and_through_which_window(string declaration, string expected)
    {
        var network = GeneratorHarness.Resolve(declaration + " public partial class Net;")["Net"];

        Assert.Equal(expected, string.Join(" ", SummaryRows.Of(network).Skip(1).Select((row, i) =>
            $"{(row.Inputs.Count == 0 ? $"{i}" : string.Join("+", row.Inputs))}:{string.Join(",", row.Window)}")));
    }

    /// <summary>What is enlarged sees less than a window's steps: beside the rows of the image that have a gradient.</summary>
    [Theory]
    [InlineData("Conv2DTranspose(1, 2, 1, Stride = new[] { 2, 1 })", 1)]
    [InlineData("Conv2DTranspose(1, 3, 1, Stride = new[] { 2, 1 })", 2)]
    [InlineData("Conv2DTranspose(1, 3, 1, Stride = new[] { 2, 1 }, Dilation = new[] { 3, 1 })", 4)]
    [InlineData("AveragePool(2, kernelWidth: 1), Conv2DTranspose(1, 2, 1, Stride = new[] { 2, 1 }), Conv2D(1, 3, 1)", 4)]
    [InlineData("AveragePool(4, kernelWidth: 1), Conv2DTranspose(1, 2, 1, Stride = new[] { 2, 1 }), Conv2D(1, 3, 1), Conv2DTranspose(1, 2, 1, Stride = new[] { 2, 1 }), Conv2D(1, 3, 1)", 12)]
    [InlineData("AveragePool(2, kernelWidth: 1), Upsample(2), Conv2D(1, 2, 1), Conv2D(1, 2, 1)", 4)]
    [InlineData("Upsample(3), Conv2D(1, 5, 1), AveragePool(3, kernelWidth: 1), Conv2D(1, 2, 1)", 4)]
    [InlineData("Upsample(2, Mode = UpsampleMode.Bilinear), Conv2D(1, 2, 1)", 3)]
    public void Enlarged_maps_see_as_much_as_has_a_gradient(string layers, int rows)
    {
        var network = GeneratorHarness.Resolve($"[Model(1, 36, 1, Rounding = Rounding.Floor), {layers}] public partial class Net;")["Net"];
        var random = new Random(1);
        var interpreter = new ReferenceInterpreter(network, NetworkFactory.RandomParameters(network, random));
        var image = NetworkFactory.RandomNumbers(36, random);
        var output = interpreter.Predict(image);
        var widest = 0;
        for (var i = 0; i < output.Length; i++)
        {
            var target = output.ToArray();
            target[i] -= 1;
            var gradient = interpreter.Train([image], [target]).ImageGradients[0];
            var seen = Enumerable.Range(0, 36).Where(row => Math.Abs(gradient[row]) > 1e-9).ToList();
            // Between the taps of a dilated kernel there are rows that see nothing.
            if (seen.Count > 0)
                widest = Math.Max(widest, seen[^1] - seen[0] + 1);
        }

        Assert.Equal(rows, widest);
        Assert.Equal(rows, int.Parse(SummaryRows.Of(network)[^1].ReceptiveField.Split('x')[0], System.Globalization.CultureInfo.InvariantCulture));
    }
}
