using CnnGen.Ilgpu;

namespace CnnGen.Gpu.Tests;

/// <summary>Devices, as ILGPU finds them.</summary>
public sealed class DeviceTests
{
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void TakeSmallGroups() => GpuDevice.SimulatedWarps = 4;

    [Fact]
    public void The_simulation_is_always_there()
    {
        using var device = GpuDevice.Open(GpuKind.Cpu);

        Assert.Equal(GpuKind.Cpu, device.Kind);
        Assert.Contains(device.ToString(), GpuDevice.Found());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Products_of_matrices_are_those_of_plain_loops(int isTurned)
    {
        using var device = TestDevice.Open();

        ProductChecks.Check(device.Accelerator, isTurned);
    }

    [Fact]
    public void A_kernel_that_is_refused_is_an_error_with_the_drivers_words()
    {
        using var device = TestDevice.Open();

        var wrong = Assert.Throws<GpuException>(() => new GpuTrainingSession<Small>(Small.Create(1), device, _ => throw new NotSupportedException("no such instruction"), 1));

        Assert.Equal($"{device} refuses a kernel of Small: no such instruction", wrong.Message);
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_that_names_those_that_are()
    {
        var wrong = Assert.Throws<GpuException>(() => GpuDevice.Open(name: "no such device"));

        Assert.StartsWith("There is no device whose name contains 'no such device'. Found: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(GpuDevice.Found()[^1], wrong.Message, StringComparison.Ordinal);
    }
}
