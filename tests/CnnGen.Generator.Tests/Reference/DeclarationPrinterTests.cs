using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>Printed declarations: those of the vectors were written by another program, to the same rules.</summary>
public class DeclarationPrinterTests
{
    public static TheoryData<string> Names => [.. PyTorchVectors.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Vectors_say_the_same_as_text_and_as_data(string name)
    {
        var vector = PyTorchVectors.Cases[name];

        Assert.Equal(vector.Declaration.Replace("1.0f", "1f"), $"[{string.Join(", ", vector.Layers.Select(DeclarationPrinter.Print))}]");
    }

    [Fact]
    public void A_class_has_one_attribute_a_line()
    {
        var source = DeclarationPrinter.PrintClass(
            "Net",
            TensorShape.Map(3, 7, 9),
            LossKind.HalfSquaredError,
            [
                new Conv2DLayer(4, NetworkFactory.Window(new(3, 1), new(2, 1)), Algorithm: ConvolutionAlgorithm.Im2Col),
                new DropoutLayer(0.25f),
            ]);

        Assert.Equal(
            """
            [Model(3, 7, 9, Loss = Loss.HalfSquaredError)]
            [Conv2D(4, 3, 1, Stride = new[] { 2, 1 }, Algorithm = ConvAlgorithm.Im2Col)]
            [Dropout(0.25f)]
            public partial class Net;

            """,
            source);
    }
}
