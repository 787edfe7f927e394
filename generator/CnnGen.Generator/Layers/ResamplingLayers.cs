using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>What stands outside a map.</summary>
internal enum PadMode
{
    Zero,
    Reflect,
    Edge,
}

/// <summary>A layer that is a linear map along each axis of a map.</summary>
internal abstract record ResamplingLayer : Layer
{
    public override bool? Rectifies => null;

    /// <summary>What each row of the output takes.</summary>
    protected abstract AxisMap Rows(TensorShape input);

    /// <summary>What each column of the output takes.</summary>
    protected abstract AxisMap Columns(TensorShape input);

    /// <summary>Whether so many elements are taken that one axis after the other is less work than both at once.</summary>
    protected virtual bool IsDense => false;

    public override void Lower(Lowering to)
    {
        var (rows, columns) = (Rows(to.Input.Shape), Columns(to.Input.Shape));
        if (rows.IsIdentity && columns.IsIdentity)
        {
            to.PassThrough();
            return;
        }

        if (!IsDense || rows.IsIdentity || columns.IsIdentity)
        {
            to.Add(new Resampling(to.Label, rows, columns, to.Input, to.Output));
            return;
        }

        var shape = to.Input.Shape;
        var narrow = to.Intermediate("Rows", TensorShape.Map(shape.Channels, rows.Count, shape.Width));
        to.Add(new Resampling(to.Label, rows, AxisMap.Identity(shape.Width), to.Input, narrow));
        to.Add(new Resampling(to.Label, AxisMap.Identity(rows.Count), columns, narrow, to.Output));
    }
}

/// <summary>Rows and columns around a map.</summary>
internal sealed record PadLayer(int Top, int Left, int Bottom, int Right, PadMode Mode) : ResamplingLayer
{
    public override string Kind => "Pad";

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        if (Mode == PadMode.Reflect && (Reflects(name, "rows", Math.Max(Top, Bottom), input.Height) ?? Reflects(name, "columns", Math.Max(Left, Right), input.Width)) is { } tooFar)
            return tooFar;
        var (height, width) = ((long)Top + input.Height + Bottom, (long)Left + input.Width + Right);
        return SizeRules.CheckResized(name, "", "less padding", input, height, width) is { } huge
            ? huge
            : TensorShape.Map(input.Channels, (int)height, (int)width);
    }

    protected override AxisMap Rows(TensorShape input) => Along(input.Height, Top, Bottom);

    protected override AxisMap Columns(TensorShape input) => Along(input.Width, Left, Right);

    private static Problem? Reflects(string name, string what, int padding, int size) => padding < size
        ? null
        : new Problem("CNN2021", "Mode", [name, Numbers.Print(padding), what, Numbers.Print(size), Numbers.Print(size - 1)]);

    private AxisMap Along(int length, int before, int after) => AxisMap.Of(length, before + length + after, i =>
    {
        var at = i - before;
        if (at >= 0 && at < length)
            return [(at, 1)];
        return Mode switch
        {
            PadMode.Zero => [],
            PadMode.Edge => [(at < 0 ? 0 : length - 1, 1)],
            _ => [(at < 0 ? -at : (2 * (length - 1)) - at, 1)],
        };
    });
}

/// <summary>A part of a map.</summary>
/// <param name="Height">Rows that are kept.</param>
/// <param name="Width">Columns that are kept.</param>
/// <param name="Corner">The first of them; -1 for the middle.</param>
internal sealed record CropLayer(int Height, int Width, Size2 Corner) : ResamplingLayer
{
    public static Size2 Middle { get; } = new(-1, -1);

    public override string Kind => "Crop";

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        var (top, left) = (Math.Max(0, Corner.Height), Math.Max(0, Corner.Width));
        return (LayerRules.RequirePart(name, "height", Height, "rows", top, input.Height)
            ?? LayerRules.RequirePart(name, "width", Width, "columns", left, input.Width)) is { } beyond
            ? beyond
            : TensorShape.Map(input.Channels, Height, Width);
    }

    protected override AxisMap Rows(TensorShape input) => Along(input.Height, Height, Corner.Height);

    protected override AxisMap Columns(TensorShape input) => Along(input.Width, Width, Corner.Width);

    private static AxisMap Along(int length, int count, int first) => AxisMap.Of(length, count, i => [((first < 0 ? (length - count) / 2 : first) + i, 1)]);
}

/// <summary>The mean of each of a number of parts.</summary>
internal sealed record AdaptiveAveragePoolLayer(Size2 Size) : ResamplingLayer
{
    public override string Kind => "AdaptiveAveragePool";

    public override Window? FieldOver(TensorShape input) => MapParts.Largest(input, Size);

    public override bool? Rectifies => false;

    public override ShapeResult InferShape(string name, TensorShape input) =>
        LayerRules.RequireMap(this, name, input) is { } notAMap ? notAMap : TensorShape.Map(input.Channels, Size.Height, Size.Width);

    public override void Lower(Lowering to)
    {
        // Parts of one size are the windows of a pooling, which has faster kernels.
        if (MapParts.AsWindows(to.Input.Shape, Size) is { } window)
            to.Add(new Pool(to.Label, PoolFunction.AverageInside, window, to.Input, to.Output));
        else
            base.Lower(to);
    }

    protected override AxisMap Rows(TensorShape input) => Along(input.Height, Size.Height);

    protected override AxisMap Columns(TensorShape input) => Along(input.Width, Size.Width);

    private static AxisMap Along(int length, int count) => AxisMap.Of(length, count, i =>
    {
        var (first, end) = MapParts.Of(i, count, length);
        return Enumerable.Range(first, end - first).Select(position => (position, 1.0 / (end - first)));
    });
}

/// <summary>The low frequencies of a map (Rippel, Snoek, Adams 2015).</summary>
internal sealed record SpectralPoolLayer(Size2 Size) : ResamplingLayer
{
    public override string Kind => "SpectralPool";

    public override Window? FieldOver(TensorShape input) => LayerRules.WholeWindow(input);

    public override bool? Rectifies => false;

    protected override bool IsDense => true;

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        return (LayerRules.RequirePart(name, "height", Size.Height, "rows", 0, input.Height)
            ?? LayerRules.RequirePart(name, "width", Size.Width, "columns", 0, input.Width)) is { } beyond
            ? beyond
            : TensorShape.Map(input.Channels, Size.Height, Size.Width);
    }

    protected override AxisMap Rows(TensorShape input) => Along(input.Height, Size.Height);

    protected override AxisMap Columns(TensorShape input) => Along(input.Width, Size.Width);

    /// <summary>
    /// y[i] = 1 / N * sum over the frequencies k of cos(2 pi k (i / n - u / N)) x[u]: the transform, the crop and the transform back in one. Of an even n, the highest frequency is
    /// the mean of those at both ends, which makes the result real.
    /// </summary>
    private static AxisMap Along(int length, int count) => AxisMap.Of(length, count, i => Enumerable.Range(0, length).Select(u =>
    {
        var turn = ((double)i / count) - ((double)u / length);
        var sum = 1.0;
        for (var k = 1; 2 * k < count; k++)
            sum += 2 * Math.Cos(2 * Math.PI * k * turn);
        if (count % 2 == 0)
            sum += Math.Cos(Math.PI * i) * Math.Cos(Math.PI * count * u / length);
        return (u, Math.Abs(sum) < 1e-12 ? 0 : sum / length);
    }));
}
