namespace CnnGen.Images.Jpeg;

/// <summary>One colour component of a JPEG: how it is sampled, and where its data go.</summary>
internal sealed class JpegComponent
{
    private byte[] _window = [];
    private int _windowRows;

    /// <param name="id">The number by which scans name it.</param>
    /// <param name="horizontal">Samples of a row, as a part of the most that a component has.</param>
    /// <param name="vertical">Rows, likewise.</param>
    /// <param name="quantization">The number of its quantisation table.</param>
    public JpegComponent(int id, int horizontal, int vertical, int quantization) => (Id, Horizontal, Vertical, Quantization) = (id, horizontal, vertical, quantization);

    public int Id { get; }

    public int Horizontal { get; }

    public int Vertical { get; }

    public int Quantization { get; }

    /// <summary>Samples of a row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of samples.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks of a row and of a column that have samples of the picture.</summary>
    public (int Wide, int High) Blocks { get; private set; }

    /// <summary>Blocks of a row and of a column in whole MCUs.</summary>
    public (int Wide, int High) PaddedBlocks { get; private set; }

    /// <summary>How often a sample is repeated, in a row and in rows, to fill the picture.</summary>
    public (int Horizontal, int Vertical) Expansion { get; private set; }

    /// <summary>The quantisation table as it was when the first scan of the component began, in the order of the coefficients.</summary>
    public short[] Table { get; set; } = [];

    /// <summary>All coefficients, block after block, where the file has them in several scans.</summary>
    public short[] Coefficients { get; set; } = [];

    /// <summary>Whether a scan with the component's DC coefficients was read.</summary>
    public bool HasDc { get; set; }

    /// <summary>The DC coefficient of the block before.</summary>
    public int Predictor;

    /// <summary>The numbers of the Huffman tables in the current scan.</summary>
    public (int Dc, int Ac) Tables { get; set; }

    /// <summary>From a row of samples to the next.</summary>
    public int Stride => PaddedBlocks.Wide * 8;

    /// <summary>Bytes of the window of rows.</summary>
    public long WindowMemory => (2L * Vertical * 8 * Stride) + JpegUpsampler.Padding;

    /// <summary>Whether upsampling looks at the row above or below.</summary>
    public bool NeedsNeighbours => Expansion is (1, 2) || (Expansion is (2, 2) && Width > 2);

    /// <summary>Sets sizes, once the frame is known.</summary>
    public void Fit(int width, int height, int mostHorizontal, int mostVertical)
    {
        static int Ceiling(long value, int divisor) => (int)((value + divisor - 1) / divisor);
        Width = Ceiling((long)width * Horizontal, mostHorizontal);
        Height = Ceiling((long)height * Vertical, mostVertical);
        Blocks = (Ceiling(Width, 8), Ceiling(Height, 8));
        PaddedBlocks = (Ceiling(width, 8 * mostHorizontal) * Horizontal, Ceiling(height, 8 * mostVertical) * Vertical);
        Expansion = (mostHorizontal / Horizontal, mostVertical / Vertical);
    }

    /// <summary>Allocates the rows of two rows of MCUs: the one that is being decoded, and the one before, whose last rows are not handed on yet.</summary>
    public void AllocateWindow()
    {
        _windowRows = 2 * Vertical * 8;
        _window = new byte[WindowMemory];
    }

    /// <summary>A row of samples, with bytes behind it that may be read but mean nothing; rows past the picture's edge are the edge's.</summary>
    public ReadOnlySpan<byte> Row(int row)
    {
        row = Math.Clamp(row, 0, Height - 1);
        return _window.AsSpan(row % _windowRows * Stride, Stride + JpegUpsampler.Padding);
    }

    /// <summary>Where a block's samples go: from its first on, row by row at <see cref="Stride"/>.</summary>
    /// <param name="blockRow">The row of blocks.</param>
    /// <param name="block">The block in its row.</param>
    public Span<byte> Target(int blockRow, int block) => _window.AsSpan((blockRow * 8 % _windowRows * Stride) + (block * 8));
}
