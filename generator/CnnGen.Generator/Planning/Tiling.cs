namespace CnnGen.Generator.Planning;

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
    /// <summary>Fused multiply-adds in one method; far above, the JIT stops optimising and inlining.</summary>
    public const int MethodBudget = 500;

    /// <summary>The tile of a kernel that vectorises over filters, in output pixels of <paramref name="window"/> sums each.</summary>
    public static Tile ForPixels(int height, int width, int blockLanes, int isaLanes, int window = 1)
    {
        var vectors = VectorsOf(blockLanes, isaLanes);
        var pixels = Math.Max(1, PixelLimit(vectors, isaLanes) / window);
        var columns = Split(width, pixels);
        var rows = columns == width ? Math.Max(1, Split(height, Math.Max(1, pixels / width))) : 1;
        return new Tile(rows, columns, vectors);
    }

    /// <summary>Rows of a product, whose number is known at run time only: the largest tile; smaller ones take the rest.</summary>
    public static Tile ForRows(int blockLanes, int isaLanes)
    {
        var vectors = VectorsOf(blockLanes, isaLanes);
        return new Tile(1, Math.Min(8, PixelLimit(vectors, isaLanes)), vectors);
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

    /// <summary>
    /// The tile of a kernel that vectorises along the width: of those that fit the registers, the one that the whole map takes the fewest cycles with.
    /// Rows come in multiples of <paramref name="rowStep"/>; a pooling takes vectors in pairs, or one alone.
    /// </summary>
    public static PlanarTile ForPlanar(int filters, int height, int paddedWidth, int isaLanes, int rowStep, bool isPooled)
    {
        var vectorsInRow = paddedWidth / isaLanes;
        var vectors = isaLanes == 1 ? 4 : vectorsInRow % 2 == 0 ? 2 : vectorsInRow % 3 == 0 && !isPooled ? 3 : 1;
        var (sums, registers) = isaLanes switch
        {
            16 => (24, 32),
            8 => (12, 16),
            _ => (8 * rowStep, 16 * rowStep),
        };
        var best = new PlanarTile(1, rowStep, vectors);
        var bestCycles = double.MaxValue;
        for (var rows = rowStep; rows <= Math.Min(height, Math.Max(4, rowStep)); rows += rowStep)
        {
            for (var size = 1; size <= Math.Min(filters, 12); size++)
            {
                if (size * rows * vectors > sums || (size * rows * vectors) + Math.Min(size, rows * vectors) + 1 > registers)
                    continue;
                var cycles = Parts(filters, size).Sum(f => f.Count * Parts(height, rows).Sum(r => r.Count * PlanarCycles(f.Size, r.Size, vectors)));
                if (cycles < bestCycles)
                    (best, bestCycles) = (new PlanarTile(size, rows, vectors), cycles);
            }
        }

        return best;

        static IEnumerable<(int Size, int Count)> Parts(int length, int size) => [(size, length / size), (length % size, 1)];
    }

    /// <summary>
    /// Cycles of one tap: two multiply-adds or two loads a cycle (an input vector across two cache lines counts twice), and no less than the
    /// latency of four.
    /// </summary>
    private static double PlanarCycles(int filters, int rows, int vectors) => filters * rows == 0
        ? 0
        : Math.Max(4, Math.Max(filters * rows * vectors / 2.0, ((2 * rows * vectors) + filters) / 2.0));

    /// <summary>How many elements of a run the inner loop takes at a time: the largest divisor that stays within the budget.</summary>
    public static int Unroll(int run, int multiplyAddsPerElement)
    {
        var limit = Math.Max(1, Math.Min(16, MethodBudget / 2 / multiplyAddsPerElement));
        for (var unroll = Math.Min(limit, run); unroll > 1; unroll--)
        {
            if (run % unroll == 0)
                return unroll;
        }

        return run <= limit ? run : Math.Min(4, limit);
    }

    private static int VectorsOf(int blockLanes, int isaLanes) => isaLanes switch
    {
        16 => blockLanes % 32 == 0 ? 2 : 1,
        8 => 2,
        _ => 4,
    };

    /// <summary>Vector registers of an instruction set.</summary>
    public static int Registers(int isaLanes) => isaLanes == 16 ? 32 : 16;

    private static int PixelLimit(int vectors, int isaLanes) => isaLanes switch
    {
        16 => vectors == 2 ? 14 : 26,
        8 => 6,
        _ => 2,
    };

    /// <summary>Cuts a length into equal parts of at most the limit, as equal as they come.</summary>
    private static int Split(int length, int limit)
    {
        var parts = (length + limit - 1) / limit;
        return (length + parts - 1) / parts;
    }
}
