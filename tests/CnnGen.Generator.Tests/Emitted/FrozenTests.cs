using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Layers that training leaves as they are.</summary>
public sealed class FrozenTests
{
    private const string Block = """
        [Conv2D("filters", 3, Padding = 1), BatchNorm, ReLU, Dropout(0.5f)]
        public sealed class StageAttribute(int filters) : BlockAttribute;

        """;

    private const string Trunk = Block + """
        [Model(3, 8, 6)]
        [Stage(17, Frozen = true), MaxPool(2), Conv2D(20, 3, Padding = 1, Frozen = true), PReLU(Frozen = true), GroupNorm(2, Frozen = true)]
        [Dense(9), BatchNorm(Frozen = true), ReLU, Dense(4), Softmax]
        public partial class Trunk;
        """;

    private const string Middle = """
        [Model(3, 8, 6)]
        [Conv2D(5, 3, Padding = 1), BatchNorm, ReLU, Conv2D(18, 3, Padding = 1, Frozen = true), BatchNorm(Frozen = true), ReLU]
        [Branch, Conv2D(18, 3, Padding = 1)]
        [Branch, Shortcut(18, Frozen = true)]
        [Add, ReLU, GlobalAveragePool, Dense(4), Softmax]
        public partial class Middle;
        """;

    [Fact]
    public void They_have_no_gradients_and_compute_as_in_a_prediction()
    {
        using var assembly = EmittedAssembly.Compile(Trunk, Middle);
        foreach (var name in new[] { "Trunk", "Middle" })
        {
            using var model = assembly.Create(name);
            var expected = Expected.Random(model.Network, 5, seed: 3);
            Assert.DoesNotContain(expected.Training.ParameterGradients.Keys, parameter => !model.Parameters[parameter].IsTrained);
            foreach (var set in EmittedModel.Sets)
                Comparison.AssertAgrees(model, expected, set, name);
        }

        using var trunk = assembly.Create("Trunk");
        Assert.Equal(
            ["bn1", "bn1", "bn1", "bn1", "conv1", "conv1", "groupnorm1", "groupnorm1", "prelu1", "stage1", "stage1", "stage1", "stage1", "stage1", "stage1"],
            trunk.Parameters.All.Where(parameter => !parameter.IsTrained).Select(parameter => parameter.Name.Split('.')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(4 + (4 * 9) + 9 + (9 * 240), trunk.Parameters.All.Where(parameter => parameter.IsTrained).Sum(parameter => parameter.Length));
        Assert.Contains("frozen", Assert.Throws<InvalidOperationException>(() => trunk.Parameters["conv1.weight"].GradientToArray()).Message, StringComparison.Ordinal);
    }

    /// <summary>The gradient by the images is still to be had; who doesn't ask for it pays nothing below the last layer that trains.</summary>
    [Fact]
    public void Nothing_is_differentiated_below_the_last_layer_that_trains()
    {
        using var assembly = EmittedAssembly.Compile(Trunk);
        var network = assembly.Network("Trunk");
        var plan = ModelPlan.Create(network);
        var first = network.Nodes.First(node => node.Name == "Dense1").Index;
        var backward = plan.Training.Steps.Where(step => step.IsBackward).ToList();
        var below = backward.Where(step => step.When is null && network.Nodes.First(node => node.Name == step.Label).Index < first).ToList();

        Assert.Empty(below);
        Assert.Contains(backward, step => step.When is Condition.Given { Memory: ExternalMemory.ImageGradients });
        Assert.DoesNotContain(plan.Training.Steps, step => step.Call.Kernel is BatchNormSumsKernel or WeightGradientPixelsKernel or WeightGradientPlanarKernel);
    }

    [Fact]
    public void A_frozen_norm_of_single_values_takes_a_batch_of_one()
    {
        using var assembly = EmittedAssembly.Compile("[Model(2, 4, 4), Dense(3), BatchNorm(Frozen = true), Dense(2), Softmax] public partial class Net;");
        using var model = assembly.Create("Net");
        var expected = Expected.Random(model.Network, 1, seed: 4);
        foreach (var set in EmittedModel.Sets)
            Comparison.AssertAgrees(model, expected, set);
    }
}
