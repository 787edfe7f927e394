using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="ClearHaloKernel"/>: the rows above, the gaps between rows, the rows below.</summary>
internal static class HaloEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ClearHaloKernel kernel, string name)
    {
        var storage = kernel.Storage;
        var isPlanar = storage.Kind == StorageKind.Planar;
        var p = isPlanar && storage.Channels > 1 ? "p" : "map";
        var rowLength = storage.Width * storage.PixelStride;
        var length = isPlanar ? storage.ChannelStride : storage.Length;
        var end = storage.Origin + ((storage.Height - 1) * storage.RowStride) + rowLength;
        using (writer.Block($"public static void {name}(float* map)"))
        using (writer.For("c", isPlanar ? storage.Channels : 1))
        {
            if (p != "map")
                writer.Pointer(p, $"map + {Literal.Times("c", storage.ChannelStride)}");
            if (storage.Origin > 0)
                writer.Line($"new Span<float>({p}, {storage.Origin}).Clear();");
            if (storage.Height > 1)
            {
                writer.Pointer("gap", Literal.At(p, storage.Origin + rowLength));
                using (writer.Block($"for (nint row = 0; row < {storage.Height - 1}; row++, gap += {storage.RowStride})"))
                    EmitGap(storage.RowStride - rowLength);
            }

            if (length > end)
                writer.Line($"new Span<float>({Literal.Address(p, end)}, {length - end}).Clear();");
        }

        writer.Line();

        // A few vectors, the last of which may overlap the one before it; fewer floats than a vector one by one.
        void EmitGap(int gap)
        {
            if (gap > 8 * isa.Lanes)
            {
                writer.Line($"new Span<float>(gap, {gap}).Clear();");
                return;
            }

            var step = gap >= isa.Lanes ? isa.Lanes : 1;
            var unit = step == 1 ? VectorIsa.Scalar : isa;
            for (var i = 0; i < gap; i += step)
                writer.Line(unit.Store(Literal.At("gap", Math.Min(i, gap - step)), unit.Zero));
        }
    }
}
