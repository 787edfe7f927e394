using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>How elements between those of a map are found.</summary>
internal enum UpsampleMode
{
    Nearest,
    Bilinear,
}

/// <summary>A map at a multiple of its size: C x H x W -> C x factor H x factor W.</summary>
internal sealed record UpsampleLayer(int Factor, UpsampleMode Mode = UpsampleMode.Nearest, bool AlignCorners = false) : ResamplingLayer
{
    public override string Kind => "Upsample";

    /// <summary>Between two elements both are seen.</summary>
    public override Enlargement? Enlarges => Factor == 1 ? null : new(Size2.Square(Factor), Mode == UpsampleMode.Bilinear ? Size2.Square(Factor) : Size2.Zero);

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        var (height, width) = ((long)input.Height * Factor, (long)input.Width * Factor);
        return SizeRules.CheckResized(name, "factor", "a smaller factor", input, height, width) is { } huge
            ? huge
            : TensorShape.Map(input.Channels, (int)height, (int)width);
    }

    public override void Lower(Lowering to)
    {
        if (Mode == UpsampleMode.Bilinear || Factor == 1)
            base.Lower(to);
        else
            to.Add(new Upsampling(to.Label, Size2.Square(Factor), to.Input, to.Output));
    }

    protected override AxisMap Rows(TensorShape input) => Along(input.Height);

    protected override AxisMap Columns(TensorShape input) => Along(input.Width);

    /// <summary>As PyTorch's interpolate places them.</summary>
    private AxisMap Along(int length) => AxisMap.Of(length, length * Factor, i =>
    {
        var last = (length * Factor) - 1;
        var place = AlignCorners
            ? (last == 0 ? 0 : (double)i * (length - 1) / last)
            : Math.Max(0, ((i + 0.5) / Factor) - 0.5);
        var first = (int)place;
        var share = place - first;
        return first + 1 < length ? [(first, 1 - share), (first + 1, share)] : [(first, 1)];
    });
}
