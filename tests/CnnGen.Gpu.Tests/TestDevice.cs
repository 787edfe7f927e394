using CnnGen.Ilgpu;

namespace CnnGen.Gpu.Tests;

/// <summary>What the tests run on: ILGPU's simulation, or the kind of device that <c>CNNGEN_GPU</c> names, such as <c>OpenCL</c>; then there has to be one.</summary>
internal static class TestDevice
{
    private static GpuKind Kind => Environment.GetEnvironmentVariable("CNNGEN_GPU") is { Length: > 0 } kind ? Enum.Parse<GpuKind>(kind, ignoreCase: true) : GpuKind.Cpu;

    public static GpuDevice Open() => GpuDevice.Open(Kind);
}
