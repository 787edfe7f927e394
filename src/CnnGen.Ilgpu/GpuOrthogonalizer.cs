using CnnGen.Runtime;
using ILGPU;
using ILGPU.Runtime;
using Product = System.Action<ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, int, int, int, int, float, float>;

namespace CnnGen.Ilgpu;

/// <summary>Muon's steps on a device: the iteration of <see cref="Orthogonalizer"/>, matrix by matrix, in memory for the largest of them.</summary>
internal sealed class GpuOrthogonalizer : IDisposable
{
    /// <summary>What is small: up to 16 tiles, and a sum that a thread makes soon.</summary>
    private const int SmallElements = 4096;
    private const int SmallDepth = 256;

    private readonly MemoryBuffer1D<float, Stride1D.Dense>[] _buffers;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, float, int, int> _load;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, int> _squares;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, int> _normalize;
    private readonly Product _product;
    private readonly Product _smallProduct;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, float, float, int, int> _apply;

    public GpuOrthogonalizer(Accelerator accelerator, IReadOnlyList<Parameter> matrices)
    {
        var largest = matrices.Max(matrix => matrix.Length);
        var sides = matrices.Select(Orthogonalizer.Size).Max(size => Math.Min(size.Rows, size.Columns));
        _buffers = [.. new[] { largest, largest, sides * sides, sides * sides, GpuVectorKernels.Strands }.Select(length => accelerator.Allocate1D<float>(length))];
        _load = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, float, int, int>(GpuMatrixKernels.Load);
        _squares = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(GpuMatrixKernels.Squares);
        _normalize = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(GpuMatrixKernels.Normalize);
        _product = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int, float, float>(GpuMatrixKernels.Product);
        _smallProduct = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int, float, float>(GpuMatrixKernels.SmallProduct);
        _apply = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, float, float, int, int>(GpuMatrixKernels.Apply);
    }

    /// <summary>A step of one matrix.</summary>
    /// <param name="matrix">The parameter.</param>
    /// <param name="weights">Its numbers on the device.</param>
    /// <param name="gradients">Its gradients.</param>
    /// <param name="momenta">Its momenta.</param>
    /// <param name="part">What of the momentum is in the direction; the rest is the gradient's.</param>
    /// <param name="iterations">Newton-Schulz steps.</param>
    /// <param name="shrinking">What the weights are multiplied by first.</param>
    /// <param name="rate">What the direction is multiplied by.</param>
    public void Step(Parameter matrix, ArrayView<float> weights, ArrayView<float> gradients, ArrayView<float> momenta, float part, int iterations, float shrinking, float rate)
    {
        var (rows, columns) = Orthogonalizer.Size(matrix);
        var length = matrix.Length;
        ArrayView<float> x = _buffers[0].View, next = _buffers[1].View, square = _buffers[2].View, polynomial = _buffers[3].View, strands = _buffers[4].View;
        _load(GpuUpdates.Threads(length), momenta, gradients, x, part, rows, columns);
        _squares(GpuUpdates.Threads(GpuVectorKernels.Strands), x, strands, length);
        _normalize(GpuUpdates.Threads(length), x, strands, length);
        var (narrow, wide) = (Math.Min(rows, columns), Math.Max(rows, columns));
        for (var i = 0; i < iterations; i++)
        {
            Multiply(x, x, square, square, narrow, wide, narrow, 1, 1f, 0f);
            Multiply(square, square, square, polynomial, narrow, narrow, narrow, 0, Orthogonalizer.Third, Orthogonalizer.Second);
            Multiply(polynomial, x, x, next, narrow, narrow, wide, 0, 1f, Orthogonalizer.First);
            (x, next) = (next, x);
        }

        _apply(GpuUpdates.Threads(length), weights, x, shrinking, rate, rows, columns);
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
    }

    private void Multiply(
        ArrayView<float> a, ArrayView<float> b, ArrayView<float> added, ArrayView<float> result, int rows, int depth, int columns, int isTurned, float alpha, float beta)
    {
        if (rows * columns <= SmallElements && depth <= SmallDepth)
            _smallProduct(GpuUpdates.Threads(rows * columns), a, b, added, result, rows, depth, columns, isTurned, alpha, beta);
        else
            _product(Tiles(rows, columns), a, b, added, result, rows, depth, columns, isTurned, alpha, beta);
    }

    internal static KernelConfig Tiles(int rows, int columns) =>
        new((columns + GpuMatrixKernels.Tile - 1) / GpuMatrixKernels.Tile, (rows + GpuMatrixKernels.Tile - 1) / GpuMatrixKernels.Tile, 1, GpuMatrixKernels.TileThreads, 1, 1);
}
