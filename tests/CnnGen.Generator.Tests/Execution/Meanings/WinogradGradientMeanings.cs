using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Weight gradients by Winograd's algorithms.</summary>
internal static class WinogradGradientMeanings
{
    /// <summary>The sum that they all make, without an algorithm: that of each tap over the pixels. The scratch memory is spoiled, so that nothing that is needed may lie there.</summary>
    public static void Whole(WinogradWeightGradientKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Memory();
        var gradient = arguments.Memory();
        var weights = arguments.Memory();
        arguments.Memory().Run(0, kernel.ScratchLength).Fill(double.NaN);
        var images = arguments.Count();
        for (var image = 0; image < images; image++)
        {
            var x = new Map(input.From(image * kernel.InputImageStride), kernel.Input);
            var y = new Map(gradient.From(image * kernel.GradientImageStride), kernel.OutputGradient);
            GradientMeanings.AddPixels(x, kernel.Input.Kind, y, kernel.OutputGradient, kernel.Taps, kernel.Blocks, weights);
        }
    }

    /// <summary>B^T d B of an image's tiles, [point][group][tile][channel], and A y A^T, [point][block][tile][filter]; what lies past a map counts as zeros.</summary>
    public static void Points(WinogradGradientPointsKernel kernel, KernelArguments arguments)
    {
        var (of, tiles) = (kernel.Of, kernel.Of.Tiles);
        var input = arguments.Map(of.Input);
        var gradient = arguments.Map(of.OutputGradient);
        var inputs = arguments.Memory();
        var gradients = arguments.Memory();
        arguments.Memory().Run(0, kernel.ScratchLength).Fill(double.NaN);
        var matrices = WinogradMatrices.Of(tiles.OutputTile, tiles.Kernel);
        var ofOutputs = Transposed(matrices.Output);
        for (var tile = 0; tile < tiles.Count; tile++)
        {
            var (row, column) = (tile / tiles.Columns * tiles.OutputTile, tile % tiles.Columns * tiles.OutputTile);
            for (var group = 0; group < of.Groups; group++)
            {
                var channels = Math.Min(WinogradWeightGradientKernel.GroupChannels, of.Blocks.RunChannels - (group * WinogradWeightGradientKernel.GroupChannels));
                var (h, w) = (row - of.Taps.Padding.Height, column - of.Taps.Padding.Width);
                var read = Elements(tiles.InputTile, channels, tiles.Height + tiles.Kernel - 1 - row, tiles.Width + tiles.Kernel - 1 - column, (i, j) =>
                    input.Lanes(group * WinogradWeightGradientKernel.GroupChannels, h + i, w + j, channels));
                Store(
                    WinogradMatrices.Both(matrices.Input, read, channels), channels, inputs,
                    (group * of.InputGroupStride) + (tile * WinogradWeightGradientKernel.GroupChannels), of.InputPointStride);
            }

            for (var block = 0; block < of.Blocks.BlockCount; block++)
            {
                var lanes = of.Blocks.BlockLanes;
                var read = Elements(tiles.OutputTile, lanes, tiles.Height - row, tiles.Width - column, (i, j) => gradient.Lanes(block * lanes, row + i, column + j, lanes));
                Store(WinogradMatrices.Both(ofOutputs, read, lanes), lanes, gradients, (block * of.GradientBlockStride) + (tile * lanes), of.GradientPointStride);
            }
        }
    }

    /// <summary>G^T s G of the sums s over all tiles of all images; a unit is a group of channels of a block of filters, block after block.</summary>
    public static void Sums(WinogradGradientSumsKernel kernel, KernelArguments arguments)
    {
        var (of, tiles) = (kernel.Of, kernel.Of.Tiles);
        var inputs = arguments.Memory();
        var gradients = arguments.Memory();
        var weights = arguments.Memory();
        arguments.Memory().Run(0, kernel.ScratchLength).Fill(double.NaN);
        var images = arguments.Count();
        var toTaps = Transposed(WinogradMatrices.Of(tiles.OutputTile, tiles.Kernel).Filter);
        var lanes = of.Blocks.BlockLanes;
        for (var unit = arguments.From; unit < arguments.To; unit++)
        {
            var (block, group) = (unit / of.Groups, unit % of.Groups);
            var channels = Math.Min(WinogradWeightGradientKernel.GroupChannels, of.Blocks.RunChannels - (group * WinogradWeightGradientKernel.GroupChannels));
            for (var c = 0; c < channels; c++)
            {
                var sums = new double[tiles.Points * lanes];
                for (var point = 0; point < tiles.Points; point++)
                {
                    for (var tile = 0; tile < images * tiles.Count; tile++)
                    {
                        var (image, place) = (tile / tiles.Count, tile % tiles.Count);
                        var x = inputs[(image * of.InputPointsLength) + (point * of.InputPointStride) + (group * of.InputGroupStride) + (place * WinogradWeightGradientKernel.GroupChannels) + c];
                        var y = gradients.Run((image * of.GradientPointsLength) + (point * of.GradientPointStride) + (block * of.GradientBlockStride) + (place * lanes), lanes);
                        Vectors.AddProduct(x, y, sums.AsSpan(point * lanes, lanes));
                    }
                }

                var taps = WinogradMatrices.Both(toTaps, sums, lanes);
                for (var tap = 0; tap < of.Taps.Count; tap++)
                {
                    var row = ConvolutionMeanings.BlockedRow(of.Input.Kind, of.Taps, of.Blocks, block, tap, (group * WinogradWeightGradientKernel.GroupChannels) + c);
                    taps.AsSpan(tap * lanes, lanes).CopyTo(weights.Run(row, lanes));
                }
            }
        }
    }

    private delegate Span<double> Read(int row, int column);

    private static double[] Elements(int size, int lanes, int rows, int columns, Read read)
    {
        var elements = new double[size * size * lanes];
        for (var i = 0; i < Math.Min(size, rows); i++)
        {
            for (var j = 0; j < Math.Min(size, columns); j++)
                read(i, j).CopyTo(elements.AsSpan(((i * size) + j) * lanes));
        }

        return elements;
    }

    private static void Store(double[] points, int lanes, Piece memory, int place, int pointStride)
    {
        for (var point = 0; point < points.Length / lanes; point++)
            points.AsSpan(point * lanes, lanes).CopyTo(memory.Run(place + (point * pointStride), lanes));
    }

    private static double[,] Transposed(double[,] matrix)
    {
        var transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            for (var j = 0; j < matrix.GetLength(1); j++)
                transposed[j, i] = matrix[i, j];
        }

        return transposed;
    }
}
