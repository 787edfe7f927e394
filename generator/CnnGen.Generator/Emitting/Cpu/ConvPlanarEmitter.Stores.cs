using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <content>What a tile does with its sums.</content>
internal sealed partial class ConvPlanarEmitter
{
    private void EmitStores(Body body)
    {
        for (var filter = 0; filter < body.Filters; filter++)
        {
            for (var row = 0; row < body.Rows; row++)
            {
                for (var v = 0; v < _tile.Vectors; v++)
                {
                    var offset = (filter * _output.ChannelStride) + (row * _output.RowStride) + (v * _isa.Lanes);
                    var value = EpilogueText.Finish(_writer, _isa, _kernel.After, [Sum(filter, row, v)], offset);
                    _writer.Line(_isa.Store(Literal.At("output", offset), Stored(value, v, body)));
                }

                if (body.IsLast)
                    EmitZeros((filter * _output.ChannelStride) + (row * _output.RowStride));
            }
        }
    }

    private void EmitPooledStores(Body body, TilingPool pool)
    {
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

                for (var v = 0; v < StoredVectors; v++)
                {
                    EmitPool(filter, row, v, pool);
                    var result = activateFirst ? $"pooled{v}" : EpilogueText.Each(_writer, _isa, _kernel.After, $"pooled{v}");
                    var offset = y + (v * _isa.Lanes);
                    if (StoresHalves && !body.IsLast)
                        _writer.Line($"Avx.Store({Literal.Address("output", offset)}, Vector512.GetLower({result}));");
                    else
                        _writer.Line(_isa.Store(Literal.At("output", offset), Stored(result, v, body)));
                }

                if (body.IsLast)
                    EmitZeros(y);
            }
        }
    }

    /// <summary>What is stored of a vector.</summary>
    private string Stored(string value, int vector, Body body) =>
        body.IsLast ? _isa.FirstLanes(value, InsideLast(vector)) : MaskedVectors.Contains(vector) ? $"{value} & lanes{Literal.Number(vector)}" : value;

    /// <summary>The row's room is a whole number of the widest vectors: what no tile reaches is zeroed by the last one.</summary>
    private void EmitZeros(int row)
    {
        for (var lane = LastEnd; lane < Storage.RoundUp(_output.Width); lane += _isa.Lanes)
            _writer.Line(_isa.Store(Literal.At("output", row + lane - LastLane), _isa.Zero));
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
}
