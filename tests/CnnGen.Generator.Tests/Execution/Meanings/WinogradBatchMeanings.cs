using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>The three parts of a Winograd convolution that takes the tiles of a whole batch together.</summary>
internal static class WinogradBatchMeanings
{
    /// <summary>B^T d B of an image's tiles, [tile][point][channel]; what lies past all that the convolution reads counts as zeros.</summary>
    public static void Inputs(WinogradInputsKernel kernel, KernelArguments arguments)
    {
        var (of, tiles, channels) = (kernel.Of, kernel.Of.Tiles, kernel.Of.Blocks.RunChannels);
        var input = arguments.Map(of.Input);
        var transformed = arguments.Memory();
        arguments.Memory().Run(0, kernel.ScratchLength).Fill(double.NaN);
        var size = tiles.InputTile;
        for (var tile = 0; tile < tiles.Count; tile++)
        {
            var (row, column) = PlaceOf(tiles, tile);
            var elements = new double[tiles.Points * channels];
            for (var i = 0; i < size && row + i < tiles.Height + tiles.Kernel - 1; i++)
            {
                for (var j = 0; j < size && column + j < tiles.Width + tiles.Kernel - 1; j++)
                    input.Lanes(0, row + i - of.Taps.Padding.Height, column + j - of.Taps.Padding.Width, channels).CopyTo(elements.AsSpan(((i * size) + j) * channels));
            }

            var points = WinogradMatrices.Both(WinogradMatrices.Of(tiles.OutputTile, tiles.Kernel).Input, elements, channels);
            for (var point = 0; point < tiles.Points; point++)
                points.AsSpan(point * channels, channels).CopyTo(transformed.Run((tile * of.InputTileStride) + (point * of.InputPointStride), channels));
        }
    }

    /// <summary>At each point, all tiles of all images by G g G^T; a unit is a block of filters.</summary>
    public static void Products(WinogradProductsKernel kernel, KernelArguments arguments)
    {
        var (of, tiles, lanes) = (kernel.Of, kernel.Of.Tiles, kernel.Of.Blocks.BlockLanes);
        var transformed = arguments.Memory();
        var weights = arguments.Memory();
        var products = arguments.Memory();
        arguments.Memory().Run(0, kernel.WeightsLength).Fill(double.NaN);
        var count = arguments.Count() * tiles.Count;
        for (var block = arguments.From; block < arguments.To; block++)
        {
            var points = Weights(kernel, weights, block);
            for (var tile = 0; tile < count; tile++)
            {
                for (var point = 0; point < tiles.Points; point++)
                {
                    var x = transformed.Run((tile * of.InputTileStride) + (point * of.InputPointStride), of.Blocks.RunChannels);
                    var sums = products.Run((tile * of.ProductTileStride) + (point * of.ProductPointStride) + (block * lanes), lanes);
                    sums.Clear();
                    Vectors.AddProducts(x, points.AsSpan(point * kernel.BlockLength, kernel.BlockLength), sums);
                }
            }
        }
    }

    /// <summary>A^T m A of an image's products and what comes after it.</summary>
    public static void Outputs(WinogradOutputsKernel kernel, KernelArguments arguments)
    {
        var (of, tiles, lanes) = (kernel.Of, kernel.Of.Tiles, kernel.Of.Blocks.TotalLanes);
        var products = arguments.Memory();
        var bias = arguments.MemoryIf(of.After.HasBias);
        var output = arguments.Memory();
        var after = new EpilogueMeaning(of.After, arguments);
        arguments.Memory().Run(0, kernel.ScratchLength).Fill(double.NaN);
        var (map, window) = (new Map(output, of.Output), after.Window);
        var sums = new double[window.Height * window.Width];
        for (var tile = 0; tile < tiles.Count; tile++)
        {
            var (row, column) = PlaceOf(tiles, tile);
            var points = new double[tiles.Points * lanes];
            for (var point = 0; point < tiles.Points; point++)
                products.Run((tile * of.ProductTileStride) + (point * of.ProductPointStride), lanes).CopyTo(points.AsSpan(point * lanes));
            var computed = WinogradMatrices.Both(WinogradMatrices.Of(tiles.OutputTile, tiles.Kernel).Output, points, lanes);
            for (var i = 0; i < tiles.OutputTile && row + i < tiles.Height; i += window.Height)
            {
                for (var j = 0; j < tiles.OutputTile && column + j < tiles.Width; j += window.Width)
                {
                    for (var lane = 0; lane < lanes; lane++)
                    {
                        for (var one = 0; one < sums.Length; one++)
                            sums[one] = computed[((((i + (one / window.Width)) * tiles.OutputTile) + j + (one % window.Width)) * lanes) + lane] + (bias?[lane] ?? 0);
                        var to = map.Place(lane, (row + i) / window.Height, (column + j) / window.Width);
                        output[to] = after.Of(sums, to);
                    }
                }
            }
        }
    }

    private static (int Row, int Column) PlaceOf(WinogradTiles tiles, int tile) =>
        (tile / tiles.Columns * tiles.OutputTile, tile % tiles.Columns * tiles.OutputTile);

    /// <summary>A block's transformed weights, [point][channel][filter].</summary>
    private static double[] Weights(WinogradProductsKernel kernel, Piece weights, int block)
    {
        var (blocks, tiles) = (kernel.Of.Blocks, kernel.Of.Tiles);
        var (lanes, count) = (blocks.BlockLanes, tiles.Kernel * tiles.Kernel);
        var filter = WinogradMatrices.Of(tiles.OutputTile, tiles.Kernel).Filter;
        var points = new double[tiles.Points * kernel.BlockLength];
        for (var c = 0; c < blocks.RunChannels; c++)
        {
            var taps = new double[count * lanes];
            for (var tap = 0; tap < count; tap++)
            {
                var place = (block * count * kernel.BlockLength) + (c * kernel.ChannelStride)
                    + (tap / tiles.Kernel * kernel.Source.RowStride) + (tap % tiles.Kernel * kernel.Source.ColumnStride);
                weights.Run(place, lanes).CopyTo(taps.AsSpan(tap * lanes));
            }

            var transformed = WinogradMatrices.Both(filter, taps, lanes);
            for (var point = 0; point < tiles.Points; point++)
                transformed.AsSpan(point * lanes, lanes).CopyTo(points.AsSpan((point * kernel.BlockLength) + (c * lanes)));
        }

        return points;
    }
}
