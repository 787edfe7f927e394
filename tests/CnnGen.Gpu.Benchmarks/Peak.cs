using CnnGen.Ilgpu;
using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Gpu.Benchmarks;

/// <summary>What a device can do at most: multiply-adds on registers and nothing else.</summary>
internal static class Peak
{
    private const int Threads = 128;
    private const int Chains = 8;

    /// <summary>GFLOP/s, of a multiply-add two.</summary>
    public static double Measure(GpuDevice device, bool isTiny, double seconds)
    {
        var (groups, turns) = isTiny ? (1, 2) : (4096, 4096);
        var accelerator = device.Accelerator;
        using var result = accelerator.Allocate1D<float>(groups * Threads);
        var kernel = accelerator.LoadStreamKernel<ArrayView<float>, float, float, int>(MultiplyAdds);
        var time = Clock.Least(seconds, () =>
        {
            kernel(new KernelConfig(groups, 1, 1, Threads, 1, 1), result.View, 0.999f, 0.001f, turns);
            accelerator.DefaultStream.Synchronize();
        });
        return 2.0 * Chains * Chains * groups * Threads * turns / time / 1e9;
    }

    /// <summary>Eight sums that don't wait for one another, in a loop whose other work counts little.</summary>
    public static void MultiplyAdds(ArrayView<float> result, float factor, float addend, int turns)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        float a = i, b = i + 1, c = i + 2, d = i + 3, e = i + 4, f = i + 5, g = i + 6, h = i + 7;
        for (int turn = 0; turn < turns; turn++)
        {
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
            a = a * factor + addend; b = b * factor + addend; c = c * factor + addend; d = d * factor + addend;
            e = e * factor + addend; f = f * factor + addend; g = g * factor + addend; h = h * factor + addend;
        }

        result[i] = a + b + c + d + e + f + g + h;
    }
}
