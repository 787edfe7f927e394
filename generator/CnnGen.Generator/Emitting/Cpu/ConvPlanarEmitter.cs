using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints <see cref="ConvPlanarKernel"/>: a tile is some filters x some rows x some vectors of the width. A fused pooling takes the tile's sums
/// while they are in registers: rows first, then neighbouring lanes.
/// </summary>
internal sealed class ConvPlanarEmitter
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
    }

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
        }

        _writer.Line();
        foreach (var body in _bodies)
            EmitTile(body.Key, body.Value);

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

            _writer.Line($"var x = {x};");
            _writer.Line($"var y = {y};");
            var taps = "";
            if (_skipsRows)
            {
                // Kernel rows that lie in the halo for all rows of the tile add zeros: they are left out.
                var row = variable.Length > 0 ? Literal.Times(variable, _tile.Rows) : Literal.Number(firstRow);
                _writer.Line($"var first = Math.Max(0, {_taps.Padding.Height - rows + 1} - {row});");
                _writer.Line($"var end = Math.Min({_taps.Kernel.Height}, {_input.Height + _taps.Padding.Height} - {row});");
                taps = ", first, end";
            }

            for (var filter = 0; filter < _filters; filter += _tile.Filters)
            {
                var filters = Math.Min(_tile.Filters, _filters - filter);
                var bias = _kernel.After.HasBias ? Literal.At(b, filter) + ", " : "";
                var weight = Literal.At(w, filter);
                var output = Literal.At("y", filter * _output.ChannelStride);
                var step = _tile.Vectors * _isa.Lanes;
                if (_columns > 1)
                {
                    _writer.Line($"for (nint column = 0; column < {_columns - 1}; column++)");
                    _writer.Line($"    {TileName(filters, rows, false)}(x + {Literal.Times("column", step)}, {weight}, {bias}{output} + {Literal.Times("column", step / PoolWidth)}{taps}{EpilogueText.Arguments(_kernel.After)});");
                }

                // The row's last vectors: the lanes past the width are stored as zeros.
                var last = (_columns - 1) * step;
                _writer.Line($"{TileName(filters, rows, true)}({Literal.At("x", last)}, {weight}, {bias}{Literal.At(output, last / PoolWidth)}{taps}{EpilogueText.Arguments(_kernel.After)});");
            }
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
        var range = _skipsRows ? ", nint first, nint end" : "";
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
                _writer.Line($"var x = input + {Literal.Times("c", _input.ChannelStride)}{firstRow};");
                _writer.Line($"var w = weight + {Literal.Times("c", _taps.Kernel.Height * rowWeights)}{firstWeight};");
                var loop = _skipsRows ? "for (var kh = first; kh < end; kh++)" : $"for (nint kh = 0; kh < {_taps.Kernel.Height}; kh++)";
                using (_writer.Block(loop))
                    EmitTaps(body);
            }

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
        var unroll = Tiling.Unroll(width, body.Filters * body.Rows * _tile.Vectors);
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
                        _writer.Line($"var x{row}_{v} = {Element(tap, row, v)};");
                        for (var filter = 0; filter < body.Filters; filter++)
                            EmitMultiplyAdd(filter, row, v);
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
                            EmitMultiplyAdd(filter, row, v);
                    }
                }
            }
        }

        string Weight(int tap, int filter) => _isa.Broadcast($"w[{Literal.Number((tap * _output.Channels) + filter)}]");

        string Element(int tap, int row, int v) =>
            _isa.Load(Literal.At("x", (row * _input.RowStride) + (tap * _taps.Dilation.Width) + (v * _isa.Lanes)));

        void EmitMultiplyAdd(int filter, int row, int v) =>
            _writer.Line($"{Sum(filter, row, v)} = {_isa.FusedMultiplyAdd($"w{filter}", $"x{row}_{v}", Sum(filter, row, v))};");
    }

    private void EmitStores(Body body)
    {
        var step = _tile.Vectors * _isa.Lanes;
        var firstLane = (_columns - 1) * step;
        for (var filter = 0; filter < body.Filters; filter++)
        {
            for (var row = 0; row < body.Rows; row++)
            {
                for (var v = 0; v < _tile.Vectors; v++)
                {
                    var inside = body.IsLast ? _output.Width - firstLane - (v * _isa.Lanes) : _isa.Lanes;
                    var offset = (filter * _output.ChannelStride) + (row * _output.RowStride) + (v * _isa.Lanes);
                    var value = EpilogueText.Finish(_writer, _isa, _kernel.After, [Sum(filter, row, v)], offset);
                    _writer.Line(_isa.Store(Literal.At("output", offset), _isa.FirstLanes(value, inside)));
                }

                if (body.IsLast)
                    EmitZeros((filter * _output.ChannelStride) + (row * _output.RowStride), firstLane, firstLane + step);
            }
        }
    }

    private void EmitPooledStores(Body body, TilingPool pool)
    {
        var step = _tile.Vectors * _isa.Lanes / PoolWidth;
        var firstLane = (_columns - 1) * step;
        var activateFirst = !_kernel.After.PoolsFirst && _kernel.After.Each != Expression.X;
        for (var filter = 0; filter < body.Filters; filter++)
        {
            for (var row = 0; row < body.Rows / PoolHeight; row++)
            {
                var y = (filter * _output.ChannelStride) + (row * _output.RowStride);
                using var scope = _writer.Block();
                if (activateFirst)
                {
                    foreach (var sum in Window(filter, row, body))
                        _writer.Line($"{sum} = {EpilogueText.Each(_writer, _isa, _kernel.After, sum)};");
                }

                for (var v = 0; v < Math.Max(1, _tile.Vectors / 2); v++)
                {
                    EmitPool(filter, row, v, pool);
                    var result = activateFirst ? $"pooled{v}" : EpilogueText.Each(_writer, _isa, _kernel.After, $"pooled{v}");
                    var offset = y + (v * _isa.Lanes);
                    if (_tile.Vectors == 1 && !body.IsLast)
                        _writer.Line($"Avx.Store({Literal.At("output", offset)}, Vector512.GetLower({result}));");
                    else
                        _writer.Line(_isa.Store(Literal.At("output", offset), _isa.FirstLanes(result, body.IsLast ? _output.Width - firstLane - (v * _isa.Lanes) : _isa.Lanes)));
                }

                if (body.IsLast)
                    EmitZeros(y, firstLane, firstLane + Math.Max(step, _isa.Lanes));
            }
        }
    }

    /// <summary>The row's room is a whole number of the widest vectors: what no tile reaches is zeroed by the last one.</summary>
    private void EmitZeros(int row, int firstLane, int from)
    {
        for (var lane = from; lane < Storage.RoundUp(_output.Width); lane += _isa.Lanes)
            _writer.Line(_isa.Store(Literal.At("output", row + lane - firstLane), _isa.Zero));
    }

    private IEnumerable<string> Window(int filter, int row, Body body) =>
        Enumerable.Range(row * PoolHeight, PoolHeight).SelectMany(r => Enumerable.Range(0, _tile.Vectors).Select(v => Sum(filter, r, v)));

    /// <summary>One vector of pooled sums, from two neighbouring vectors (or from one alone, whose results then fill the lower half).</summary>
    private void EmitPool(int filter, int outputRow, int v, TilingPool pool)
    {
        var isMax = pool.Function == PoolFunction.Max;
        var firstRow = outputRow * PoolHeight;
        if (isMax)
        {
            // Rows first: they need no exchange of lanes.
            for (var half = 0; half < Math.Min(2, _tile.Vectors); half++)
            {
                for (var row = 1; row < PoolHeight; row++)
                    _writer.Line($"{Part(firstRow, half)} = {_isa.Maximum(Part(firstRow, half), Part(firstRow + row, half))};");
            }

            _writer.Line($"var even{v} = {Even(firstRow)};");
            _writer.Line($"var pooled{v} = {_isa.InOrder(_isa.Maximum($"even{v}", Odd(firstRow)))};");
            return;
        }

        // In the window's order, as the pooling alone adds.
        _writer.Line($"var window{v} = {_isa.Add(Even(firstRow), Odd(firstRow))};");
        for (var row = 1; row < PoolHeight; row++)
        {
            _writer.Line($"window{v} = {_isa.Add($"window{v}", Even(firstRow + row))};");
            _writer.Line($"window{v} = {_isa.Add($"window{v}", Odd(firstRow + row))};");
        }

        var scale = _isa.Broadcast($"1f / {Literal.Number(pool.Size.Height * pool.Size.Width)}");
        _writer.Line($"var pooled{v} = {_isa.InOrder(_isa.Multiply($"window{v}", scale))};");

        string Part(int row, int half) => Sum(filter, row, Math.Min((2 * v) + half, _tile.Vectors - 1));
        string Even(int row) => _isa.Even(Part(row, 0), Part(row, 1));
        string Odd(int row) => _isa.Odd(Part(row, 0), Part(row, 1));
    }

    private static string Sum(int filter, int row, int vector) => $"sum{filter}_{row}_{vector}";

    /// <summary>One kind of tile: the last one of a row zeros the lanes past the width.</summary>
    private readonly record struct Body(int Filters, int Rows, bool IsLast);
}
