using CnnGen.Ilgpu;
using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Gpu.Tests;

/// <summary>The products of matrices of Muon's steps, by ILGPU and by its test double.</summary>
internal static class ProductChecks
{
    /// <summary>Both kernels against plain loops in double precision: 20 x 18 elements are four tiles, none of which is full.</summary>
    public static void Check(Accelerator accelerator, int isTurned)
    {
        const int Rows = 20, Depth = 21, Columns = 18;
        var random = new Random(1);
        var (a, b, added) = (Numbers(Rows * Depth), Numbers(Depth * Columns), Numbers(Rows * Columns));
        var expected = new double[Rows * Columns];
        for (var i = 0; i < expected.Length; i++)
        {
            var (row, column) = (i / Columns, i % Columns);
            for (var k = 0; k < Depth; k++)
                expected[i] += 0.5 * a[(row * Depth) + k] * (isTurned != 0 ? b[(column * Depth) + k] : b[(k * Columns) + column]);
            expected[i] += 0.25 * added[i];
        }

        using var aBuffer = Buffer(a);
        using var bBuffer = Buffer(b);
        using var addedBuffer = Buffer(added);
        using var result = Buffer(new float[expected.Length]);
        var tiled = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int, float, float>(GpuMatrixKernels.Product);
        tiled(GpuOrthogonalizer.Tiles(Rows, Columns), aBuffer.View, bBuffer.View, addedBuffer.View, result.View, Rows, Depth, Columns, isTurned, 0.5f, 0.25f);
        AssertClose();
        var small = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int, float, float>(GpuMatrixKernels.SmallProduct);
        small(GpuUpdates.Threads(expected.Length), aBuffer.View, bBuffer.View, addedBuffer.View, result.View, Rows, Depth, Columns, isTurned, 0.5f, 0.25f);
        AssertClose();

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

        MemoryBuffer1D<float, Stride1D.Dense> Buffer(float[] numbers)
        {
            var buffer = accelerator.Allocate1D<float>(numbers.Length);
            ArrayView<float> view = buffer.View;
            view.CopyFromCPU(accelerator.DefaultStream, ref numbers[0], numbers.Length);
            accelerator.DefaultStream.Synchronize();
            return buffer;
        }

        void AssertClose()
        {
            var actual = new float[expected.Length];
            ArrayView<float> view = result.View;
            view.CopyToCPU(accelerator.DefaultStream, ref actual[0], actual.Length);
            accelerator.DefaultStream.Synchronize();
            for (var i = 0; i < actual.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-5);
            view.MemSetToZero(accelerator.DefaultStream);
        }
    }
}
