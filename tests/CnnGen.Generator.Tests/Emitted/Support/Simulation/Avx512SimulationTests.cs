using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>The stand-in for AVX-512 against the scalar meaning of each instruction, and against the instructions where the machine has them.</summary>
public sealed unsafe class Avx512SimulationTests
{
    private static readonly float[] s_special = [0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 1e30f, -3.5f, 0.1f];

    [Fact]
    public void Instructions_mean_what_the_manual_says()
    {
        foreach (var a in s_special)
        {
            foreach (var b in s_special)
            {
                var (left, right) = (Vector512.Create(a), Vector512.Create(b));
                // Max and Min give the second operand where neither is the larger: of zeros, and of what is not a number.
                Same(a > b ? a : b, SimulatedAvx512F.Max(left, right));
                Same(a < b ? a : b, SimulatedAvx512F.Min(left, right));
                Same(a > b ? a : 7f, SimulatedAvx512F.BlendVariable(Vector512.Create(7f), left, SimulatedAvx512F.CompareGreaterThan(left, right)));
                Same(float.IsNaN(a) || float.IsNaN(b) ? 1f : 2f, SimulatedAvx512F.BlendVariable(Vector512.Create(2f), Vector512.Create(1f), SimulatedAvx512F.CompareUnordered(left, right)));
                Same(MathF.FusedMultiplyAdd(a, b, 0.3f), SimulatedAvx512F.FusedMultiplyAdd(left, right, Vector512.Create(0.3f)));
                Same(MathF.FusedMultiplyAdd(-a, b, 0.3f), SimulatedAvx512F.FusedMultiplyAddNegated(left, right, Vector512.Create(0.3f)));
                Same(MathF.Abs(a), SimulatedAvx512F.AndNot(Vector512.Create(-0f), left));
            }
        }

        var indices = Vector512.Create(0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31);
        var low = Vector512.ConvertToSingle(Vector512<int>.Indices);
        Assert.Equal(Vector512.ConvertToSingle(indices), SimulatedAvx512F.PermuteVar16x32x2(low, indices, low + Vector512.Create(16f)));
        if (Avx512F.IsSupported)
            Assert.Equal(Avx512F.PermuteVar16x32x2(low, indices, low * 3f), SimulatedAvx512F.PermuteVar16x32x2(low, indices, low * 3f));
    }

    /// <summary>Without this the set would be left out where the machine lacks it, and no test would say so.</summary>
    [Fact]
    public void A_model_runs_the_set_on_every_machine()
    {
        using var assembly = EmittedAssembly.Compile(EmittedAssembly.Predicting("[Model(1, 4, 4)] [Conv2D(16, 3), ReLU, Dense(3), Softmax] public partial class Tiny;"));
        Assert.Equal(Avx512Simulation.IsNeeded, UsesSimulation(assembly));
        using var model = assembly.Create("Tiny");
        Assert.Contains(InstructionSet.Avx512, EmittedModel.AllSets);
        model.InstructionSet = InstructionSet.Avx512;
        Assert.Equal(1f, model.Predict(new float[16]).Sum(), 1e-5f);
    }

    private static bool UsesSimulation(EmittedAssembly assembly) =>
        assembly.Assembly.GetReferencedAssemblies().Any(name => name.Name == typeof(SimulatedAvx512F).Assembly.GetName().Name);

    private static void Same(float expected, Vector512<float> actual)
    {
        for (var lane = 0; lane < Vector512<float>.Count; lane++)
            Assert.True(float.IsNaN(expected) ? float.IsNaN(actual[lane]) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual[lane]), $"{expected} expected, {actual[lane]} given");
    }
}
