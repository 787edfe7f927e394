namespace CnnGen.Generator.Planning;

/// <summary>
/// A register tile: Rows x Columns output pixels, each with Vectors vectors of lanes, all kept in registers while the taps pass.
/// </summary>
internal readonly record struct Tile(int Rows, int Columns, int Vectors)
{
    public int Pixels => Rows * Columns;
}

/// <summary>
/// Chooses register tiles for a vector width of 16 (32 registers), 8 (16 registers) or 1 float. The limits come from measurements: a tile needs 8 or more
/// accumulators to cover the latency of a fused multiply-add, two vectors a pixel not to be bound by loads, and all of it must fit the registers.
/// </summary>
internal static class Tiling
{
    /// <summary>Fused multiply-adds in one method; far above, the JIT stops optimising and inlining.</summary>
    public const int MethodBudget = 500;

    /// <summary>The tile of a kernel that vectorises over filters.</summary>
    public static Tile ForPixels(int height, int width, int blockLanes, int isaLanes)
    {
        var vectors = VectorsOf(blockLanes, isaLanes);
        var pixels = PixelLimit(vectors, isaLanes);
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

    /// <summary>The tile of a kernel that vectorises over the width: Rows is the number of filters.</summary>
    public static Tile ForPlanar(int filters, int paddedWidth, int isaLanes)
    {
        var vectorsInRow = paddedWidth / isaLanes;
        var vectors = isaLanes == 16 && vectorsInRow % 3 == 0 && vectorsInRow % 2 != 0 ? 3 : vectorsInRow % 2 == 0 ? 2 : 1;
        if (isaLanes == 1)
            vectors = 4;
        var limit = isaLanes switch
        {
            16 => 24 / vectors,
            8 => 6,
            _ => 2,
        };
        return new Tile(Split(filters, limit), 1, vectors);
    }

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
