using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints copies between layouts and the layers that the run-time's kernels compute.</summary>
internal static class MoveEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, CopyKernel kernel, string name)
    {
        var map = kernel.Map;
        var source = Strides(kernel.Source, map);
        var target = Strides(kernel.Target, map);
        using (writer.Method($"public static void {name}(float* source, float* target{(kernel.HasUnits ? ", nint from, nint to" : "")})"))
        {
            if (kernel.Spread == Size2.One && source.Pixel == 1 && target.Pixel == 1)
            {
                // A vector and an unpadded plane are both one run; so are two rows.
                if (!kernel.CopiesRows)
                {
                    EmitRun("source", "target", map.Channels * map.Height * map.Width);
                }
                else if (kernel.HasUnits && map.Channels == 1)
                {
                    using (writer.ForUnits("row", isGiven: true, map.Height))
                    using (writer.Zero("c"))
                        EmitRun(Pointer("source", source), Pointer("target", target), map.Width);
                }
                else if (kernel.HasUnits)
                {
                    using (writer.Block("for (var unit = from; unit < to; unit++)"))
                    {
                        writer.Line($"var c = unit / {Literal.Number(map.Height)};");
                        writer.Line($"var row = unit - {Literal.Times("c", map.Height)};");
                        EmitRun(Pointer("source", source), Pointer("target", target), map.Width);
                    }
                }
                else
                {
                    using (writer.For("c", map.Channels))
                    using (writer.For("row", map.Height))
                        EmitRun(Pointer("source", source), Pointer("target", target), map.Width);
                }
            }
            else if (kernel.CopiesRowsOfPixels)
            {
                using (writer.ForUnits("row", kernel.HasUnits, map.Height))
                    EmitRun($"{Literal.At("source", source.Origin)} + {Literal.Times("row", source.Row)}", $"{Literal.At("target", target.Origin)} + {Literal.Times("row", target.Row)}", map.Width * map.Channels);
            }
            else if (kernel.Spread == Size2.One && source.Channel == 1 && target.Channel == 1)
            {
                using (writer.ForUnits("row", kernel.HasUnits, map.Height))
                using (writer.For("column", map.Width))
                {
                    EmitRun(
                        $"{Literal.At("source", source.Origin)} + {Literal.Times("row", source.Row)} + {Literal.Times("column", source.Pixel)}",
                        $"{Literal.At("target", target.Origin)} + {Literal.Times("row", target.Row)} + {Literal.Times("column", target.Pixel)}",
                        map.Channels);
                }
            }
            else if (kernel.Spread == Size2.One && source.Pixel == 1 && target.Channel == 1)
            {
                writer.Line($"{isa.RuntimeKernels}.PlanarToPixels({FirstRow("source", source)}, {FirstRow("target", target)}, {map.Channels}, {Rows()}, {map.Width}, {source.Row}, {source.Channel}, {target.Row}, {target.Pixel});");
            }
            else if (kernel.Spread == Size2.One && source.Channel == 1 && target.Pixel == 1)
            {
                writer.Line($"{isa.RuntimeKernels}.PixelsToPlanar({FirstRow("source", source)}, {FirstRow("target", target)}, {map.Channels}, {Rows()}, {map.Width}, {source.Row}, {source.Pixel}, {target.Row}, {target.Channel});");
            }
            else
            {
                using (writer.For("c", map.Channels))
                using (writer.For("row", map.Height))
                using (writer.For("column", map.Width))
                {
                    writer.Line($"target[{target.Origin} + {Literal.Times("c", target.Channel)} + {Literal.Times("row", target.Row * kernel.Spread.Height)} + {Literal.Times("column", target.Pixel * kernel.Spread.Width)}] =");
                    writer.Line($"    source[{source.Origin} + {Literal.Times("c", source.Channel)} + {Literal.Times("row", source.Row)} + {Literal.Times("column", source.Pixel)}];");
                }
            }
        }

        writer.Line();

        string FirstRow(string name, (int Origin, int Channel, int Row, int Pixel) strides) =>
            Literal.Address(Literal.At(name, strides.Origin) + (kernel.HasUnits ? " + " + Literal.Times("from", strides.Row) : ""));

        string Rows() => kernel.HasUnits ? "(int)(to - from)" : Literal.Number(map.Height);

        void EmitRun(string from, string to, int length) =>
            writer.Line($"new ReadOnlySpan<float>({Literal.Address(from)}, {length}).CopyTo(new Span<float>({Literal.Address(to)}, {length}));");

        static string Pointer(string name, (int Origin, int Channel, int Row, int Pixel) strides) =>
            $"{Literal.At(name, strides.Origin)} + {Literal.Times("c", strides.Channel)} + {Literal.Times("row", strides.Row)}";
    }

    /// <summary>The strides of a storage; a vector has those of the map in C x H x W order.</summary>
    private static (int Origin, int Channel, int Row, int Pixel) Strides(Storage storage, Storage map) =>
        storage.Kind == StorageKind.Vector && map.Kind != StorageKind.Vector
            ? (0, map.Width * map.Height, map.Width, 1)
            : storage.Kind == StorageKind.Vector
                ? (0, 1, 1, 1)
                : (storage.Origin, storage.ChannelStride, storage.RowStride, storage.PixelStride);

    public static void Emit(CodeWriter writer, VectorIsa isa, SoftmaxKernel kernel, string name)
    {
        var storage = kernel.Storage;
        var (method, first, second) = kernel.Pass == PassKind.Forward ? (kernel.Function, "source", "target") : (kernel.Function + "Backward", "output", "gradient");
        using (writer.Method($"public static void {name}(float* {first}, float* {second})"))
        {
            EmitPixelRuns(writer, storage, (offset, pixels) =>
            {
                var pointers = $"{Literal.Address(first + offset)}, {Literal.Address(second + offset)}";
                writer.Line(storage.ChannelStride == 1 && pixels == 1
                    ? $"{isa.RuntimeKernels}.{method}({pointers}, {Literal.Number(storage.Channels)});"
                    : $"{isa.RuntimeKernels}.{method}({pointers}, {Literal.Number(storage.Channels)}, {Literal.Number(pixels)}, {Literal.Number(storage.ChannelStride)}, {Literal.Number(storage.PixelStride)});");
            });
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, LocalResponseNormKernel kernel, string name)
    {
        var (storage, spec) = (kernel.Storage, kernel.Spec);
        var isForward = kernel.Pass == PassKind.Forward;
        using (writer.Method($"public static void {name}({(isForward ? "float* input, float* output" : "float* input, float* outputGradient, float* inputGradient")})"))
        {
            EmitPixelRuns(writer, storage, (offset, pixels) =>
            {
                var pointers = isForward ? $"{At("input")}, {At("output")}" : $"{At("input")}, {At("outputGradient")}, {At("inputGradient")}";
                var numbers = string.Join(", ", new[] { storage.Channels, pixels, storage.ChannelStride, storage.PixelStride, spec.Size }.Select(n => Literal.Number(n)));
                writer.Line($"{isa.RuntimeKernels}.LocalResponseNorm{(isForward ? "" : "Backward")}({pointers}, {numbers}, {Literal.Float(spec.Alpha)}, {Literal.Float(spec.Beta)}, {Literal.Float(spec.K)});");

                string At(string pointer) => Literal.Address(pointer + offset);
            });
        }

        writer.Line();
    }

    /// <summary>The key of one layer's random numbers in a step, of which the method has the <c>seed</c>.</summary>
    public static string RandomKey(int stream) => $"unchecked(seed + {Literal.Number(stream)} * 0x9E3779B97F4A7C15UL)";

    public static void Emit(CodeWriter writer, VectorIsa isa, DropoutKernel kernel, string name)
    {
        var storage = kernel.Storage;
        using (writer.Method($"public static void {name}(float* source, float* target, ulong seed, nint image)"))
        {
            // The mask is a function of the seed and of each element's index in C x H x W order: the backward pass computes it again, and no layout changes it.
            writer.Line($"var key = {RandomKey(kernel.Stream)};");
            var rate = Literal.Float(kernel.Rate);
            var pointers = $"{Literal.Address("source", storage.Origin)}, {Literal.Address("target", storage.Origin)}";

            // Lanes past the end of a run are zeros; where there is room for whole vectors, they are computed too.
            var (rowRun, pixelRun) = (Storage.RoundUp(storage.Width), Storage.RoundUp(storage.Channels));
            if (kernel.PixelOrder is { } map)
                Call("DropoutPixels", $"source, target, {map.Channels}, {map.Height}, {map.Width}, {map.Width * map.Channels}, {map.Channels}, key, image");
            else if (storage.Kind == StorageKind.Vector)
                Call("Dropout", $"source, target, {storage.Length}, key, image, 0");
            else if (storage.Kind == StorageKind.Pixels)
                Call("DropoutPixels", $"{pointers}, {pixelRun}, {storage.Height}, {storage.Width}, {storage.RowStride}, {storage.PixelStride}, key, image");
            else
                Call("DropoutPlanes", $"{pointers}, {storage.Channels}, {storage.Height}, {storage.Width}, {(storage.Halo.Left + rowRun <= storage.RowStride ? rowRun : storage.Width)}, {storage.ChannelStride}, {storage.RowStride}, key, image");

            void Call(string method, FormattableString arguments) =>
                writer.Line($"{isa.RuntimeKernels}.{method}({arguments.ToString(System.Globalization.CultureInfo.InvariantCulture)}, {rate});");
        }

        writer.Line();
    }

    /// <summary>Visits the pixels inside the halo, in runs of pixels with equal strides.</summary>
    private static void EmitPixelRuns(CodeWriter writer, Storage storage, Action<string, int> emit)
    {
        if (storage.Kind == StorageKind.Vector)
        {
            emit("", 1);
        }
        else if (storage.RowStride == storage.Width * storage.PixelStride)
        {
            emit(storage.Origin == 0 ? "" : " + " + Literal.Number(storage.Origin), storage.Width * storage.Height);
        }
        else
        {
            using (writer.For("row", storage.Height))
                emit($" + {Literal.Number(storage.Origin)} + {Literal.Times("row", storage.RowStride)}", storage.Width);
        }
    }
}
