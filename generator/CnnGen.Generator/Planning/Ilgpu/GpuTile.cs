namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>
/// How a product is cut up: a group of threads computes a tile of the result from strips of both factors that lie in the memory that its threads share, and each thread some of the tile's
/// elements in registers.
/// </summary>
/// <param name="Rows">Rows of the tile.</param>
/// <param name="Columns">Columns of the tile.</param>
/// <param name="ThreadRows">Rows that one thread has; a multiple of 4, which are read at once.</param>
/// <param name="ThreadColumns">Columns that one thread has; a multiple of 4.</param>
internal sealed record GpuTile(int Rows, int Columns, int ThreadRows, int ThreadColumns)
{
    /// <summary>Products along the depth between two barriers.</summary>
    public const int Depth = 8;

    /// <summary>Columns an image below which the largest tiles would leave most of a GPU idle.</summary>
    private const int WorthLargeTiles = 196;

    public int Threads => Rows / ThreadRows * (Columns / ThreadColumns);

    /// <summary>Threads side by side.</summary>
    public int ThreadsAcross => Columns / ThreadColumns;

    /// <summary>The tile for a product of so many rows, and columns an image.</summary>
    public static GpuTile For(int rows, long columns) =>
        rows <= 16 ? new GpuTile(16, 64, 4, 4)
        : rows <= 32 ? new GpuTile(32, 64, 4, 8)
        : rows % 128 == 0 && columns >= WorthLargeTiles ? new GpuTile(128, 128, 8, 8)
        : new GpuTile(64, 64, 8, 8);

    /// <summary>Tiles that cover so many rows.</summary>
    public int RowTiles(int rows) => (rows + Rows - 1) / Rows;

    public override string ToString() => Numbers.Print(Rows) + "x" + Numbers.Print(Columns);
}
