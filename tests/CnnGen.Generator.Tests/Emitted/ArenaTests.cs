using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Memory;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>The memory of a prediction: buffers that are never needed at once share it.</summary>
public class ArenaTests
{
    public static TheoryData<string> Declarations =>
    [
        "[Model(1, 28, 28)] [Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)] [Conv2D(16, 5), ReLU, MaxPool(2)] [Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]",
        "[Model(3, 32, 32)] [Conv2D(32, 3, Padding = 1, Repeat = 3), ReLU, MaxPool(2)] [Conv2D(64, 3, Padding = 1), BatchNorm, ReLU, GlobalAveragePool] [Dense(10), Softmax]",
        "[Model(3, 224, 224)] [Conv2D(64, 3, Padding = 1, Repeat = 2), MaxPool(2), Conv2D(128, 3, Padding = 1, Repeat = 2), MaxPool(2), Conv2D(256, 3, Padding = 1, Repeat = 3), MaxPool(2)] [Dense(4096), ReLU, Dense(1000), Softmax]",
        "[Model(3, 227, 227)] [Conv2D(96, 11, Stride = 4), ReLU, LocalResponseNorm(5), MaxPool(3, Stride = 2)] [Conv2D(256, 5, Padding = 2), ReLU, MaxPool(3, Stride = 2)] [Dense(10), Softmax]",
        "[Model(8, 20, 20)] [Conv2D(8, 3, Padding = 1, Groups = 8, Repeat = 4), Conv2D(24, 3, Padding = 1, Algorithm = ConvAlgorithm.Im2Col), Sigmoid] [Dense(10), Softmax]",
    ];

    [Theory]
    [MemberData(nameof(Declarations))]
    public void The_arena_is_at_most_a_tenth_larger_than_what_is_alive_at_once(string declaration)
    {
        var plan = ModelPlan.Create(GeneratorHarness.ParseNetwork($"using CnnGen; {declaration} public partial class Net;"));

        Assert.InRange(plan.Arena.Length, plan.Arena.LargestLiveLength, 1.1 * plan.Arena.LargestLiveLength);
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void Buffers_that_one_step_uses_never_overlap(string declaration)
    {
        var plan = ModelPlan.Create(GeneratorHarness.ParseNetwork($"using CnnGen; {declaration} public partial class Net;"));

        foreach (var step in plan.Prediction.Steps)
        {
            var buffers = step.Call.Arguments.OfType<Argument.Buffer>().Select(argument => argument.Memory).Distinct()
                .Where(buffer => plan.Arena.PlaceOf(buffer) is ArenaPlace.Image or ArenaPlace.Block)
                .OrderBy(plan.Arena.OffsetOf)
                .ToList();
            for (var i = 1; i < buffers.Count; i++)
                Assert.True(plan.Arena.OffsetOf(buffers[i - 1]) + buffers[i - 1].Length <= plan.Arena.OffsetOf(buffers[i]), step.Label);
        }
    }
}
