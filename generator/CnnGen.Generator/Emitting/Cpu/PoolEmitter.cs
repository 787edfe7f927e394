using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints poolings and their gradients. Maps of pixels are taken a vector of channels at a time, planes an element at a time
/// where <see cref="PoolPlanarEmitter"/> doesn't print them; windows that always lie in the image are unrolled.
/// </summary>
internal static class PoolEmitter
{
    /// <summary>Taps of a window that are written out.</summary>
    private const int UnrolledTaps = 16;

    public static void Emit(CodeWriter writer, VectorIsa isa, PoolKernel kernel, string name)
    {
        if (PoolPlanarEmitter.Supports(kernel))
        {
            PoolPlanarEmitter.Emit(writer, isa, kernel, name);
            return;
        }

        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        isa = input.Kind == StorageKind.Planar ? VectorIsa.Scalar : isa;
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}(float* input, float* output{(kernel.HasUnits ? ", nint from, nint to" : "")})"))
        using (OpenLoops(writer, isa, input.Kind, output, "output", kernel.HasUnits, out var planes))
        {
            writer.Pointer("y", $"{planes.Pointer} + {Literal.Times("row", output.RowStride)} + {Literal.Times("column", output.PixelStride)}");
            if (taps.IsInside(input, output) && taps.Count <= UnrolledTaps)
                EmitUnrolled(planes);
            else
                EmitClipped(planes);
            planes.Dispose();
        }

        writer.Line();

        void EmitUnrolled(Planes planes)
        {
            writer.Pointer("x", WindowPointer("input", input, taps, planes.InputOffset(input)));
            for (var tap = 0; tap < taps.Count; tap++)
            {
                var element = isa.Load(Literal.At("x", TapOffset(input, taps, tap)));
                if (tap == 0)
                    writer.Line($"var result = {element};");
                else
                    EmitCombine(element);
            }

            writer.Line(isa.Store("y", kernel.Function == PoolFunction.Max ? "result" : Divide("result", Literal.Number(taps.Count))));
        }

        void EmitClipped(Planes planes)
        {
            var isMax = kernel.Function == PoolFunction.Max;
            EmitWindowBounds(writer, input, taps);
            writer.Line(isMax ? $"var result = {isa.Broadcast("float.NegativeInfinity")};" : $"var result = {isa.Zero};");
            using (OpenWindowLoops(writer, taps))
            {
                writer.Pointer("x", $"{Literal.At("input", input.Origin)}{planes.InputOffset(input)} + h * {input.RowStride} + v * {input.PixelStride}");
                EmitCombine(isa.Load("x"));
            }

            writer.Line(isa.Store("y", isMax ? "result" : Divide("result", Divisor(kernel.Function, input, taps, kernel.PaddingEnd))));
        }

        void EmitCombine(string element)
        {
            writer.Line($"result = {(kernel.Function == PoolFunction.Max ? isa.Maximum("result", element) : isa.Add("result", element))};");
        }

        string Divide(string sum, string divisor) => isa.Multiply(sum, isa.Broadcast($"1f / {divisor}"));
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, PoolGradientKernel kernel, string name)
    {
        if (PoolPlanarEmitter.Supports(kernel))
        {
            PoolPlanarEmitter.Emit(writer, isa, kernel, name);
            return;
        }

        var isMax = kernel.Function == PoolFunction.Max;
        var (input, gradient, target, taps) = (kernel.Input, kernel.OutputGradient, kernel.InputGradient, kernel.Taps);
        isa = input.Kind == StorageKind.Planar ? VectorIsa.Scalar : isa;
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}({(isMax ? "float* input, float* output, " : "")}float* outputGradient, float* inputGradient)"))
        {
            if (!StoresAll(kernel))
                writer.Line($"new Span<float>(inputGradient, {target.Length}).Clear();");
            using (OpenLoops(writer, isa, input.Kind, gradient, "outputGradient", false, out var planes))
            {
                writer.Line($"var g = {isa.Load($"{planes.Pointer} + {Literal.Times("row", gradient.RowStride)} + {Literal.Times("column", gradient.PixelStride)}")};");
                if (isMax)
                {
                    var output = kernel.Output;
                    writer.Line($"var y = {isa.Load($"{Literal.At("output", output.Origin)}{planes.InputOffset(output)} + {Literal.Times("row", output.RowStride)} + {Literal.Times("column", output.PixelStride)}")};");
                }

                EmitWindow(planes);
                planes.Dispose();
            }
        }

        writer.Line();

        void EmitWindow(Planes planes)
        {
            if (!isMax)
            {
                EmitAverage(planes);
                return;
            }

            // The gradient goes to the first element that equals the maximum; what it took is gone for the others.
            if (taps.IsInside(input, gradient) && taps.Count <= UnrolledTaps)
            {
                writer.Pointer("x", WindowPointer("input", input, taps, planes.InputOffset(input)));
                writer.Pointer("d", WindowPointer("inputGradient", target, taps, planes.InputOffset(target)));
                for (var tap = 0; tap < taps.Count; tap++)
                    EmitWinner(Literal.At("x", TapOffset(input, taps, tap)), Literal.At("d", TapOffset(target, taps, tap)));
            }
            else
            {
                EmitWindowBounds(writer, input, taps);
                using (OpenWindowLoops(writer, taps))
                {
                    EmitWinner(
                        $"{Literal.At("input", input.Origin)}{planes.InputOffset(input)} + h * {input.RowStride} + v * {input.PixelStride}",
                        $"{Literal.At("inputGradient", target.Origin)}{planes.InputOffset(target)} + h * {target.RowStride} + v * {target.PixelStride}");
                }
            }
        }

        void EmitWinner(string x, string d)
        {
            if (isa.IsScalar)
            {
                using (writer.Block())
                {
                    writer.Line($"var wins = {isa.Load(x)} == y;");
                    writer.Line($"{Literal.Dereference(d)} {(kernel.IsDisjoint ? "=" : "+=")} wins ? g : 0f;");
                    writer.Line("g = wins ? 0f : g;");
                }

                return;
            }

            var vector = isa.VectorType.Replace("<float>", "");
            using (writer.Block())
            {
                writer.Line($"var wins = {vector}.Equals({isa.Load(x)}, y);");
                writer.Line($"var share = wins & g;");
                writer.Line(isa.Store(d, kernel.IsDisjoint ? "share" : isa.Add(isa.Load(d), "share")));
                writer.Line($"g = {vector}.AndNot(g, wins);");
            }
        }

        void EmitAverage(Planes planes)
        {
            EmitWindowBounds(writer, input, taps);
            writer.Line($"var share = {isa.Multiply("g", isa.Broadcast($"1f / {Divisor(kernel.Function, input, taps, kernel.PaddingEnd)}"))};");
            using (OpenWindowLoops(writer, taps))
            {
                writer.Pointer("d", $"{Literal.At("inputGradient", target.Origin)}{planes.InputOffset(target)} + h * {target.RowStride} + v * {target.PixelStride}");
                writer.Line(isa.Store("d", isa.Add(isa.Load("d"), "share")));
            }
        }
    }

    /// <summary>Whether each element of the input's gradient is stored once: the vector form's windows lie side by side and leave nothing out.</summary>
    private static bool StoresAll(PoolGradientKernel kernel) =>
        kernel is { Function: PoolFunction.Max, Input.Kind: StorageKind.Pixels, IsDisjoint: true, WindowsAreInside: true, Taps.Count: <= UnrolledTaps }
        && kernel.Taps.Stride == kernel.Taps.Kernel
        && kernel.InputGradient.Halo == default
        && kernel.InputGradient.PixelStride == Storage.RoundUp(kernel.InputGradient.Channels)
        && kernel.OutputGradient.Height * kernel.Taps.Stride.Height == kernel.Input.Height
        && kernel.OutputGradient.Width * kernel.Taps.Stride.Width == kernel.Input.Width;

    /// <summary>The innermost loops over channels: a vector of lanes, or a plane.</summary>
    private sealed class Planes(CodeWriter.Scope scope, string pointer, bool isPlanar)
    {
        public string Pointer { get; } = pointer;

        public string InputOffset(Storage storage) => isPlanar ? $" + c * {storage.ChannelStride}" : " + lane";

        public void Dispose() => scope.Dispose();
    }

    private static CodeWriter.Scope OpenLoops(
        CodeWriter writer, VectorIsa isa, StorageKind kind, Storage output, string pointer, bool isRange, out Planes planes)
    {
        var isPlanar = kind == StorageKind.Planar;
        var lanes = Storage.RoundUp(output.Channels);
        var outer = isRange
            ? writer.Block("for (var row = from; row < to; row++)")
            : writer.Block($"for (nint row = 0; row < {output.Height}; row++)");
        writer.Line($"for (nint column = 0; column < {output.Width}; column++)");
        var inner = isPlanar
            ? writer.Block($"for (nint c = 0; c < {output.Channels}; c++)")
            : writer.Block($"for (nint lane = 0; lane < {lanes}; lane += {isa.Lanes})");
        var offset = isPlanar ? $" + c * {output.ChannelStride}" : " + lane";
        planes = new Planes(inner, Literal.At(pointer, output.Origin) + offset, isPlanar);
        return outer;
    }

    private static string WindowPointer(string pointer, Storage storage, Taps taps, string planeOffset) =>
        $"{Literal.At(pointer, storage.Origin)}{planeOffset} + {Literal.Times("row", taps.Stride.Height * storage.RowStride)} + {Literal.Times("column", taps.Stride.Width * storage.PixelStride)}";

    private static int TapOffset(Storage storage, Taps taps, int tap) =>
        (tap / taps.Kernel.Width * taps.Dilation.Height * storage.RowStride)
        + (tap % taps.Kernel.Width * taps.Dilation.Width * storage.PixelStride);

    /// <summary>The window's first pixel, which may lie before the image.</summary>
    private static void EmitWindowBounds(CodeWriter writer, Storage input, Taps taps)
    {
        writer.Line($"var top = {Literal.At(Literal.Times("row", taps.Stride.Height), -taps.Padding.Height)};");
        writer.Line($"var left = {Literal.At(Literal.Times("column", taps.Stride.Width), -taps.Padding.Width)};");
        writer.Line($"var bottom = Math.Min(top + {(taps.Dilation.Height * (taps.Kernel.Height - 1)) + 1}, {input.Height});");
        writer.Line($"var right = Math.Min(left + {(taps.Dilation.Width * (taps.Kernel.Width - 1)) + 1}, {input.Width});");
        writer.Line($"var firstRow = {First("top", taps.Dilation.Height)};");
        writer.Line($"var firstColumn = {First("left", taps.Dilation.Width)};");
    }

    /// <summary>The first tap that isn't before the image.</summary>
    private static string First(string start, int dilation) => dilation == 1
        ? $"Math.Max({start}, 0)"
        : $"{start} >= 0 ? {start} : {start} + (-{start} + {dilation - 1}) / {dilation} * {dilation}";

    private static CodeWriter.Scope OpenWindowLoops(CodeWriter writer, Taps taps)
    {
        writer.Line($"for (var h = firstRow; h < bottom; h += {taps.Dilation.Height})");
        return writer.Block($"for (var v = firstColumn; v < right; v += {taps.Dilation.Width})");
    }

    /// <summary>What a window's sum is divided by.</summary>
    private static string Divisor(PoolFunction function, Storage input, Taps taps, Size2 paddingEnd) => function == PoolFunction.AverageInside
        ? "((bottom - firstRow) * (right - firstColumn))"
        : $"((Math.Min(top + {taps.Kernel.Height}, {input.Height + paddingEnd.Height}) - top) * (Math.Min(left + {taps.Kernel.Width}, {input.Width + paddingEnd.Width}) - left))";
}
