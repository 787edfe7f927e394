using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Winograd's convolutions, through the scratch memory that a kernel is given.</summary>
internal static class WinogradMeanings
{
    public static void Convolution(WinogradKernel kernel, KernelArguments arguments)
    {
        var call = new WinogradCall(kernel, arguments);
        var tiles = kernel.Tiles;
        if (tiles.AcrossImages && arguments.To - arguments.From == kernel.Units)
        {
            // All units together take all tiles of all images.
            call.Blocks(0, call.Images * tiles.Count, 0, kernel.Blocks.TotalLanes);
            return;
        }

        for (var unit = arguments.From; unit < arguments.To; unit++)
        {
            var (part, lanes) = (unit / kernel.LaneGroups, unit % kernel.LaneGroups * kernel.GroupLanes);
            var (first, end) = tiles.AcrossImages
                ? (call.Images * tiles.Count * part / kernel.TileParts, call.Images * tiles.Count * (part + 1) / kernel.TileParts)
                : (part * tiles.BlockTiles, Math.Min((part + 1) * tiles.BlockTiles, tiles.Count));
            call.Blocks(first, end, lanes, lanes + kernel.GroupLanes);
        }
    }

    /// <summary>G g G^T of each filter and channel; a unit is a channel of a block of filters.</summary>
    public static void Weights(WinogradWeightsKernel kernel, KernelArguments arguments)
    {
        var (source, target, lanes) = (kernel.Source, kernel.Target, kernel.Target.Blocks.BlockLanes);
        var weights = arguments.Memory();
        var scales = arguments.MemoryIf(kernel.HasScales);
        var points = arguments.Memory();
        var filter = WinogradMatrices.Of(target.OutputTile, target.Kernel).Filter;
        var taps = new double[target.Kernel * target.Kernel * lanes];
        for (var unit = arguments.From; unit < arguments.To; unit++)
        {
            var (block, c) = (unit / target.Blocks.RunChannels, unit % target.Blocks.RunChannels);
            for (var tap = 0; tap < target.Kernel * target.Kernel; tap++)
            {
                var place = (block * target.Kernel * target.Kernel * target.BlockLength) + (c * kernel.ChannelStride)
                    + (tap / target.Kernel * source.RowStride) + (tap % target.Kernel * source.ColumnStride);
                for (var lane = 0; lane < lanes; lane++)
                    taps[(tap * lanes) + lane] = weights[place + lane] * (scales?[(block * lanes) + lane] ?? 1);
            }

            var transformed = WinogradMatrices.Both(filter, taps, lanes);
            for (var point = 0; point < target.Points; point++)
                transformed.AsSpan(point * lanes, lanes).CopyTo(points.Run((point * target.PointStride) + (unit * lanes), lanes));
        }
    }

    /// <summary>The memory of one call.</summary>
    private sealed class WinogradCall
    {
        private readonly WinogradKernel _kernel;
        private readonly WinogradMatrices _matrices;
        private readonly Piece _input;
        private readonly Piece _weights;
        private readonly Piece? _bias;
        private readonly Piece _output;
        private readonly EpilogueMeaning _after;
        private readonly Piece _tiles;
        private readonly Piece _products;

        public WinogradCall(WinogradKernel kernel, KernelArguments arguments)
        {
            _kernel = kernel;
            _matrices = WinogradMatrices.Of(kernel.Tiles.OutputTile, kernel.Tiles.Kernel);
            _input = arguments.Memory();
            _weights = arguments.Memory();
            _bias = arguments.MemoryIf(kernel.After.HasBias);
            _output = arguments.Memory();
            _after = new EpilogueMeaning(kernel.After, arguments);
            _tiles = arguments.Memory();
            _products = _tiles.From(kernel.ProductOffset);
            Images = kernel.Tiles.AcrossImages ? arguments.Count() : 1;
        }

        public int Images { get; }

        public void Blocks(int first, int end, int fromLane, int toLane)
        {
            for (var block = first; block < end; block += _kernel.Tiles.BlockTiles)
            {
                var count = Math.Min(_kernel.Tiles.BlockTiles, end - block);
                for (var tile = 0; tile < count; tile++)
                    Transform(block + tile, tile);
                for (var tile = 0; tile < count; tile++)
                    Multiply(tile, fromLane, toLane);
                for (var tile = 0; tile < count; tile++)
                    Store(block + tile, tile, fromLane, toLane);
            }
        }

        private (int Image, int Row, int Column) PlaceOf(int tile)
        {
            var (image, place) = (tile / _kernel.Tiles.Count, tile % _kernel.Tiles.Count);
            return (image, place / _kernel.Tiles.Columns * _kernel.Tiles.OutputTile, place % _kernel.Tiles.Columns * _kernel.Tiles.OutputTile);
        }

        /// <summary>B^T d B; what lies past all that the convolution reads counts as zeros.</summary>
        private void Transform(int tile, int place)
        {
            var (image, row, column) = PlaceOf(tile);
            var map = new Map(_input.From(image * _kernel.InputImageStride), _kernel.Input);
            var (size, tiles) = (_kernel.Tiles.InputTile, _kernel.Tiles);
            var channels = _kernel.Blocks.RunChannels;
            var elements = new double[size * size * channels];
            for (var i = 0; i < size && row + i < tiles.Height + tiles.Kernel - 1; i++)
            {
                for (var j = 0; j < size && column + j < tiles.Width + tiles.Kernel - 1; j++)
                {
                    var read = map.Lanes(0, row + i - _kernel.Taps.Padding.Height, column + j - _kernel.Taps.Padding.Width, channels);
                    read.CopyTo(elements.AsSpan(((i * size) + j) * channels));
                }
            }

            var points = WinogradMatrices.Both(_matrices.Input, elements, channels);
            for (var point = 0; point < tiles.Points; point++)
                points.AsSpan(point * channels, channels).CopyTo(_tiles.Run((point * _kernel.InputPointStride) + (place * _kernel.InputTileStride), channels));
        }

        private void Multiply(int place, int fromLane, int toLane)
        {
            var weights = new WinogradWeights(_kernel.Tiles.OutputTile, _kernel.Tiles.Kernel, _kernel.Blocks);
            var lanes = _kernel.Blocks.BlockLanes;
            for (var point = 0; point < _kernel.Tiles.Points; point++)
            {
                for (var block = fromLane / lanes; block < toLane / lanes; block++)
                {
                    var sums = _products.Run((point * _kernel.ProductPointStride) + (place * _kernel.ProductTileStride) + (block * lanes), lanes);
                    sums.Clear();
                    var x = _tiles.Run((point * _kernel.InputPointStride) + (place * _kernel.InputTileStride), _kernel.Blocks.RunChannels);
                    Vectors.AddProducts(x, _weights.Run((point * weights.PointStride) + (block * x.Length * lanes), x.Length * lanes), sums);
                }
            }
        }

        /// <summary>A^T m A and what comes after it, where the output has such a place.</summary>
        private void Store(int tile, int place, int fromLane, int toLane)
        {
            var (image, row, column) = PlaceOf(tile);
            var (size, window) = (_kernel.Tiles.InputTile, _after.Window);
            var output = new Map(_output, _kernel.Output);
            var lanes = toLane - fromLane;
            var products = new double[size * size * lanes];
            for (var point = 0; point < _kernel.Tiles.Points; point++)
                _products.Run((point * _kernel.ProductPointStride) + (place * _kernel.ProductTileStride) + fromLane, lanes).CopyTo(products.AsSpan(point * lanes));
            var computed = WinogradMatrices.Both(_matrices.Output, products, lanes);
            var sums = new double[window.Height * window.Width];
            for (var lane = fromLane; lane < toLane; lane++)
            {
                for (var i = 0; i < _kernel.Tiles.OutputTile && row + i < _kernel.Tiles.Height; i += window.Height)
                {
                    for (var j = 0; j < _kernel.Tiles.OutputTile && column + j < _kernel.Tiles.Width; j += window.Width)
                    {
                        for (var one = 0; one < sums.Length; one++)
                            sums[one] = computed[((((i + (one / window.Width)) * _kernel.Tiles.OutputTile) + j + (one % window.Width)) * lanes) + lane - fromLane] + (_bias?[lane] ?? 0);
                        var to = (image * _kernel.OutputImageStride) + output.Place(lane, (row + i) / window.Height, (column + j) / window.Width);
                        _output[to] = _after.Of(sums, to);
                    }
                }
            }
        }
    }
}

/// <summary>
/// The matrices of F(m, r) by Toom and Cook's polynomials: products at the points 0, 1, -1, 2, -2 and at infinity (Winograd 1980, chapter IV). They are other
/// numbers than the emitters',
/// which scale rows differently, and give the same convolution.
/// </summary>
/// <param name="Output">A^T: m x (m + r - 1).</param>
/// <param name="Filter">G: (m + r - 1) x r.</param>
/// <param name="Input">B^T: (m + r - 1) x (m + r - 1).</param>
internal sealed record WinogradMatrices(double[,] Output, double[,] Filter, double[,] Input)
{
    private static readonly double[] s_points = [0, 1, -1, 2, -2];

    private static readonly Dictionary<(int, int), WinogradMatrices> s_known = new[] { (2, 3), (4, 3), (2, 5) }.ToDictionary(size => size, size => Make(size.Item1, size.Item2));

    public static WinogradMatrices Of(int outputs, int taps) => s_known[(outputs, taps)];

    /// <summary>m x m^T of each lane: x has a square of rows and columns, and for each of its elements the lanes side by side.</summary>
    public static double[] Both(double[,] matrix, double[] x, int lanes)
    {
        var (rows, inner) = (matrix.GetLength(0), matrix.GetLength(1));
        var half = new double[rows * inner * lanes];
        for (var i = 0; i < rows; i++)
        {
            // A row of x has all columns and lanes side by side.
            for (var k = 0; k < inner; k++)
                Vectors.AddProduct(matrix[i, k], x.AsSpan(k * inner * lanes, inner * lanes), half.AsSpan(i * inner * lanes, inner * lanes));
        }

        var result = new double[rows * rows * lanes];
        for (var element = 0; element < rows * rows; element++)
        {
            for (var k = 0; k < inner; k++)
                Vectors.AddProduct(matrix[element % rows, k], half.AsSpan(((element / rows * inner) + k) * lanes, lanes), result.AsSpan(element * lanes, lanes));
        }

        return result;
    }

    private static WinogradMatrices Make(int outputs, int taps)
    {
        var size = outputs + taps - 1;
        var points = s_points[..(size - 1)];
        var (output, filter, input) = (new double[outputs, size], new double[size, taps], new double[size, size]);
        for (var p = 0; p < points.Length; p++)
        {
            var others = points.Where((_, i) => i != p).ToArray();
            var divisor = others.Aggregate(1.0, (product, other) => product * (points[p] - other));
            for (var i = 0; i < outputs; i++)
                output[i, p] = Math.Pow(points[p], i);
            for (var k = 0; k < taps; k++)
                filter[p, k] = Math.Pow(points[p], k) / divisor;
            var polynomial = Polynomial(others);
            for (var i = 0; i < polynomial.Length; i++)
                input[p, i] = polynomial[i];
        }

        (output[outputs - 1, size - 1], filter[size - 1, taps - 1]) = (1, 1);
        var all = Polynomial(points);
        for (var i = 0; i < all.Length; i++)
            input[size - 1, i] = all[i];
        return new WinogradMatrices(output, filter, input);
    }

    /// <summary>The coefficients of the product of (x - root), the constant first.</summary>
    private static double[] Polynomial(IEnumerable<double> roots)
    {
        double[] product = [1];
        foreach (var root in roots)
        {
            var next = new double[product.Length + 1];
            for (var i = 0; i < product.Length; i++)
            {
                next[i + 1] += product[i];
                next[i] -= root * product[i];
            }

            product = next;
        }

        return product;
    }
}
