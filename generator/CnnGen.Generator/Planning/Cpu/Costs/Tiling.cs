using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Costs;

/// <summary>
/// A register tile: Rows x Columns output pixels, each with Vectors vectors of lanes, all kept in registers while the taps pass.
/// </summary>
internal readonly record struct Tile(int Rows, int Columns, int Vectors)
{
    public int Pixels => Rows * Columns;
}

/// <summary>The tile of a kernel that vectorises along the width: filters x rows x vectors.</summary>
internal readonly record struct PlanarTile(int Filters, int Rows, int Vectors);

/// <summary>
/// Chooses register tiles for a vector width of 16 (32 registers), 8 (16 registers) or 1 float. The limits come from measurements: a tile needs 8 or more
/// accumulators to cover the latency of a fused multiply-add, two vectors a pixel not to be bound by loads, and all of it must fit the registers.
/// </summary>
internal static class Tiling
{
    /// <summary>Floats in a vector of each instruction set that kernels are printed for.</summary>
    public static IReadOnlyList<int> VectorLanes { get; } = [16, 8, 1];

    /// <summary>Multiply-adds of one turn of an inner loop, at two a cycle: 12 cycles, into which the loop's four instructions fit.</summary>
    private const int EnoughMultiplyAdds = 24;

    /// <summary>The same of 256-bit tiles of pixels.</summary>
    private const int EnoughOfPixels = 16;

    /// <summary>The same of tiles along the width, in half cycles.</summary>
    private const int EnoughOfPlanes = 12;

    /// <summary>
    /// Neighbouring pixels of one vector each that hide one another's latency: further rows of them would be more text for no gain, but with 512-bit vectors, where rows that share the weights'
    /// loads are worth 5 to 9 % of a 5x5 convolution of 16 filters.
    /// </summary>
    private const int EnoughPixels = 8;

    /// <summary>The tile of a kernel that vectorises over filters, in output pixels of <paramref name="window"/> sums each.</summary>
    public static Tile ForPixels(int height, int width, int blockLanes, int isaLanes, int window = 1)
    {
        // Of scalars a window's sums are the tile: less text.
        var vectors = isaLanes == 1 && window > 1 ? 2 : VectorsOf(blockLanes, isaLanes);
        var pixels = Math.Max(1, PixelLimit(vectors, isaLanes) / window);
        var columns = Split(width, pixels);
        var rows = columns == width && (vectors > 1 || columns < EnoughPixels || isaLanes == Storage.Lanes) ? Math.Max(1, Split(height, Math.Max(1, pixels / width))) : 1;
        return new Tile(rows, columns, vectors);
    }

    /// <summary>Rows of a product, whose number is known at run time only: the largest tile; smaller ones take the rest.</summary>
    public static Tile ForRows(int blockLanes, int isaLanes)
    {
        var vectors = VectorsOf(blockLanes, isaLanes);
        return new Tile(1, Math.Min(8, PixelLimit(vectors, isaLanes)), vectors);
    }

    /// <summary>The numbers of rows that a product has tiles for, beside the one for single rows, the largest first; of scalars that one is enough.</summary>
    public static IReadOnlyList<int> RowCounts(int blockLanes, int isaLanes)
    {
        var most = ForRows(blockLanes, isaLanes).Columns;
        int[] counts = isaLanes switch
        {
            16 => [8, 4],
            8 => [4],
            _ => [],
        };
        return [.. counts.Where(rows => rows <= most)];
    }

    /// <summary>Inputs of a weight gradient's tile: the largest divisor of the run that fits, else what fits.</summary>
    public static Tile ForWeightGradient(int run, int blockLanes, int isaLanes)
    {
        var vectors = VectorsOf(blockLanes, isaLanes);
        var limit = Math.Min(PixelLimit(vectors, isaLanes), run);
        for (var size = limit; size > limit / 2; size--)
        {
            if (run % size == 0)
                return new Tile(1, size, vectors);
        }

        return new Tile(1, limit, vectors);
    }

    /// <summary>Filters x kernel columns of a weight gradient that vectorises along the width, whose sums, inputs and gradients fit the registers.</summary>
    public static (int Filters, int Columns) ForPlanarWeightGradient(int filters, int columns, int isaLanes)
    {
        var sums = isaLanes switch
        {
            16 => 24,
            8 => 10,
            _ => 8,
        };
        var columnCount = Math.Min(columns, sums);
        var filterCount = Math.Max(1, Math.Min(filters, sums / columnCount));
        return (Split(filters, filterCount), columnCount);
    }

    /// <summary>Neighbouring pixels of a depthwise convolution's row: their sums hide one another's latency and leave registers for a row of taps, which is written out.</summary>
    public static int ForDepthwise(int width, int kernelWidth, int isaLanes)
    {
        // Scalars have no latency to hide that their loops don't: less text.
        var most = isaLanes == 1 ? 2 : 8;
        const int MostInLine = 64;
        return Split(width, Math.Max(1, Math.Min(most, MostInLine / kernelWidth)));
    }

    /// <summary>
    /// The tile of a kernel that vectorises along the width: of those that fit the registers, the one that the whole map takes the fewest cycles with.
    /// Rows come in multiples of the pooling's; a pooling takes vectors in pairs, or one alone.
    /// </summary>
    public static PlanarTile ForPlanar(ConvPlanarKernel kernel, int isaLanes)
    {
        var pool = kernel.After.Pool?.Size ?? Size2.One;
        var filters = kernel.Output.Channels / kernel.Groups;
        var height = kernel.Output.Height * pool.Height;
        var vectorsInRow = Storage.RoundUp(kernel.Output.Width * pool.Width) / isaLanes;
        if (isaLanes == 1)
            return ForScalars(filters, pool.Height);
        var vectors = vectorsInRow % 2 == 0 ? 2 : vectorsInRow % 3 == 0 && kernel.After.Pool is null ? 3 : 1;
        var sums = isaLanes == 16 ? 24 : 12;
        var best = new PlanarTile(1, pool.Height, vectors);
        var bestCycles = double.MaxValue;
        for (var rows = pool.Height; rows <= Math.Min(height, Math.Max(4, pool.Height)); rows += pool.Height)
        {
            for (var size = 1; size <= Math.Min(filters, 12) && size * rows * vectors <= sums; size++)
            {
                if ((size * rows * vectors) + Math.Min(size, rows * vectors) + 1 > Registers(isaLanes))
                    continue;
                var cycles = PlanarCycles(kernel, new PlanarTile(size, rows, vectors), filters, height);
                if (cycles < bestCycles)
                    (best, bestCycles) = (new PlanarTile(size, rows, vectors), cycles);
            }
        }

        return best;
    }

    /// <summary>Eight sums, of which no map leaves a rest: less text. Rows have room for whole numbers of eight columns.</summary>
    private static PlanarTile ForScalars(int filters, int poolHeight) =>
        poolHeight > 1 ? new PlanarTile(1, poolHeight, 4) : filters % 2 == 0 ? new PlanarTile(2, 1, 4) : new PlanarTile(1, 1, 8);

    /// <summary>
    /// The kernel rows [First, End) that meet the image for some of the output rows from <paramref name="row"/> on; the others lie in the halo.
    /// </summary>
    public static (int First, int End) KernelRows(ConvPlanarKernel kernel, int row, int rows) => kernel.Taps.Dilation.Height > 1
        ? (0, kernel.Taps.Kernel.Height)
        : (Math.Max(0, kernel.Taps.Padding.Height - rows + 1 - row),
            Math.Min(kernel.Taps.Kernel.Height, kernel.Input.Height + kernel.Taps.Padding.Height - row));

    /// <summary>
    /// Cycles of a group's filters over a column of tiles. A tap takes no less than the latency of four; a tile takes some for its call and its stores.
    /// </summary>
    private static double PlanarCycles(ConvPlanarKernel kernel, PlanarTile tile, int filters, int height)
    {
        var taps = kernel.Input.Channels / kernel.Groups * kernel.Taps.Kernel.Width;
        var cycles = 0.0;
        for (var filter = 0; filter < filters; filter += tile.Filters)
        {
            var size = Math.Min(tile.Filters, filters - filter);
            for (var row = 0; row < height; row += tile.Rows)
            {
                var rows = Math.Min(tile.Rows, height - row);
                var (first, end) = KernelRows(kernel, row, rows);
                var vectors = rows * tile.Vectors;
                var tap = Math.Max(4, HalfCycles(size, vectors) / 2.0);
                cycles += (Math.Max(0, end - first) * taps * tap) + 20 + (size * vectors);
            }
        }

        return cycles;
    }

    /// <summary>
    /// How many elements of a run the inner loop of a tile of pixels takes at a time: as few as hide the loop's own instructions behind the multiply-adds, since more is only more text to
    /// compile; a divisor of the run where one is near. Scalars take one.
    /// </summary>
    public static int Unroll(int run, int multiplyAddsPerElement, int isaLanes) =>
        isaLanes == 1 ? 1 : ElementsOfTurn(run, multiplyAddsPerElement, isaLanes == 8 ? EnoughOfPixels : EnoughMultiplyAdds);

    /// <summary>The same of a tile along the width, for its taps in a row.</summary>
    public static int Unroll(PlanarTile tile, int taps, int isaLanes) =>
        isaLanes == 1 ? 1 : ElementsOfTurn(taps, HalfCycles(tile.Filters, tile.Rows * tile.Vectors), EnoughOfPlanes);

    /// <summary>A tap of a tile along the width: each multiply-add or load is half a cycle; an input vector lies across two cache lines and counts twice.</summary>
    private static int HalfCycles(int filters, int vectors) => Math.Max(filters * vectors, (2 * vectors) + filters);

    private static int ElementsOfTurn(int run, int perElement, int enough)
    {
        var least = Math.Min(run, (enough + perElement - 1) / perElement);
        for (var unroll = least; unroll < 2 * least; unroll++)
        {
            if (run % unroll == 0)
                return unroll;
        }

        return least;
    }

    /// <summary>The largest divisor of a run within a limit; the limit itself where there is none but 1.</summary>
    public static int LargestPart(int run, int limit)
    {
        for (var part = Math.Min(limit, run); part > 1; part--)
        {
            if (run % part == 0)
                return part;
        }

        return Math.Min(limit, run);
    }

    /// <summary>Vectors of a block of filters that a tile takes: two of 512 bits where the lanes allow it, else three, since one alone is bound by loads.</summary>
    public static int VectorsOf(int blockLanes, int isaLanes) => isaLanes switch
    {
        16 => blockLanes % 32 == 0 ? 2 : blockLanes % 48 == 0 ? 3 : 1,
        8 => 2,
        _ => 8,
    };

    /// <summary>Vector registers of an instruction set.</summary>
    public static int Registers(int isaLanes) => isaLanes == 16 ? 32 : 16;

    private static int PixelLimit(int vectors, int isaLanes) => isaLanes switch
    {
        16 => vectors switch { 3 => 8, 2 => 14, _ => 26 },
        8 => 6,
        _ => 1,
    };

    /// <summary>Cuts a length into equal parts of at most the limit, as equal as they come.</summary>
    public static int Split(int length, int limit)
    {
        var parts = (length + limit - 1) / limit;
        return (length + parts - 1) / parts;
    }
}
