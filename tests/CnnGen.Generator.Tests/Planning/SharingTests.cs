using System.Reflection;
using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Planning;

/// <summary>What threads share is planned, and emitters print it.</summary>
public sealed class SharingTests
{
    [Fact]
    public void Plans_are_made_for_the_vectors_that_kernels_are_printed_for() =>
        Assert.Equal(VectorIsa.All.Select(isa => isa.Lanes), Tiling.VectorLanes);

    [Fact]
    public void A_kernel_of_units_says_how_many_and_no_other_does()
    {
        var kernels = typeof(Kernel).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Kernel)) && !type.IsAbstract).ToList();

        Assert.Contains(typeof(ConvPixelsKernel), kernels);
        Assert.All(kernels, kernel => Assert.Equal(
            kernel.GetProperty(nameof(Kernel.HasUnits))!.DeclaringType == kernel, kernel.GetMethod(nameof(Kernel.UnitsFor))!.DeclaringType == kernel));
    }

    /// <summary>A large convolution of one image is shared, and what is done to each element of a large map; small ones aren't.</summary>
    [Fact]
    public void Large_calls_with_several_units_are_shared()
    {
        var large = Steps("[Model(16, 40, 40)] [Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.Direct), Tanh] public partial class Net;");
        var small = Steps("[Model(16, 8, 8)] [Conv2D(16, 3, Padding = 1, Algorithm = ConvAlgorithm.Direct), Tanh] public partial class Net;");

        Assert.Contains(large, step => step.Call.Kernel is ConvPixelsKernel && Sharing.IsShared(step));
        Assert.Contains(large, step => step.Call.Kernel is PointwiseKernel && Sharing.IsShared(step));
        Assert.Contains(small, step => step.Call.Kernel is ConvPixelsKernel);
        Assert.Contains(small, step => step.Call.Kernel is PointwiseKernel);
        Assert.DoesNotContain(small, Sharing.IsShared);

        static List<Step> Steps(string source) => [.. ModelPlan.Create(GeneratorHarness.ParseNetwork(source)).Prediction.Steps];
    }

    /// <summary>A phase takes a run of the kernel's arguments, and the last one the kernel's own units.</summary>
    [Theory]
    [InlineData("[Model(256, 14, 14)] [Conv2D(256, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd4x4), ReLU] public partial class Net;")]
    [InlineData("[Model(256, 14, 14)] [Branch, Conv2D(256, 3, Padding = 1, Bias = false, Algorithm = ConvAlgorithm.Winograd4x4)] [Branch] [Add] [ReLU] public partial class Net;")]
    public void The_phases_of_a_call_share_out_its_arguments(string source)
    {
        var call = ModelPlan.Create(GeneratorHarness.ParseNetwork(source)).Prediction.Steps.Select(step => step.Call).Single(call => call.Kernel is WinogradKernel);
        var phases = call.Kernel!.Phases;

        Assert.Equal(["Transform", "Multiply"], phases.Select(phase => phase.Name));
        Assert.Equal([false, true], phases.Select(phase => phase.Units is null));
        var scratch = call.Arguments.ToList().FindIndex(argument => argument is Argument.Buffer { Memory.Kind: BufferKind.Scratch });
        Assert.Equal(Enumerable.Range(0, scratch), phases.SelectMany(phase => Enumerable.Range(phase.FirstArgument, phase.Arguments)));
    }
}
