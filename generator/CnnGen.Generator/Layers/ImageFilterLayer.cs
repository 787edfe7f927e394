using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The kernels of image processing.</summary>
internal enum FilterKind
{
    Identity,
    EdgeDetection,
    Laplacian,
    SobelX,
    SobelY,
    Sharpen,
    BoxBlur,
    GaussianBlur,
}

/// <summary>Each channel filtered with a kernel that is not trained, with zeros around the map.</summary>
/// <param name="Kernel">n x n numbers, row by row, of an odd n.</param>
internal sealed record ImageFilterLayer(EquatableArray<float> Kernel) : Layer
{
    public override string Kind => "ImageFilter";

    public override Window? FieldOver(TensorShape input) => new(Size2.Square(Size), Size2.One, Size2.Zero, Size2.One, Rounding.Exact);

    private int Size => (int)Math.Sqrt(Kernel.Count);

    public static bool IsKernel(int count) => (int)Math.Sqrt(count) is var size && size * size == count && size % 2 == 1;

    public static EquatableArray<float> KernelOf(FilterKind kind) => kind switch
    {
        FilterKind.EdgeDetection => [-1, -1, -1, -1, 8, -1, -1, -1, -1],
        FilterKind.Laplacian => [0, -1, 0, -1, 4, -1, 0, -1, 0],
        FilterKind.SobelX => [-1, 0, 1, -2, 0, 2, -1, 0, 1],
        FilterKind.SobelY => [-1, -2, -1, 0, 0, 0, 1, 2, 1],
        FilterKind.Sharpen => [0, -1, 0, -1, 5, -1, 0, -1, 0],
        FilterKind.BoxBlur => Enumerable.Repeat(1f / 9, 9).ToEquatableArray(),
        FilterKind.GaussianBlur => new[] { 1, 2, 1, 2, 4, 2, 1, 2, 1 }.Select(n => n / 16f).ToEquatableArray(),
        _ => [0, 0, 0, 0, 1, 0, 0, 0, 0],
    };

    public override ShapeResult InferShape(string name, TensorShape input) => LayerRules.RequireMap(this, name, input) is { } notAMap ? notAMap : input;

    public override long MultiplyAdds(TensorShape input, TensorShape output) => output.Length * Kernel.Count;

    /// <summary>Kernel rows that are multiples of one another are one product of a column and a row, which is one resampling; those of a kernel are added.</summary>
    public override void Lower(Lowering to)
    {
        var products = Products();
        if (products.Count == 0)
            products.Add((new float[Size], new float[Size]));
        var shape = to.Input.Shape;
        var parts = new List<Tensor>();
        foreach (var (column, row) in products)
        {
            var part = products.Count == 1 ? to.Output : to.Intermediate("Part" + Numbers.Print(parts.Count + 1), shape);
            to.Add(new Resampling(to.Label, Along(shape.Height, column), Along(shape.Width, row), to.Input, part));
            parts.Add(part);
        }

        if (parts.Count > 1)
        {
            var sum = Enumerable.Range(1, parts.Count - 1).Aggregate(Expression.X, (total, i) => new Expression.Add(total, new Expression.Operand(i)));
            to.Add(new Pointwise(to.Label, sum, parts, to.Output));
        }
    }

    private static AxisMap Along(int length, float[] taps) => AxisMap.Of(length, length, i => Enumerable.Range(0, taps.Length)
        .Select(tap => (Position: i + tap - (taps.Length / 2), Factor: (double)taps[tap]))
        .Where(tap => tap.Position >= 0 && tap.Position < length));

    /// <summary>The kernel as a sum of as few products of a column and a row as its rows allow.</summary>
    private List<(float[] Column, float[] Row)> Products()
    {
        var products = new List<(float[] Column, float[] Row)>();
        for (var u = 0; u < Size; u++)
        {
            var row = Kernel.Skip(u * Size).Take(Size).ToArray();
            if (row.All(tap => tap == 0))
                continue;
            var known = products.FindIndex(product => Multiple(row, product.Row) is not null);
            if (known < 0)
            {
                known = products.Count;
                products.Add((new float[Size], row));
            }

            products[known].Column[u] = Multiple(row, products[known].Row)!.Value;
        }

        return products;
    }

    /// <summary>By how much one row is another, where it is exactly.</summary>
    private static float? Multiple(float[] row, float[] of)
    {
        var place = Array.FindIndex(of, tap => tap != 0);
        var factor = row[place] / of[place];
        return Enumerable.Range(0, row.Length).All(i => row[i] == factor * of[i]) ? factor : null;
    }
}
