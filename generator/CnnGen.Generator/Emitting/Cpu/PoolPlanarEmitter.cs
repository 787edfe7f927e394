using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints poolings of planes, a vector of neighbouring windows at a time: at a stride of 1 a tap's elements are neighbours, at a stride of 2 they are
/// the even or the odd lanes of two vectors. Windows lie within the image.
/// </summary>
internal static class PoolPlanarEmitter
{
    /// <summary>Taps of a window that are written out.</summary>
    private const int UnrolledTaps = 16;

    /// <summary>Whether the pooling is one that this class prints; the instruction sets agree, so that they give the same results.</summary>
    public static bool Supports(PoolKernel kernel) =>
        kernel.Input.Kind == StorageKind.Planar
        && kernel.Output.Kind == StorageKind.Planar
        && kernel.Taps is { Stride.Width: 1 or 2, Dilation.Width: 1, Count: <= UnrolledTaps }
        && kernel.WindowsAreInside
        && LastRead(kernel) <= kernel.Input.Length;

    /// <summary>Whether the gradient is one that this class prints: windows side by side, two elements wide.</summary>
    public static bool Supports(PoolGradientKernel kernel) =>
        kernel.Input.Kind == StorageKind.Planar
        && kernel.Output.Kind == StorageKind.Planar
        && kernel.Taps is { Stride.Width: 2, Kernel.Width: 2, Dilation.Width: 1, Dilation.Height: 1, Count: <= UnrolledTaps }
        && kernel.Taps.Stride == kernel.Taps.Kernel
        && kernel.WindowsAreInside;

    public static void Emit(CodeWriter writer, VectorIsa isa, PoolKernel kernel, string name)
    {
        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        var isMax = kernel.Function == PoolFunction.Max;
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}(float* input, float* output)"))
        using (writer.For("c", output.Channels))
        using (writer.For("row", output.Height))
        {
            writer.Pointer("x", $"{Literal.At("input", input.Origin)} + {Literal.Times("c", input.ChannelStride)} + {Literal.Times("row", taps.Stride.Height * input.RowStride)}");
            writer.Pointer("y", $"{Literal.At("output", output.Origin)} + {Literal.Times("c", output.ChannelStride)} + {Literal.Times("row", output.RowStride)}");
            EmitColumns(writer, isa, output.Width, EmitVector);
        }

        writer.Line();

        void EmitVector(string column, int first)
        {
            if (column.Length == 0 && first >= output.Width)
            {
                // Past the width there is nothing to read, only the row's room to zero.
                writer.Line(isa.Store(Literal.At("y", first), isa.Zero));
                return;
            }

            for (var tap = 0; tap < taps.Count; tap++)
            {
                var element = Element(tap, column, first);
                if (tap == 0)
                    writer.Line($"var result = {element};");
                else
                    writer.Line($"result = {(isMax ? isa.Maximum("result", element) : isa.Add("result", element))};");
            }

            var value = isMax ? "result" : $"({isa.Multiply("result", isa.Broadcast($"1f / {Literal.Number(taps.Count)}"))})";
            if (taps.Stride.Width == 2)
                value = isa.InOrder(value);
            writer.Line(isa.Store($"{Literal.At("y", first)}{column}", isa.FirstLanes(value, column.Length > 0 ? isa.Lanes : output.Width - first)));
        }

        string Element(int tap, string column, int first)
        {
            var row = tap / taps.Kernel.Width * taps.Dilation.Height * input.RowStride;
            var kw = tap % taps.Kernel.Width;
            if (taps.Stride.Width == 1)
                return isa.Load($"{Literal.At("x", row + first + kw)}{column}");
            var (low, high) = Pair(isa, "x", row, kw - (kw % 2), column, first, input.Width);
            return kw % 2 == 0 ? isa.Even(low, high) : isa.Odd(low, high);
        }
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, PoolGradientKernel kernel, string name)
    {
        var isMax = kernel.Function == PoolFunction.Max;
        var (input, output, gradient, target, taps) = (kernel.Input, kernel.Output, kernel.OutputGradient, kernel.InputGradient, kernel.Taps);
        var lanes = isa.Lanes;
        var pairWidth = Storage.RoundUp(input.Width);
        var covers = target.Halo == default && gradient.Height * taps.Stride.Height == input.Height && 2 * Storage.RoundUp(gradient.Width, lanes) >= pairWidth;
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}({(isMax ? "float* input, float* output, " : "")}float* outputGradient, float* inputGradient)"))
        {
            if (!covers)
                writer.Line($"new Span<float>(inputGradient, {target.Length}).Clear();");
            using (writer.For("c", gradient.Channels))
            using (writer.For("row", gradient.Height))
            {
                if (isMax)
                {
                    writer.Pointer("x", RowOf("input", input, taps.Stride.Height));
                    writer.Pointer("y", RowOf("output", output, 1));
                }

                writer.Pointer("g", RowOf("outputGradient", gradient, 1));
                writer.Pointer("d", RowOf("inputGradient", target, taps.Stride.Height));
                EmitColumns(writer, isa, gradient.Width, EmitVector, Storage.RoundUp(gradient.Width, lanes));
            }
        }

        writer.Line();

        void EmitVector(string column, int first)
        {
            writer.Line($"var rest = {isa.InOrder(isa.Load($"{Literal.At("g", first)}{column}"))};");
            if (isMax)
                writer.Line($"var maximum = {isa.InOrder(isa.Load($"{Literal.At("y", first)}{column}"))};");
            else
                writer.Line($"var share = {isa.Multiply("rest", isa.Broadcast($"1f / {Literal.Number(taps.Count)}"))};");
            for (var row = 0; row < taps.Kernel.Height; row++)
            {
                var (even, odd) = ("share", "share");
                if (isMax)
                {
                    // The gradient goes to the first element that equals the maximum; what it took is gone for the others.
                    (even, odd) = ($"even{row}", $"odd{row}");
                    var (low, high) = Pair(isa, "x", row * input.RowStride, 0, column, first, input.Width);
                    EmitWinner(even, isa.Even(low, high));
                    EmitWinner(odd, isa.Odd(low, high));
                }

                // What lies past the last window is zero.
                var offset = (row * target.RowStride) + (2 * first);
                var room = column.Length > 0 ? int.MaxValue : Math.Min(input.Width, 2 * gradient.Width) - (2 * first);
                var twice = column.Length > 0 ? " + 2 * column" : "";
                writer.Line(isa.Store($"{Literal.At("d", offset)}{twice}", isa.FirstLanes(isa.InterleaveLow(even, odd), room)));
                if (column.Length > 0 || (2 * first) + lanes < pairWidth)
                    writer.Line(isa.Store($"{Literal.At("d", offset + lanes)}{twice}", isa.FirstLanes(isa.InterleaveHigh(even, odd), room - lanes)));
            }
        }

        void EmitWinner(string name, string element)
        {
            if (isa.IsScalar)
            {
                writer.Line($"var {name} = {element} == maximum ? rest : 0f;");
                writer.Line($"rest = {element} == maximum ? 0f : rest;");
                return;
            }

            var vector = isa.VectorType.Replace("<float>", "");
            writer.Line($"var {name}Wins = {vector}.Equals({element}, maximum);");
            writer.Line($"var {name} = {name}Wins & rest;");
            writer.Line($"rest = {vector}.AndNot(rest, {name}Wins);");
        }
    }

    /// <summary>Visits a row's vectors: whole ones in a loop, the last ones, with lanes past the width, one by one up to the row's room.</summary>
    private static void EmitColumns(CodeWriter writer, VectorIsa isa, int width, Action<string, int> emit, int room = 0)
    {
        var whole = width / isa.Lanes * isa.Lanes;
        if (whole > isa.Lanes || isa.IsScalar)
        {
            using (writer.Block($"for (nint column = 0; column < {Literal.Number(whole)}; column += {isa.Lanes})"))
                emit(" + column", 0);
        }
        else
        {
            whole = 0;
        }

        var end = room > 0 ? room : Storage.RoundUp(width);
        if (isa.IsScalar && whole < end)
        {
            writer.Line($"new Span<float>({Literal.Address("y", whole)}, {Literal.Number(end - whole)}).Clear();");
            return;
        }

        for (var first = whole; first < end; first += isa.Lanes)
        {
            using (writer.Block())
                emit("", first);
        }
    }

    /// <summary>The two vectors that hold a vector of windows' elements; the second only where the row has any in it.</summary>
    private static (string Low, string High) Pair(VectorIsa isa, string pointer, int row, int tap, string column, int first, int width)
    {
        var twice = column.Length > 0 ? " + 2 * column" : "";
        var start = (2 * first) + tap;
        var low = isa.Load($"{Literal.At(pointer, row + start)}{twice}");
        return column.Length > 0 || start + isa.Lanes < width
            ? (low, isa.Load($"{Literal.At(pointer, row + start + isa.Lanes)}{twice}"))
            : (low, low);
    }

    private static string RowOf(string pointer, Storage storage, int rows) =>
        $"{Literal.At(pointer, storage.Origin)} + {Literal.Times("c", storage.ChannelStride)} + {Literal.Times("row", rows * storage.RowStride)}";

    /// <summary>The end of what the widest vectors read of the last row.</summary>
    private static int LastRead(PoolKernel kernel)
    {
        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        var row = ((output.Height - 1) * taps.Stride.Height) + ((taps.Kernel.Height - 1) * taps.Dilation.Height);
        var start = input.Origin + ((input.Channels - 1) * input.ChannelStride) + (row * input.RowStride);
        var columns = taps.Stride.Width == 1
            ? Storage.RoundUp(output.Width) + taps.Kernel.Width - 1
            : Storage.RoundUp(input.Width) + ((taps.Kernel.Width - 1) / 2 * 2);
        return start + columns;
    }
}
