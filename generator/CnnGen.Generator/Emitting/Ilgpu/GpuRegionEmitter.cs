using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints what regions of a map hold, a thread for each feature, and its gradient, a thread for each element of the map.</summary>
internal static class GpuRegionEmitter
{
    public static void Emit(CodeWriter writer, GpuRegionPoolKernel kernel, string name)
    {
        var (map, features, size) = (kernel.Map, kernel.Features, kernel.Spec.Size);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            writer.Line($"int image = {Divided("i", features.Length)};");
            writer.Line($"int channel = {Remainder(Divided("i", size.Height * size.Width * kernel.Regions), map.Channels)};");
            writer.Line($"int down = {Remainder(Divided("i", size.Width * kernel.Regions), size.Height)};");
            writer.Line($"int right = {Remainder(Divided("i", kernel.Regions), size.Width)};");
            writer.Line($"int box = {Sum(Times("image", kernel.Regions * RegionSpec.RegionLength), Times(Remainder("i", kernel.Regions), RegionSpec.RegionLength))};");
            writer.Line($"int plane = {Sum(Times("image", map.ImageStride), Times("channel", map.Pixels))};");
            writer.Line("float value = 0f;");
            using (writer.Block("if (!GpuRegions.IsEmpty(regions, box))"))
            {
                if (kernel.Spec.Sampling is { } sampling)
                    EmitMean(writer, kernel, sampling);
                else
                    EmitLargest(writer, kernel);
            }

            writer.Line($"result[{ElementOf(features)}] = value;");
        }

        writer.Line();
    }

    /// <summary>The largest element of whole rows and columns; 0 where the part has none.</summary>
    private static void EmitLargest(CodeWriter writer, GpuRegionPoolKernel kernel)
    {
        var (map, spec) = (kernel.Map, kernel.Spec);
        writer.Line($"int firstRow = {PartBound("Start", spec, Vertical, "down", spec.Size.Height, map.Height)};");
        writer.Line($"int endRow = {PartBound("End", spec, Vertical, "down", spec.Size.Height, map.Height)};");
        writer.Line($"int firstColumn = {PartBound("Start", spec, Horizontal, "right", spec.Size.Width, map.Width)};");
        writer.Line($"int endColumn = {PartBound("End", spec, Horizontal, "right", spec.Size.Width, map.Width)};");
        writer.Line("if (firstRow < endRow && firstColumn < endColumn)");
        writer.Line("    value = float.NegativeInfinity;");
        using (writer.Block("for (int row = firstRow; row < endRow; row++)"))
        {
            writer.Line("for (int column = firstColumn; column < endColumn; column++)");
            writer.Line($"    value = GpuMath.Larger(value, map[plane + {Times("row", map.Width)} + column]);");
        }
    }

    /// <summary>The mean of samples, each between four elements; those outside the map count as 0.</summary>
    private static void EmitMean(CodeWriter writer, GpuRegionPoolKernel kernel, SamplingSpec sampling)
    {
        var map = kernel.Map;
        EmitGrid(writer, kernel, sampling);
        var (rows, columns) = SamplesOf(sampling);
        using (writer.Block($"for (int v = 0; v < {rows}; v++)"))
        {
            writer.Line($"float y = GpuRegions.Sample(top + down * height, height, v, {rows}, {map.Height});");
            writer.Line("if (y < 0f)");
            writer.Line("    continue;");
            writer.Line($"int upper = {Sum("plane", Times("(int)y", map.Width))};");
            writer.Line($"int lower = {Sum("plane", Times($"Math.Min((int)y + 1, {Literal.Number(map.Height - 1)})", map.Width))};");
            writer.Line("float low = y - (int)y;");
            using (writer.Block($"for (int u = 0; u < {columns}; u++)"))
            {
                writer.Line($"float x = GpuRegions.Sample(left + right * width, width, u, {columns}, {map.Width});");
                writer.Line("if (x < 0f)");
                writer.Line("    continue;");
                writer.Line("int here = (int)x;");
                writer.Line($"int next = Math.Min(here + 1, {map.Width - 1});");
                writer.Line("float over = x - here;");
                writer.Line("value += (1f - low) * ((1f - over) * map[upper + here] + over * map[upper + next])");
                writer.Line("    + low * ((1f - over) * map[lower + here] + over * map[lower + next]);");
            }
        }

        writer.Line(sampling.Ratio > 0 ? $"value *= {Literal.Float(1f / (sampling.Ratio * sampling.Ratio))};" : "value /= rows * columns;");
    }

    public static void Emit(CodeWriter writer, GpuRegionPoolGradientKernel kernel, string name)
    {
        var (map, features, spec) = (kernel.Map, kernel.Features, kernel.Spec);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, map);
            writer.Line($"int gradients = {Sum(Times("image", features.ImageStride), Times("channel", spec.Size.Height * spec.Size.Width * kernel.Regions))};");
            if (spec.Sampling is null)
            {
                writer.Line($"int plane = {Sum(Times("image", map.ImageStride), Times("channel", map.Pixels))};");
                writer.Line($"float own = map[plane + {Times("row", map.Width)} + column];");
            }

            writer.Line("float sum = 0f;");
            using (writer.Block($"for (int region = 0; region < {kernel.Regions}; region++)"))
            {
                writer.Line($"int box = {Sum(Times("image", kernel.Regions * RegionSpec.RegionLength), Times("region", RegionSpec.RegionLength))};");
                writer.Line("if (GpuRegions.IsEmpty(regions, box))");
                writer.Line("    continue;");
                if (spec.Sampling is { } sampling)
                    EmitShares(writer, kernel, sampling);
                else
                    EmitWhereLargest(writer, kernel, name);
            }

            writer.Line($"result[{ElementOf(map with { ImageStride = kernel.ResultStride })}] = sum;");
        }

        writer.Line();
        if (spec.Sampling is null)
            EmitIsLargest(writer, map, name);
    }

    /// <summary>Of each part that the element is in, the gradient where it is the first of the largest.</summary>
    private static void EmitWhereLargest(CodeWriter writer, GpuRegionPoolGradientKernel kernel, string name)
    {
        var (map, spec) = (kernel.Map, kernel.Spec);
        using (writer.Block($"for (int down = 0; down < {spec.Size.Height}; down++)"))
        {
            writer.Line($"int top = {PartBound("Start", spec, Vertical, "down", spec.Size.Height, map.Height)};");
            writer.Line($"int bottom = {PartBound("End", spec, Vertical, "down", spec.Size.Height, map.Height)};");
            writer.Line("if (row < top || row >= bottom)");
            writer.Line("    continue;");
            using (writer.Block($"for (int right = 0; right < {spec.Size.Width}; right++)"))
            {
                writer.Line($"int left = {PartBound("Start", spec, Horizontal, "right", spec.Size.Width, map.Width)};");
                writer.Line($"int end = {PartBound("End", spec, Horizontal, "right", spec.Size.Width, map.Width)};");
                writer.Line($"if (column >= left && column < end && {name}_IsLargest(map, plane, top, bottom, left, end, row, column, own))");
                writer.Line($"    sum += gradient[{GradientOf(kernel)}];");
            }
        }
    }

    private static void EmitIsLargest(CodeWriter writer, GpuStorage map, string name)
    {
        writer.Line("/// <summary>Whether an element is the first of a part's largest, row by row; none is where one of them is no number.</summary>");
        using (writer.Block($"private static bool {name}_IsLargest({View} map, int plane, int top, int bottom, int left, int right, int row, int column, float own)"))
        {
            using (writer.Block("for (int y = top; y < bottom; y++)"))
            using (writer.Block("for (int x = left; x < right; x++)"))
            {
                writer.Line($"float other = map[plane + {Times("y", map.Width)} + x];");
                writer.Line("if (!(other <= own) || other == own && (y < row || y == row && x < column))");
                writer.Line("    return false;");
            }

            writer.Line("return true;");
        }

        writer.Line();
    }

    /// <summary>Of each part the gradient times what the element counts in it: a share of its rows times one of its columns.</summary>
    private static void EmitShares(CodeWriter writer, GpuRegionPoolGradientKernel kernel, SamplingSpec sampling)
    {
        var (map, spec) = (kernel.Map, kernel.Spec);
        EmitGrid(writer, kernel, sampling);
        var (rows, columns) = SamplesOf(sampling);
        using (writer.Block($"for (int down = 0; down < {spec.Size.Height}; down++)"))
        {
            writer.Line($"float share = GpuRegions.Share(top + down * height, height, {rows}, {map.Height}, row);");
            writer.Line("if (share == 0f)");
            writer.Line("    continue;");
            writer.Line($"for (int right = 0; right < {spec.Size.Width}; right++)");
            writer.Line($"    sum += share * GpuRegions.Share(left + right * width, width, {columns}, {map.Width}, column) * gradient[{GradientOf(kernel)}];");
        }
    }

    /// <summary>Where the region's samples begin, how long its parts are, and how many samples each has.</summary>
    private static void EmitGrid(CodeWriter writer, GpuRegionKernel kernel, SamplingSpec sampling)
    {
        var (map, spec) = (kernel.Map, kernel.Spec);
        var offset = sampling.IsAligned ? " - 0.5f" : "";
        foreach (var (name, first, axis, parts) in new[] { ("height", "top", Vertical, spec.Size.Height), ("width", "left", Horizontal, spec.Size.Width) })
        {
            writer.Line($"float {first} = {Scaled(axis.First, spec)}{offset};");
            writer.Line($"float {name} = Math.Max({Scaled(axis.Last, spec)} - {Scaled(axis.First, spec)}, {(sampling.IsAligned ? "0f" : "1f")}){(parts == 1 ? "" : " / " + Literal.Float(parts))};");
        }

        if (sampling.Ratio > 0)
            return;
        writer.Line($"int rows = GpuRegions.Samples(height, {map.Height});");
        writer.Line($"int columns = GpuRegions.Samples(width, {map.Width});");
    }

    private static (string Rows, string Columns) SamplesOf(SamplingSpec sampling) =>
        sampling.Ratio > 0 ? (Literal.Number(sampling.Ratio), Literal.Number(sampling.Ratio)) : ("rows", "columns");

    private static string GradientOf(GpuRegionKernel kernel) => Sum("gradients", Times($"(down * {Literal.Number(kernel.Spec.Size.Width)} + right)", kernel.Regions), "region");

    private static string PartBound(string bound, RegionSpec spec, (int First, int Last) axis, string part, int parts, int length) =>
        $"GpuRegions.Part{bound}({Scaled(axis.First, spec)}, {Scaled(axis.Last, spec)}, {part}, {Literal.Number(parts)}, {Literal.Number(length)})";

    private static (int First, int Last) Horizontal => (0, 2);

    private static (int First, int Last) Vertical => (1, 3);

    /// <summary>A number of the region, in the map's pixels.</summary>
    private static string Scaled(int number, RegionSpec spec) => $"regions[{Plus("box", number)}]{(spec.Scale == 1 ? "" : " * " + Literal.Float(spec.Scale))}";
}
