using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Emitted text that people should read before it changes: a model's public face, how it chooses its passes, and one small network's.</summary>
public class SnapshotTests
{
    private const string BatchNorm = "[Model(2, 1, 2, Loss = Loss.HalfSquaredError)] [BatchNorm, ReLU] public partial class Small;";

    private const string ChannelsLast = "[Model(3, 4, 4, Layout = Layout.ChannelsLast)] [Conv2D(16, 2, Stride = 2), ReLU, Conv2D(2, 1), Softmax] public partial class Small;";

    [Fact]
    public void Signature_of_LeNet5() => Verify("LeNet5", StandardModels.LeNet5, "LeNet5.g.cs");

    [Fact]
    public void Passes_of_LeNet5() => Verify("LeNet5.Passes", StandardModels.LeNet5, "LeNet5.Passes.g.cs");

    [Fact]
    public void Program_of_a_model_whose_channels_stand_last() => Verify("ChannelsLast.Program", ChannelsLast, "Small.Program.g.cs");

    [Fact]
    public void Signature_of_a_model_whose_channels_stand_last() => Verify("ChannelsLast", ChannelsLast, "Small.g.cs");

    [Fact]
    public void Scalar_batch_norm() => Verify("BatchNorm", BatchNorm, "Small.Scalar.g.cs");

    [Fact]
    public void Program_of_batch_norm() => Verify("BatchNorm.Program", BatchNorm, "Small.Program.g.cs");

    private static void Verify(string name, string source, string file) => Approved.Verify(name, GeneratorHarness.Run(source).SourceText(file));
}
