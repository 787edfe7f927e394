using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints <see cref="ConvPlanarKernel"/>: a tile is some filters x some rows x some vectors of the width. A fused pooling takes the tile's sums
/// while they are in registers: rows first, then neighbouring lanes.
/// </summary>
internal sealed partial class ConvPlanarEmitter
{
    private readonly CodeWriter _writer;
    private readonly VectorIsa _isa;
    private readonly ConvPlanarKernel _kernel;
    private readonly string _name;
    private readonly Storage _input;
    private readonly Storage _output;
    private readonly Taps _taps;
    private readonly TilingPool? _pool;
    private readonly PlanarTile _tile;
    private readonly int _filters;
    private readonly int _height;
    private readonly int _columns;
    private readonly bool _skipsRows;
    private readonly bool _hasLast;
    private readonly SortedDictionary<string, Body> _bodies = new(StringComparer.Ordinal);

    private ConvPlanarEmitter(CodeWriter writer, VectorIsa isa, ConvPlanarKernel kernel, string name)
    {
        (_writer, _isa, _kernel, _name) = (writer, isa, kernel, name);
        (_input, _output, _taps, _pool) = (kernel.Input, kernel.Output, kernel.Taps, kernel.After.Pool);
        _filters = _output.Channels / kernel.Groups;
        _height = _output.Height * PoolHeight;
        _tile = Tiling.ForPlanar(kernel, isa.Lanes);
        var step = _tile.Vectors * isa.Lanes;
        _columns = ((_output.Width * PoolWidth) + step - 1) / step;
        for (var row = 0; row < _height; row += _tile.Rows)
            _skipsRows |= Tiling.KernelRows(kernel, row, Math.Min(_tile.Rows, _height - row)) != (0, _taps.Kernel.Height);
        _hasLast = !isa.IsScalar && (_columns == 1 || LastEnd < Storage.RoundUp(_output.Width) || StoresHalves);
    }

    /// <summary>The first lane that the last tile of a row stores.</summary>
    private int LastLane => (_columns - 1) * (_tile.Vectors * _isa.Lanes) / PoolWidth;

    /// <summary>The end of what it stores.</summary>
    private int LastEnd => LastLane + Math.Max(_tile.Vectors * _isa.Lanes / PoolWidth, _isa.Lanes);

    /// <summary>Whether a tile's pooled sums are half of a vector.</summary>
    private bool StoresHalves => _pool is not null && _tile.Vectors == 1;

    /// <summary>Vectors that a row of a tile stores.</summary>
    private int StoredVectors => _pool is null ? _tile.Vectors : Math.Max(1, _tile.Vectors / 2);

    /// <summary>Those of which the last tile stores some lanes only, unless it has a method of its own.</summary>
    private IEnumerable<int> MaskedVectors => _hasLast || _isa.IsScalar ? [] : Enumerable.Range(0, StoredVectors).Where(v => InsideLast(v) < _isa.Lanes);

    /// <summary>Lanes of the last tile's vector that lie within the width.</summary>
    private int InsideLast(int vector) => _output.Width - LastLane - (vector * _isa.Lanes);

    private int PoolHeight => _pool?.Size.Height ?? 1;

    private int PoolWidth => _pool?.Size.Width ?? 1;

    private string BiasParameter => _kernel.After.HasBias ? "float* bias, " : "";

    public static void Emit(CodeWriter writer, VectorIsa isa, ConvPlanarKernel kernel, string name) =>
        new ConvPlanarEmitter(writer, isa, kernel, name).Emit();

    private void Emit()
    {
        var channelsPerGroup = _input.Channels / _kernel.Groups;
        var fullRows = _height / _tile.Rows;
        var restRows = _height % _tile.Rows;
        using (_writer.Block($"public static void {_name}(float* input, float* weight, {BiasParameter}float* output{EpilogueText.PointerParameters(_kernel.After)})"))
        {
            EpilogueText.EmitDistances(_writer, _kernel.After);
            using (_kernel.Groups > 1 ? _writer.For("group", _kernel.Groups) : default(CodeWriter.Scope?))
            {
                using (_writer.For("tile", fullRows))
                    EmitTileRow("tile", 0, _tile.Rows);
                if (restRows > 0)
                {
                    using (_writer.Block())
                        EmitTileRow("", fullRows * _tile.Rows, restRows);
                }
            }

            EmitRoom();
        }

        _writer.Line();
        foreach (var body in _bodies)
            EmitTile(body.Key, body.Value);

        // Scalar tiles have stored what they computed past the width.
        void EmitRoom()
        {
            var room = Storage.RoundUp(_output.Width) - _output.Width;
            if (!_isa.IsScalar || room == 0)
                return;
            _writer.Line("// The rows' room past the width.");
            using (_writer.For("c", _output.Channels))
            using (_writer.For("row", _output.Height))
                _writer.Line($"new Span<float>({Literal.Address($"{Literal.At("output", _output.Origin + _output.Width)} + {Literal.Times("c", _output.ChannelStride)} + {Literal.Times("row", _output.RowStride)}")}, {room}).Clear();");
        }

        void EmitTileRow(string variable, int firstRow, int rows)
        {
            var x = Literal.At("input", _taps.Start(_input) + (firstRow * _input.RowStride));
            var y = Literal.At("output", _output.Origin + (firstRow / PoolHeight * _output.RowStride));
            var w = "weight";
            var b = "bias";
            if (variable.Length > 0)
            {
                x += $" + {Literal.Times(variable, _tile.Rows * _input.RowStride)}";
                y += $" + {Literal.Times(variable, _tile.Rows / PoolHeight * _output.RowStride)}";
            }

            if (_kernel.Groups > 1)
            {
                x += $" + {Literal.Times("group", channelsPerGroup * _input.ChannelStride)}";
                y += $" + {Literal.Times("group", _filters * _output.ChannelStride)}";
                w += $" + {Literal.Times("group", _filters)}";
                b += $" + {Literal.Times("group", _filters)}";
            }

            _writer.Pointer("x", x);
            _writer.Pointer("y", y);
            var taps = "";
            if (_skipsRows)
            {
                // Kernel rows that lie in the halo for all rows of the tile add zeros: they are left out.
                var row = variable.Length > 0 ? Literal.Times(variable, _tile.Rows) : Literal.Number(firstRow);
                _writer.Line($"var first = Math.Max(0, {_taps.Padding.Height - rows + 1} - {row});");
                _writer.Line($"var end = Math.Min({_taps.Kernel.Height}, {_input.Height + _taps.Padding.Height} - {row});");
                taps = ", first, end";
            }

            var full = _filters / _tile.Filters;
            if (full > 1)
            {
                using (_writer.For("filters", full))
                    EmitColumns(rows, _tile.Filters, $"{w} + {Literal.Times("filters", _tile.Filters)}", $"{b} + {Literal.Times("filters", _tile.Filters)}", $"y + {Literal.Times("filters", _tile.Filters * _output.ChannelStride)}", taps);
            }

            for (var filter = full > 1 ? full * _tile.Filters : 0; filter < _filters; filter += _tile.Filters)
                EmitColumns(rows, Math.Min(_tile.Filters, _filters - filter), Literal.At(w, filter), Literal.At(b, filter), Literal.At("y", filter * _output.ChannelStride), taps);
        }

        // The tiles of a row, of some filters.
        void EmitColumns(int rows, int filters, string weight, string bias, string output, string taps)
        {
            var step = _tile.Vectors * _isa.Lanes;
            var columns = _hasLast ? _columns - 1 : _columns;
            var biasArgument = _kernel.After.HasBias ? Literal.Address(bias) + ", " : "";
            var after = EpilogueText.Arguments(_kernel.After);
            if (columns > 0)
            {
                var isLast = MaskedVectors.Any() ? $", column == {Literal.Number(_columns - 1)}" : "";
                _writer.Line($"for (nint column = 0; column < {columns}; column++)");
                _writer.Line($"    {TileName(filters, rows, false)}(&x[{Literal.Times("column", step)}], {Literal.Address(weight)}, {biasArgument}{Literal.Address($"{output} + {Literal.Times("column", step / PoolWidth)}")}{taps}{isLast}{after});");
            }

            // The row's last vectors: the lanes past the width are stored as zeros.
            var last = (_columns - 1) * step;
            if (_hasLast)
                _writer.Line($"{TileName(filters, rows, true)}({Literal.Address("x", last)}, {Literal.Address(weight)}, {biasArgument}{Literal.Address(output, last / PoolWidth)}{taps}{after});");
        }

        string TileName(int filters, int rows, bool isLast)
        {
            var tileName = $"{_name}_Tile{filters}x{rows}x{_tile.Vectors}{(isLast ? "_Last" : "")}";
            _bodies[tileName] = new Body(filters, rows, isLast);
            return tileName;
        }
    }

    private void EmitTile(string name, Body body)
    {
        _writer.Line(TileEmitter.KernelAttribute);
        var range = (_skipsRows ? ", nint first, nint end" : "") + (MaskedVectors.Any() ? ", bool isLast" : "");
        using (_writer.Block($"private static void {name}(float* input, float* weight, {BiasParameter}float* output{range}{EpilogueText.Parameters(_kernel.After)})"))
        {
            for (var filter = 0; filter < body.Filters; filter++)
            {
                var start = _kernel.After.HasBias ? _isa.Broadcast($"bias[{filter}]") : _isa.Zero;
                _writer.Line($"var {Sum(filter, 0, 0)} = {start};");
                var others = Enumerable.Range(1, (body.Rows * _tile.Vectors) - 1)
                    .Select(i => $"var {Sum(filter, i / _tile.Vectors, i % _tile.Vectors)} = {Sum(filter, 0, 0)};");
                if (body.Rows * _tile.Vectors > 1)
                    _writer.Line(string.Join(" ", others));
            }

            var rowWeights = _taps.Kernel.Width * _output.Channels;
            using (_writer.For("c", _input.Channels / _kernel.Groups))
            {
                var firstRow = _skipsRows ? $" + {Literal.Times("first", _input.RowStride)}" : "";
                var firstWeight = _skipsRows ? $" + {Literal.Times("first", rowWeights)}" : "";
                _writer.Pointer("x", $"input + {Literal.Times("c", _input.ChannelStride)}{firstRow}");
                _writer.Pointer("w", $"weight + {Literal.Times("c", _taps.Kernel.Height * rowWeights)}{firstWeight}");
                var loop = _skipsRows ? "for (var kh = first; kh < end; kh++)" : $"for (nint kh = 0; kh < {_taps.Kernel.Height}; kh++)";
                using (_writer.Block(loop))
                    EmitTaps(body);
            }

            foreach (var v in MaskedVectors)
                _writer.Line($"var lanes{Literal.Number(v)} = isLast ? {_isa.FirstLanes(InsideLast(v))} : {_isa.VectorType}.AllBitsSet;");
            if (_pool is { } pool)
                EmitPooledStores(body, pool);
            else
                EmitStores(body);
        }

        _writer.Line();
    }

    /// <summary>One row of kernel taps.</summary>
    private void EmitTaps(Body body)
    {
        var width = _taps.Kernel.Width;
        var unroll = Tiling.Unroll(new PlanarTile(body.Filters, body.Rows, _tile.Vectors), width, _isa.Lanes);
        var turns = width / unroll;
        var rest = width % unroll;
        var rowStep = _taps.Dilation.Height * _input.RowStride;
        if (turns == 1)
        {
            EmitRun(body, 0, unroll);
            EmitRun(body, unroll, rest);
            _writer.Line($"x += {rowStep};");
        }
        else
        {
            using (_writer.Block($"for (nint n = {turns}; n > 0; n--)"))
            {
                EmitRun(body, 0, unroll);
                _writer.Line($"x += {unroll * _taps.Dilation.Width};");
                _writer.Line($"w += {unroll * _output.Channels};");
            }

            EmitRun(body, 0, rest);
            _writer.Line($"x += {rowStep - (turns * unroll * _taps.Dilation.Width)};");
        }

        if (turns == 1 || rest > 0)
            _writer.Line($"w += {(turns == 1 ? width : rest) * _output.Channels};");
    }

    private void EmitRun(Body body, int firstTap, int count)
    {
        var vectors = _tile.Vectors;
        for (var tap = firstTap; tap < firstTap + count; tap++)
        {
            using var scope = _writer.Block();
            if (body.Filters <= body.Rows * vectors)
            {
                // The fewer of the two stay in registers: here the weights.
                for (var filter = 0; filter < body.Filters; filter++)
                    _writer.Line($"var w{filter} = {Weight(tap, filter)};");
                for (var row = 0; row < body.Rows; row++)
                {
                    for (var v = 0; v < vectors; v++)
                    {
                        // One filter's elements are operands of its multiplications.
                        if (body.Filters == 1)
                        {
                            EmitMultiplyAdd(0, row, v, Element(tap, row, v));
                            continue;
                        }

                        _writer.Line($"var x{row}_{v} = {Element(tap, row, v)};");
                        for (var filter = 0; filter < body.Filters; filter++)
                            EmitMultiplyAdd(filter, row, v, $"x{row}_{v}");
                    }
                }
            }
            else
            {
                for (var row = 0; row < body.Rows; row++)
                {
                    for (var v = 0; v < vectors; v++)
                        _writer.Line($"var x{row}_{v} = {Element(tap, row, v)};");
                }

                for (var filter = 0; filter < body.Filters; filter++)
                {
                    _writer.Line($"var w{filter} = {Weight(tap, filter)};");
                    for (var row = 0; row < body.Rows; row++)
                    {
                        for (var v = 0; v < vectors; v++)
                            EmitMultiplyAdd(filter, row, v, $"x{row}_{v}");
                    }
                }
            }
        }

        string Weight(int tap, int filter) => _isa.Broadcast($"w[{Literal.Number((tap * _output.Channels) + filter)}]");

        string Element(int tap, int row, int v) =>
            _isa.Load(Literal.At("x", (row * _input.RowStride) + (tap * _taps.Dilation.Width) + (v * _isa.Lanes)));

        void EmitMultiplyAdd(int filter, int row, int v, string element) =>
            _writer.Line($"{Sum(filter, row, v)} = {_isa.FusedMultiplyAdd($"w{filter}", element, Sum(filter, row, v))};");
    }

    private static string Sum(int filter, int row, int vector) => $"sum{filter}_{row}_{vector}";

    /// <summary>One kind of tile: the last one of a row zeros the lanes past the width.</summary>
    private sealed record Body(int Filters, int Rows, bool IsLast);
}
