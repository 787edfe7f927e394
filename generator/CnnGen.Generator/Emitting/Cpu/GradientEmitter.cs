using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the small kernels of the backward pass: bias gradients, transposed weights, zeros between groups.</summary>
internal static class GradientEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, BiasGradientKernel kernel, string name)
    {
        var gradient = kernel.OutputGradient;
        var (method, channels, stride) = gradient.Kind == StorageKind.Planar
            ? ("AddPlanes", gradient.Channels, gradient.ChannelStride)
            : ("AddPixels", Storage.RoundUp(gradient.Channels), gradient.PixelStride);
        using (writer.Method($"public static void {name}(float* outputGradient, float* biasGradient)"))
        {
            writer.Line($"{isa.RuntimeKernels}.{method}({Literal.Address("outputGradient", gradient.Origin)}, biasGradient, {channels}, {gradient.Height}, {gradient.Width}, {gradient.RowStride}, {stride});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, RowSumKernel kernel, string name)
    {
        using (writer.Method($"public static void {name}(float* outputGradient, float* biasGradient, nint rows)"))
        {
            writer.Line(kernel.Adds
                ? $"{isa.RuntimeKernels}.AddPixels(outputGradient, biasGradient, {kernel.Lanes}, 1, rows, 0, {kernel.Lanes});"
                : $"{isa.RuntimeKernels}.SumPartials(outputGradient, (int)rows, {kernel.Lanes}, biasGradient, {kernel.Lanes});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, TransposeWeightsKernel kernel, string name)
    {
        var (source, target) = (kernel.Source, kernel.Target);
        var taps = source.Kernel;
        if (kernel.IsMatrix)
        {
            EmitMatrix();
            return;
        }

        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}(float* weight, float* target, nint firstUnit, nint endUnit)"))
        {
            var unit = kernel.Groups == 1 ? "o" : "unit";
            using (writer.Block($"for (var {unit} = firstUnit; {unit} < endUnit; {unit}++)"))
            {
                if (kernel.Groups > 1)
                {
                    writer.Line($"var g = unit / {kernel.FiltersPerGroup};");
                    writer.Line($"var o = unit - {Literal.Times("g", kernel.FiltersPerGroup)};");
                }

                writer.Pointer("from", $"weight{Group(source)}{Offset("o", source.Filters)}");
                writer.Pointer("to", $"target{Group(target)}{Offset("o", target.Channels)}");
                using (writer.For("kh", taps.Height))
                using (writer.For("kw", taps.Width))
                {
                    var (row, column) = TargetTap();
                    writer.Pointer("f", $"from + {Literal.Times("kh", source.RowStride)} + {Literal.Times("kw", source.ColumnStride)}");
                    writer.Pointer("t", $"to + {Literal.Times(row, target.RowStride)} + {Literal.Times(column, target.ColumnStride)}");
                    EmitChannels();
                }
            }
        }

        writer.Line();

        string Group(PackedWeights weights) => kernel.Groups == 1 ? "" : Offset("g", weights.Groups);

        void EmitChannels()
        {
            // The target's channels are the source's filters and the other way round; the target's lanes are neighbours.
            var lanes = target.Filters[target.Filters.Count - 1];
            if (target.Filters.Count == 2 && target.Filters[0].Count > 1)
            {
                using (writer.Block($"for (nint block = 0; block * {lanes.Count} < {kernel.ChannelsPerGroup}; block++)"))
                {
                    writer.Line($"var lanes = Math.Min({lanes.Count}, {kernel.ChannelsPerGroup} - block * {lanes.Count});");
                    writer.Line("for (nint lane = 0; lane < lanes; lane++)");
                    writer.Line($"    t[block * {target.Filters[0].Stride} + {Literal.Times("lane", lanes.Stride)}] = f[{OffsetSum($"(block * {lanes.Count} + lane)", source.Channels)}];");
                }

                return;
            }

            writer.Line($"for (nint c = 0; c < {kernel.ChannelsPerGroup}; c++)");
            writer.Line($"    t[{Literal.Times("c", lanes.Stride)}] = f[{OffsetSum("c", source.Channels)}];");
        }

        // Blocks of lanes on both sides: at each tap, each pair is a small matrix of its own.
        void EmitMatrix()
        {
            var (filters, channels) = (kernel.FiltersPerGroup, kernel.ChannelsPerGroup);
            var (fromLanes, toLanes) = (source.Filters[1].Count, target.Filters[1].Count);
            using (writer.Block($"public static void {name}(float* weight, float* target, nint firstUnit, nint endUnit)"))
            using (writer.Block("for (var unit = (int)firstUnit; unit < (int)endUnit; unit++)"))
            using (taps.Height > 1 ? writer.For("kh", taps.Height) : default(CodeWriter.Scope?))
            using (taps.Width > 1 ? writer.For("kw", taps.Width) : default(CodeWriter.Scope?))
            {
                writer.Pointer("f", $"weight + {Literal.Times("unit", source.Filters[0].Stride)}{Tap(source, turn: false)}");
                writer.Pointer("t", $"target + {Literal.Times("unit", fromLanes * toLanes)}{Tap(target, kernel.Turn)}");
                writer.Line($"for (var block = 0; block < {Literal.Number(target.Filters[0].Count)}; block++)");
                writer.Line($"    {isa.RuntimeKernels}.PlanarToPixels(&f[{Literal.Times("block", toLanes * fromLanes)}], &t[{Literal.Times("block", target.Filters[0].Stride)}], {Size("block", toLanes, channels)}, 1, {Size("unit", fromLanes, filters)}, 0, {fromLanes}, 0, {toLanes});");
            }

            writer.Line();
        }

        string Tap(PackedWeights weights, bool turn) =>
            Along("kh", taps.Height, weights.RowStride, turn) + Along("kw", taps.Width, weights.ColumnStride, turn);

        static string Along(string index, int count, int stride, bool turn) => count == 1
            ? ""
            : $" + {Literal.Times(turn ? $"({count - 1} - {index})" : index, stride)}";

        (string Row, string Column) TargetTap() => kernel.Turn ? ($"({taps.Height - 1} - kh)", $"({taps.Width - 1} - kw)") : ("kh", "kw");

        static string Size(string block, int lanes, int all) =>
            all % lanes == 0 ? Literal.Number(lanes) : $"Math.Min({Literal.Number(lanes)}, {Literal.Number(all)} - {Literal.Times(block, lanes)})";
    }

    public static void Emit(CodeWriter writer, ClearBetweenGroupsKernel kernel, string name)
    {
        var blocks = kernel.Blocks;
        using (writer.Block($"public static void {name}(float* weightGradient)"))
        {
            using (writer.For("block", blocks.BlockCount))
            using (writer.For("tap", kernel.TapCount))
            using (writer.For("c", blocks.RunChannels))
            using (writer.For("lane", blocks.BlockLanes))
            {
                var row = kernel.ChannelsOutermost ? $"c * {kernel.TapCount} + tap" : $"tap * {blocks.RunChannels} + c";
                writer.Line($"if (lane / {kernel.FiltersPerGroup} != c / {kernel.ChannelsPerGroup})");
                writer.Line($"    weightGradient[((block * {kernel.TapCount * blocks.RunChannels}) + {row}) * {blocks.BlockLanes} + lane] = 0f;");
            }
        }

        writer.Line();
    }

    private static string Offset(string index, IReadOnlyList<Digit> digits)
    {
        var sum = OffsetSum(index, digits);
        return sum == "0" ? "" : " + " + sum;
    }

    /// <summary>What an index contributes to a position: its digits times their strides.</summary>
    private static string OffsetSum(string index, IReadOnlyList<Digit> digits)
    {
        var terms = new List<string>();
        var below = 1;
        for (var i = digits.Count - 1; i >= 0; i--)
        {
            var digit = digits[i];
            if (digit.Stride != 0 && (digit.Count > 1 || i == digits.Count - 1))
            {
                var value = below == 1 ? index : $"{index} / {Literal.Number(below)}";
                if (digits.Take(i).Any(above => above.Count > 1))
                    value += $" % {Literal.Number(digit.Count)}";
                terms.Insert(0, Literal.Times(value, digit.Stride));
            }

            below *= digit.Count;
        }

        return terms.Count == 0 ? "0" : string.Join(" + ", terms);
    }
}
