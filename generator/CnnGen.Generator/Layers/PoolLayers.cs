using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The largest element of each window; padding never wins.</summary>
internal sealed record MaxPoolLayer(Window Window) : Layer
{
    public override string Kind => "MaxPool";

    public override Window? SlidingWindow => Window;

    public override ShapeResult InferShape(string name, TensorShape input) =>
        LayerRules.PoolShape(this, name, Window, input);

    public override bool? Rectifies => null;

    public override void Lower(Lowering to) => to.Add(new Pool(to.Label, PoolFunction.Max, Window, to.Input, to.Output));
}

/// <summary>The mean of each window.</summary>
/// <param name="Window">The window.</param>
/// <param name="CountPadding">Whether padding counts among what is averaged (as zeros), or only the image's own elements.</param>
internal sealed record AveragePoolLayer(Window Window, bool CountPadding = true) : Layer
{
    public override string Kind => "AveragePool";

    public override Window? SlidingWindow => Window;

    public override ShapeResult InferShape(string name, TensorShape input) =>
        LayerRules.PoolShape(this, name, Window, input);

    public override void Lower(Lowering to) => to.Add(new Pool(
        to.Label, CountPadding ? PoolFunction.AverageWithPadding : PoolFunction.AverageInside, Window, to.Input, to.Output));
}

/// <summary>The mean of each channel: C x H x W -> C x 1 x 1.</summary>
internal sealed record GlobalAveragePoolLayer : Layer
{
    public override string Kind => "GlobalAveragePool";

    public override Window? FieldOver(TensorShape input) => LayerRules.WholeWindow(input);

    public override ShapeResult InferShape(string name, TensorShape input) => LayerRules.GlobalPoolShape(this, name, input);

    public override void Lower(Lowering to) => to.Add(new Pool(to.Label, PoolFunction.AverageInside, LayerRules.WholeWindow(to.Input.Shape), to.Input, to.Output));
}

/// <summary>The largest element of each channel: C x H x W -> C x 1 x 1.</summary>
internal sealed record GlobalMaxPoolLayer : Layer
{
    public override string Kind => "GlobalMaxPool";

    public override Window? FieldOver(TensorShape input) => LayerRules.WholeWindow(input);

    public override ShapeResult InferShape(string name, TensorShape input) => LayerRules.GlobalPoolShape(this, name, input);

    public override void Lower(Lowering to) => to.Add(new Pool(to.Label, PoolFunction.Max, LayerRules.WholeWindow(to.Input.Shape), to.Input, to.Output));
}
