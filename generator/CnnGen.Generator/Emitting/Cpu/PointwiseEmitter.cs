using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints expressions over maps and vectors: one loop where elements lie without gaps, else loops over rows, pixels and vectors of channels.</summary>
internal static class PointwiseEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, PointwiseKernel kernel, string name)
    {
        var result = kernel.Result;
        var operands = kernel.Operands;
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}({Parameters(operands)}float* result{(kernel.HasUnits ? ", nint from, nint to" : "")})"))
        {
            if (result.Kind == StorageKind.Planar)
                EmitPlanes();
            else if (IsOneRun() && !kernel.HasUnits)
                EmitRun("", Length(result));
            else if (operands.All(operand => operand.IsFull && IsDense(operand.Storage!)) && IsDense(result))
                EmitRows();
            else
                EmitPixels();
        }

        writer.Line();

        bool IsOneRun() => result.Kind == StorageKind.Vector
            || (result.Halo == default && IsDense(result) && operands.All(operand => operand.Storage == result));

        // Rows of pixels without unused lanes are runs.
        void EmitRows()
        {
            using (writer.ForUnits("row", kernel.HasUnits, result.Height))
            {
                for (var i = 0; i < operands.Count; i++)
                    writer.Pointer($"p{i}", Pointer($"x{i}", operands[i].Storage!, "row"));
                writer.Pointer("y", Pointer("result", result, "row"));
                EmitRun("p", result.Width * result.PixelStride);
            }
        }

        void EmitRun(string prefix, int length)
        {
            var (x, y) = prefix.Length > 0 ? ("p", "y") : ("x", "result");
            var whole = length / isa.Lanes * isa.Lanes;
            if (whole > 0)
            {
                using (writer.Block($"for (nint i = 0; i < {whole}; i += {isa.Lanes})"))
                    Store($"{y} + i", index => isa.Load($"{x}{index} + i"), isa.Lanes);
            }

            if (whole < length)
                Store(Literal.At(y, whole), index => isa.Load(Literal.At($"{x}{index}", whole)), length - whole);
        }

        void EmitPixels()
        {
            using (writer.ForUnits("row", kernel.HasUnits, result.Height))
            using (writer.For("column", result.Width))
            {
                for (var i = 0; i < operands.Count; i++)
                {
                    if (operands[i].Storage is { } storage)
                        writer.Pointer($"p{i}", Pointer($"x{i}", storage, "row", "column"));
                }

                writer.Pointer("y", Pointer("result", result, "row", "column"));
                string At(int index) => operands[index].IsFull ? $"p{index}" : $"x{index}";
                var whole = result.Channels / isa.Lanes * isa.Lanes;
                if (whole > 0)
                {
                    using (whole > isa.Lanes ? writer.Block($"for (nint c = 0; c < {whole}; c += {isa.Lanes})") : writer.Block("", "}"))
                        Store(whole > isa.Lanes ? "y + c" : "y", index => isa.Load(whole > isa.Lanes ? At(index) + " + c" : At(index)), isa.Lanes);
                }

                if (whole < result.Channels)
                    Store(Literal.At("y", whole), index => isa.Load(Literal.At(At(index), whole)), result.Channels - whole);
            }
        }

        void EmitPlanes()
        {
            using (writer.For("c", result.Channels))
            {
                for (var i = 0; i < operands.Count; i++)
                {
                    if (!operands[i].IsFull)
                        writer.Line($"var p{i} = {isa.Broadcast($"x{i}[c]")};");
                }

                using (writer.For("row", result.Height))
                {
                    for (var i = 0; i < operands.Count; i++)
                    {
                        if (operands[i].Storage is { } storage)
                            writer.Pointer($"p{i}", $"{Pointer($"x{i}", storage, "row")} + {Literal.Times("c", storage.ChannelStride)}");
                    }

                    writer.Pointer("y", $"{Pointer("result", result, "row")} + {Literal.Times("c", result.ChannelStride)}");
                    var whole = result.Width / isa.Lanes * isa.Lanes;
                    string Element(int index, string offset) => operands[index].IsFull ? isa.Load($"p{index}{offset}") : $"p{index}";
                    if (whole > 0)
                    {
                        using (writer.Block($"for (nint i = 0; i < {whole}; i += {isa.Lanes})"))
                            Store("y + i", index => Element(index, " + i"), isa.Lanes);
                    }

                    if (whole < result.Width)
                        Store(Literal.At("y", whole), index => Element(index, whole == 0 ? "" : " + " + Literal.Number(whole)), result.Width - whole);
                }
            }
        }

        void Store(string pointer, Func<int, string> element, int lanes)
        {
            using var scope = lanes < isa.Lanes ? writer.Block() : default(CodeWriter.Scope?);
            var value = ExpressionText.Print(writer, isa, kernel.Expression, element, "t");
            writer.Line(isa.Store(pointer, isa.FirstLanes(value, lanes)));
        }
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, PixelSumKernel kernel, string name)
    {
        var map = kernel.Map;
        var operands = kernel.Operands;
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}({Parameters(operands)}float* result)"))
        {
            if (map.Kind == StorageKind.Planar)
            {
                // A sum in one order on every instruction set.
                using (writer.For("c", kernel.Channels))
                {
                    writer.Line("var sum = 0f;");
                    using (writer.For("row", map.Height))
                    using (writer.For("column", map.Width))
                        EmitTerm(VectorIsa.Scalar, index => operands[index].Storage is { } storage
                            ? VectorIsa.Scalar.Load($"{Pointer($"x{index}", storage, "row", "column")} + {Literal.Times("c", storage.ChannelStride)}")
                            : $"x{index}[c]");
                    writer.Line("result[c] = sum;");
                }
            }
            else
            {
                using (writer.Block($"for (nint c = 0; c < {Storage.RoundUp(kernel.Channels)}; c += {isa.Lanes})"))
                {
                    writer.Line($"var sum = {isa.Zero};");
                    using (writer.For("row", map.Height))
                    using (writer.For("column", map.Width))
                        EmitTerm(isa, index => isa.Load(operands[index].Storage is { } storage ? $"{Pointer($"x{index}", storage, "row", "column")} + c" : $"x{index} + c"));
                    writer.Line(isa.Store("result + c", "sum"));
                }
            }
        }

        writer.Line();

        void EmitTerm(VectorIsa with, Func<int, string> element)
        {
            var term = ExpressionText.Print(writer, with, kernel.Expression, element, "t");
            writer.Line($"sum = {with.Add("sum", term)};");
        }
    }

    private static string Parameters(EquatableArray<PointwiseOperand> operands) => string.Concat(Enumerable.Range(0, operands.Count).Select(i => $"float* x{Literal.Number(i)}, "));

    private static int Length(Storage storage) => storage.Kind == StorageKind.Vector ? storage.Channels : storage.Length;

    private static bool IsDense(Storage storage) => storage.PixelStride == storage.Channels;

    private static string Pointer(string name, Storage storage, string row, string? column = null) =>
        $"{Literal.At(name, storage.Origin)} + {Literal.Times(row, storage.RowStride)}{(column is null ? "" : " + " + Literal.Times(column, storage.PixelStride))}";
}
