using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>
/// Prints products in tiles. A group's threads fetch a strip of each factor into memory that they share, wait for one another, multiply, wait again, and go on to the next strips. Each thread has some rows and
/// columns of the tile in registers: of so many elements that it reads there it makes their product's number of multiplications.
/// </summary>
internal static class GpuTileEmitter
{
    private static readonly string[] s_parts = ["X", "Y", "Z", "W"];

    public static void Emit(CodeWriter writer, TiledConvolutionKernel kernel, string name)
    {
        var (shape, after) = (kernel.Shape, kernel.After);
        var product = new Product(kernel, kernel.Tile, shape.Groups, shape.Filters, Times("count", shape.Output.Pixels), shape.Depth, new WeightRows(shape), new WindowColumns(shape));
        Emit(writer, product, name, StoredViews(after));
        EmitStore(writer, product, name, after, shape.Output, shape.Filters);
    }

    public static void Emit(CodeWriter writer, TiledInputGradientKernel kernel, string name)
    {
        var (shape, after) = (kernel.Shape, kernel.After);
        var product = new Product(
            kernel, kernel.Tile, shape.Groups, shape.Channels, Times("count", shape.Input.Pixels), shape.Filters * shape.Taps, new WeightChannels(shape), new GradientColumns(shape));
        Emit(writer, product, name, StoredViews(after));
        EmitStore(writer, product, name, after, shape.Input, shape.Channels);
    }

    public static void Emit(CodeWriter writer, TiledWeightGradientKernel kernel, string name)
    {
        var shape = kernel.Shape;
        var product = new Product(kernel, kernel.Tile, shape.Groups, shape.Filters, Literal.Number(shape.Depth), null, new GradientPlanes(shape), new WindowRows(shape)) { Parts = kernel.Parts };
        Emit(writer, product, name, ["result"]);
        EmitWeightStore(writer, product, name, shape);
    }

    /// <summary>A product, by what its text depends on.</summary>
    /// <param name="Kernel">The kernel.</param>
    /// <param name="Tile">How it is cut up.</param>
    /// <param name="Groups">Products side by side.</param>
    /// <param name="Rows">Rows of one product's result.</param>
    /// <param name="Columns">Its columns, as text.</param>
    /// <param name="Depth">Products that an element sums; null where that depends on the batch.</param>
    /// <param name="Left">What has the rows.</param>
    /// <param name="Right">What has the columns.</param>
    private sealed record Product(GpuKernel Kernel, GpuTile Tile, int Groups, int Rows, string Columns, int? Depth, GpuTileFactor Left, GpuTileFactor Right)
    {
        /// <summary>Parts of the batch that are summed by themselves.</summary>
        public int Parts { get; init; } = 1;

        public int RowTiles => Tile.RowTiles(Rows);

        public bool HasUnusedRows => Rows % Tile.Rows != 0;

        public string DepthText => Depth is { } depth ? Literal.Number(depth) : "depth";

        public bool HasUnusedDepth => Depth is not { } depth || depth % GpuTile.Depth != 0;

        /// <summary>What the columns are bounded by; null where the last tile is full.</summary>
        public string? ColumnBound => int.TryParse(Columns, out var columns) && columns % Tile.Columns == 0 ? null : Columns.IndexOf(' ') >= 0 ? "columns" : Columns;

        /// <summary>The numbers of the tile's place that a store has to know, beside row and column.</summary>
        public IEnumerable<string> Places =>
            [.. Groups > 1 ? (string[])["group"] : [], .. Parts > 1 ? (string[])["part"] : [], .. ColumnBound is { } bound && !char.IsDigit(bound[0]) ? (string[])[bound] : []];
    }

    private static void Emit(CodeWriter writer, Product product, string name, IReadOnlyList<string> stored)
    {
        var tile = product.Tile;
        using (Open(writer, product.Kernel, name))
        {
            writer.Line($"{View} rowStrip = SharedMemory.Allocate<float>({GpuTile.Depth * tile.Rows});");
            writer.Line($"{View} columnStrip = SharedMemory.Allocate<float>({GpuTile.Depth * tile.Columns});");
            writer.Line($"Quads rowQuads = rowStrip.Cast<Float4>();");
            writer.Line($"Quads columnQuads = columnStrip.Cast<Float4>();");
            writer.Line("int thread = Group.IdxX;");
            EmitPlace(writer, product);
            writer.Line();
            writer.Line("// What this thread fetches of each strip.");
            var left = new Fetch(product.Left, "row", product, tile.Rows, product.HasUnusedRows ? Literal.Number(product.Rows) : null);
            var right = new Fetch(product.Right, "column", product, tile.Columns, product.ColumnBound);
            left.EmitOuter(writer);
            right.EmitOuter(writer);
            writer.Line();
            for (var row = 0; row < tile.ThreadRows; row++)
                writer.Line($"float {string.Join(", ", Enumerable.Range(0, tile.ThreadColumns).Select(column => Sum(row, column) + " = 0f"))};");
            using (writer.Block($"for (int start = 0; start < {product.DepthText}; start += {GpuTile.Depth})"))
            {
                left.EmitFetch(writer);
                right.EmitFetch(writer);
                writer.Line("Group.Barrier();");
                EmitProducts(writer, tile);
                writer.Line("Group.Barrier();");
            }

            writer.Line();
            EmitStores(writer, product, name, stored);
        }

        writer.Line();
    }

    /// <summary>The tile that the group computes, and the elements of it that the thread has.</summary>
    private static void EmitPlace(CodeWriter writer, Product product)
    {
        var tile = product.Tile;
        var rest = "Grid.IdxY";
        if (product.Parts > 1)
        {
            writer.Line($"int part = {Divided("Grid.IdxY", product.Groups * product.RowTiles)};");
            rest = Remainder("Grid.IdxY", product.Groups * product.RowTiles);
        }

        if (product.Groups > 1)
        {
            writer.Line($"int group = {Divided(rest, product.RowTiles)};");
            rest = Remainder(rest, product.RowTiles);
        }

        writer.Line($"int firstRow = {(product.RowTiles == 1 ? "0" : Times(rest, tile.Rows))};");
        writer.Line($"int firstColumn = Grid.IdxX * {tile.Columns};");
        if (product.ColumnBound == "columns")
            writer.Line($"int columns = {product.Columns};");
        if (product.Depth is null)
        {
            writer.Line($"int images = {(product.Parts == 1 ? "count" : $"(count + {product.Parts - 1}) / {product.Parts}")};");
            writer.Line($"int firstImage = {(product.Parts == 1 ? "0" : "part * images")};");
            var pixels = ((TiledWeightGradientKernel)product.Kernel).Shape.Output.Pixels;
            writer.Line($"int depth = {(product.Parts == 1 ? Times("count", pixels) : Times("Math.Max(0, Math.Min(images, count - firstImage))", pixels))};");
        }

        writer.Line($"int threadRow = {Times(Divided("thread", tile.ThreadsAcross), tile.ThreadRows)};");
        writer.Line($"int threadColumn = {Times(Remainder("thread", tile.ThreadsAcross), tile.ThreadColumns)};");
        writer.Line($"int rowQuad = threadRow / 4;");
        writer.Line($"int columnQuad = threadColumn / 4;");
    }

    /// <summary>The products of one strip, unrolled.</summary>
    private static void EmitProducts(CodeWriter writer, GpuTile tile)
    {
        var (rowQuads, columnQuads) = (tile.ThreadRows / 4, tile.ThreadColumns / 4);
        for (var depth = 0; depth < GpuTile.Depth; depth++)
        {
            using (writer.Block())
            {
                writer.Line($"Float4 {Quads("a", "rowQuads", "rowQuad", rowQuads, depth * tile.Rows / 4)};");
                writer.Line($"Float4 {Quads("b", "columnQuads", "columnQuad", columnQuads, depth * tile.Columns / 4)};");
                for (var row = 0; row < tile.ThreadRows; row++)
                {
                    var products = Enumerable.Range(0, tile.ThreadColumns)
                        .Select(column => $"{Sum(row, column)} += a{row / 4}.{s_parts[row % 4]} * b{column / 4}.{s_parts[column % 4]};");
                    writer.Line(string.Join(" ", products));
                }
            }
        }

        static string Quads(string name, string strip, string index, int count, int offset) => string.Join(
            ", ", Enumerable.Range(0, count).Select(quad => $"{name}{Literal.Number(quad)} = {strip}[{Plus(index, offset + quad)}]"));
    }

    private static void EmitStores(CodeWriter writer, Product product, string name, IReadOnlyList<string> stored)
    {
        var tile = product.Tile;
        for (var column = 0; column < tile.ThreadColumns; column++)
        {
            var sums = Enumerable.Range(0, tile.ThreadRows).Select(row => Sum(row, column));
            var arguments = stored.Concat(product.Places).Concat(["firstRow + threadRow", Plus("firstColumn + threadColumn", column)]).Concat(sums);
            writer.Line($"{name}_Store({string.Join(", ", arguments)});");
        }
    }

    private static string Sum(int row, int column) => $"s{Literal.Number(row)}{Literal.Number(column)}";

    private static CodeWriter.Scope OpenStore(CodeWriter writer, Product product, string name, IReadOnlyList<string> stored)
    {
        var parameters = stored.Select(view => View + " " + view).Concat(product.Places.Concat(["row", "column"]).Select(place => "int " + place))
            .Concat(Enumerable.Range(0, product.Tile.ThreadRows).Select(row => "float sum" + Literal.Number(row)));
        writer.Line($"/// <summary>Stores one column of a thread's sums.</summary>");
        var scope = writer.Block($"private static void {name}_Store({string.Join(", ", parameters)})");
        if (product.ColumnBound is { } bound)
        {
            writer.Line($"if (column >= {bound})");
            writer.Line("    return;");
        }

        return scope;
    }

    private static IReadOnlyList<string> StoredViews(GpuEpilogue after) =>
        [.. after.HasBias ? (string[])["bias"] : [], "result", .. Enumerable.Range(1, after.OperandStrides.Count).Select(i => "x" + Literal.Number(i))];

    /// <summary>Sums as planes: a row is a channel, a column a pixel of an image.</summary>
    private static void EmitStore(CodeWriter writer, Product product, string name, GpuEpilogue after, GpuStorage result, int perGroup)
    {
        using (OpenStore(writer, product, name, StoredViews(after)))
        {
            if (product.Groups > 1)
                writer.Line($"int channel = group * {perGroup} + row;");
            var channel = product.Groups > 1 ? "channel" : "row";
            writer.Line($"int image = {Divided("column", result.Pixels)};");
            writer.Line($"int inImage = {GpuText.Sum(Times(channel, result.Pixels), Remainder("column", result.Pixels))};");
            writer.Line($"int at = {Times("image", result.ImageStride)} + inImage;");
            for (var i = 0; i < after.OperandStrides.Count; i++)
            {
                if (after.OperandStrides[i] != result.ImageStride)
                    writer.Line($"int at{i + 1} = {Times("image", after.OperandStrides[i])} + inImage;");
            }

            string Element(int operand, int row)
            {
                var index = after.OperandStrides[operand - 1] == result.ImageStride ? "at" : "at" + Literal.Number(operand);
                return $"x{Literal.Number(operand)}[{Plus(index, row * result.Pixels)}]";
            }

            EmitRows(writer, product, row =>
            {
                var value = After(writer, after, "sum" + Literal.Number(row), Plus(channel, row), operand => Element(operand, row), $"r{Literal.Number(row)}");
                writer.Line($"result[{Plus("at", row * result.Pixels)}] = {value};");
            });
        }

        writer.Line();
    }

    /// <summary>Sums as a weights file has them: a row is a filter, a column one of its numbers; each part of the batch has all of them.</summary>
    private static void EmitWeightStore(CodeWriter writer, Product product, string name, GpuConvolution shape)
    {
        using (OpenStore(writer, product, name, ["result"]))
        {
            var filter = GpuText.Sum(product.Parts > 1 ? $"part * {shape.Output.Channels}" : "", product.Groups > 1 ? $"group * {shape.Filters}" : "", "row");
            writer.Line($"int at = {Times(filter.IndexOf(' ') >= 0 ? $"({filter})" : filter, shape.Depth)} + column;");
            EmitRows(writer, product, row => writer.Line($"result[{Plus("at", row * shape.Depth)}] = sum{row};"));
        }

        writer.Line();
    }

    private static void EmitRows(CodeWriter writer, Product product, Action<int> store)
    {
        for (var row = 0; row < product.Tile.ThreadRows; row++)
        {
            using (product.HasUnusedRows ? writer.Block($"if ({Plus("row", row)} < {Literal.Number(product.Rows)})") : default(CodeWriter.Scope?))
                store(row);
        }
    }

    /// <summary>How a group's threads fetch a strip of a factor.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="name">Row or column: what the outer index is called.</param>
    /// <param name="product">The product.</param>
    /// <param name="length">Rows or columns of the tile.</param>
    /// <param name="bound">What the outer index is bounded by; null where the last tile is full.</param>
    private sealed class Fetch(GpuTileFactor factor, string name, Product product, int length, string? bound)
    {
        private int Threads => product.Tile.Threads;

        private int Fetches => GpuTile.Depth * length / Threads;

        private string Strip => name + "Strip";

        /// <summary>The suffix of locals of the outer index for one of the fetches.</summary>
        private string Outer(int fetch) => factor.IsDepthFirst && Fetches > 1 ? Literal.Number(fetch) : "";

        private string Depth(int fetch) => factor.IsDepthFirst || Fetches == 1 ? "" : Literal.Number(fetch);

        public void EmitOuter(CodeWriter writer)
        {
            if (factor.IsDepthFirst)
            {
                writer.Line($"int {name}Depth = thread % {GpuTile.Depth};");
                writer.Line($"int {name}Place = {Times("thread % " + Literal.Number(GpuTile.Depth), length)} + thread / {GpuTile.Depth};");
            }
            else if (Threads > length)
            {
                writer.Line($"int {name}Depth = thread / {length};");
            }

            var first = name == "row" ? "firstRow" : "firstColumn";
            for (var fetch = 0; fetch < (factor.IsDepthFirst ? Fetches : 1); fetch++)
            {
                var suffix = Outer(fetch);
                var index = factor.IsDepthFirst ? Plus($"{first} + thread / {Literal.Number(GpuTile.Depth)}", fetch * Threads / GpuTile.Depth) : $"{first} + {(Threads == length ? "thread" : Remainder("thread", length))}";
                writer.Line($"int {name}{suffix} = {index};");
                factor.EmitOuter(writer, name + suffix, suffix);
            }
        }

        public void EmitFetch(CodeWriter writer)
        {
            for (var fetch = 0; fetch < Fetches; fetch++)
            {
                if (fetch == 0 || !factor.IsDepthFirst)
                {
                    var depth = Depth(fetch);
                    var from = factor.IsDepthFirst || Threads > length ? $"start + {name}Depth" : "start";
                    var local = factor.IsDepthFirst ? $"{name}At" : $"{name}At{depth}";
                    writer.Line($"int {local} = {Plus(from, factor.IsDepthFirst ? 0 : fetch * Threads / length)};");
                    factor.EmitDepth(writer, local, depth);
                }

                var place = factor.IsDepthFirst ? Plus(name + "Place", fetch * Threads / GpuTile.Depth) : Plus("thread", fetch * Threads);
                var conditions = Conditions(Outer(fetch), Depth(fetch)).ToList();
                var element = factor.Element(Outer(fetch), Depth(fetch));
                writer.Line($"{Strip}[{place}] = {(conditions.Count == 0 ? element : $"{string.Join(" && ", conditions)} ? {element} : 0f")};");
            }
        }

        private IEnumerable<string> Conditions(string outer, string depth)
        {
            if (bound is not null)
                yield return $"{name}{outer} < {bound}";
            if (product.HasUnusedDepth)
                yield return $"{name}At{depth} < {product.DepthText}";
            if (factor.Condition(outer, depth) is { Length: > 0 } condition)
                yield return condition;
        }
    }
}
