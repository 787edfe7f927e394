namespace CnnGen.Generator.Tests.Reference;

/// <summary>The reference interpreter against PyTorch in float64: the vectors in tests/vectors.</summary>
public class PyTorchVectorTests
{
    private const double Tolerance = 1e-10;

    public static TheoryData<string> Names => [.. PyTorchVectors.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Interpreter_agrees_with_PyTorch(string name)
    {
        var vector = PyTorchVectors.Cases[name];
        var network = vector.CreateNetwork();
        var interpreter = new ReferenceInterpreter(network, vector.Parameters);

        Assert.Equal(vector.Output, network.Output.OutputShape);
        for (var image = 0; image < vector.Batch; image++)
            AssertClose("prediction", vector.Predictions[image], interpreter.Predict(vector.Images[image]));

        var result = interpreter.Train(vector.Images, vector.Targets);
        AssertClose("loss", [vector.LossValue], [result.Loss]);
        for (var image = 0; image < vector.Batch; image++)
        {
            AssertClose("output", vector.Outputs[image], result.Outputs[image]);
            AssertClose("image gradient", vector.ImageGradients[image], result.ImageGradients[image]);
        }

        AssertAllClose(vector.Gradients, result.ParameterGradients);
        AssertAllClose(vector.RunningStatistics, result.RunningStatistics);
    }

    [Fact]
    public void Vectors_hold_every_layer()
    {
        var kinds = PyTorchVectors.Cases.Values.SelectMany(vector => vector.Layers).Select(layer => layer.Kind).Distinct();

        // Dropout and StochasticPool draw at random, and are tested by what they draw.
        Assert.Equal(
            [
                "AdaptiveAveragePool", "AdaptiveMaxPool", "AveragePool", "BatchNorm", "ChannelShuffle", "ChannelSlice", "Conv2D", "Conv2DTranspose", "Crop", "Dense", "ELU", "Flatten", "GELU", "GlobalAveragePool", "GlobalMaxPool", "GroupNorm", "HardSigmoid", "HardSwish", "ImageFilter",
                "LayerNorm", "LeakyReLU", "LocalResponseNorm", "LocallyConnected2D", "LogSoftmax", "LpPool", "MaxPool", "Maxout", "Mish", "MixedPool", "PReLU", "Pad", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softmax", "Softplus", "Softsign", "SpatialPyramidPool", "SpectralPool", "Standardize", "Tanh", "Upsample",
            ],
            kinds.Order(StringComparer.Ordinal));
    }

    private static void AssertAllClose(Dictionary<string, double[]> expected, IReadOnlyDictionary<string, double[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, numbers) in expected)
            AssertClose(name, numbers, actual[name]);
    }

    private static void AssertClose(string what, double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= Tolerance * Math.Max(1e-3, Math.Abs(expected[i])),
                FormattableString.Invariant($"{what}[{i}]: {actual[i]:R}, PyTorch has {expected[i]:R}"));
        }
    }
}
