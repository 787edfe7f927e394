using CnnGen.Images.Decoding;

namespace CnnGen.Images.Jpeg;

/// <summary>One scan: some components, and in a progressive file some bits of some of their coefficients.</summary>
internal ref struct JpegScan
{
    private readonly JpegFrame _frame;
    private readonly JpegComponent[] _components;
    private readonly JpegHuffmanTable?[] _dc;
    private readonly JpegHuffmanTable?[] _ac;
    private readonly RowSink _sink;
    private readonly int _restartInterval;
    private JpegBits _bits;
    private int _untilRestart;
    private int _restarts;
    private int _endRun;

    public JpegScan(
        JpegFrame frame, JpegComponent[] components, JpegHuffmanTable?[] dc, JpegHuffmanTable?[] ac, int restartInterval, JpegBits bits, RowSink sink)
    {
        (_frame, _components, _dc, _ac, _restartInterval, _untilRestart, _sink) = (frame, components, dc, ac, restartInterval, restartInterval, sink);
        _bits = bits;
        foreach (var component in components)
            component.Predictor = 0;
    }

    /// <summary>Where the scan's data ended.</summary>
    public readonly int Position => _bits.Position;

    /// <summary>The only scan of a sequential file: each row of MCUs is transformed and handed on before the next is read.</summary>
    /// <exception cref="ImageException">The data are damaged.</exception>
    public void Stream(JpegOutput output)
    {
        Span<short> block = stackalloc short[64];
        for (var row = 0; row < _frame.Mcus.High; row++)
        {
            for (var mcu = 0; mcu < _frame.Mcus.Wide; mcu++)
            {
                Begin(row, mcu);
                foreach (var component in _components)
                {
                    var (dc, ac) = (_dc[component.Tables.Dc]!, _ac[component.Tables.Ac]!);
                    for (var v = 0; v < component.Vertical; v++)
                    {
                        for (var h = 0; h < component.Horizontal; h++)
                        {
                            block.Clear();
                            var target = component.Target((row * component.Vertical) + v, (mcu * component.Horizontal) + h);
                            if (JpegBlocks.Sequential(ref _bits, dc, ac, ref component.Predictor, block))
                                JpegIdct.Transform(block, component.Table, target, component.Stride);
                            else
                                JpegIdct.Fill(block[0], component.Table[0], target, component.Stride);
                        }
                    }
                }

                End(row, mcu);
            }

            output.Advance(row + 1);
        }
    }

    /// <summary>Any scan, into the coefficients of its components.</summary>
    /// <param name="band">The first coefficient and the last, in zigzag order.</param>
    /// <param name="high">The bits that scans before have brought, from the top; 0 for the first scan of the band.</param>
    /// <param name="low">The bits below that are still to come.</param>
    /// <exception cref="ImageException">The data are damaged.</exception>
    public void Collect((int First, int Last) band, int high, int low)
    {
        if (_components.Length > 1)
        {
            Interleaved(band, high, low);
            return;
        }

        var component = _components[0];
        for (var row = 0; row < component.Blocks.High; row++)
        {
            for (var column = 0; column < component.Blocks.Wide; column++)
            {
                Begin(row, column);
                Block(component, row, column, band, high, low);
                End(row, column);
            }

            _sink.CheckTime();
        }
    }

    private void Interleaved((int First, int Last) band, int high, int low)
    {
        for (var row = 0; row < _frame.Mcus.High; row++)
        {
            for (var mcu = 0; mcu < _frame.Mcus.Wide; mcu++)
            {
                Begin(row, mcu);
                foreach (var component in _components)
                {
                    for (var v = 0; v < component.Vertical; v++)
                    {
                        for (var h = 0; h < component.Horizontal; h++)
                            Block(component, (row * component.Vertical) + v, (mcu * component.Horizontal) + h, band, high, low);
                    }
                }

                End(row, mcu);
            }

            _sink.CheckTime();
        }
    }

    private void Block(JpegComponent component, int row, int column, (int First, int Last) band, int high, int low)
    {
        var block = component.Coefficients.AsSpan(((row * component.PaddedBlocks.Wide) + column) * 64, 64);
        if (!_frame.IsProgressive)
            JpegBlocks.Sequential(ref _bits, _dc[component.Tables.Dc]!, _ac[component.Tables.Ac]!, ref component.Predictor, block);
        else if (band.First == 0 && high == 0)
            JpegBlocks.FirstDc(ref _bits, _dc[component.Tables.Dc]!, ref component.Predictor, block, low);
        else if (band.First == 0)
            block[0] |= (short)(_bits.Bit() << low);
        else if (high == 0)
            JpegBlocks.FirstAc(ref _bits, _ac[component.Tables.Ac]!, ref _endRun, block, band, low);
        else
            JpegBlocks.RefineAc(ref _bits, _ac[component.Tables.Ac]!, ref _endRun, block, band, low);
    }

    private void Begin(int row, int column)
    {
        if (_restartInterval == 0 || _untilRestart-- > 0 || (row == 0 && column == 0))
            return;
        _bits.Restart(_restarts++ & 7);
        _untilRestart = _restartInterval - 1;
        _endRun = 0;
        foreach (var component in _components)
            component.Predictor = 0;
    }

    private readonly void End(int row, int column)
    {
        if (_bits.IsOver)
        {
            throw ImageException.At(
                _bits.Position, $"the pixels end in row {row} and column {column} of {_frame.Mcus.High} x {_frame.Mcus.Wide} MCUs: the file is cut off or damaged");
        }
    }
}
