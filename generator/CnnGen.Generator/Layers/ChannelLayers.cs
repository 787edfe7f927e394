using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>Groups of channels mixed (Zhang et al. 2018).</summary>
internal sealed record ChannelShuffleLayer(int Groups) : Layer
{
    public override string Kind => "ChannelShuffle";

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input) =>
        LayerRules.RequireDivisor(name, "groups", Groups, input) is { } undivided ? undivided : input;

    public override void Lower(Lowering to)
    {
        if (Groups == 1 || Groups == to.Input.Shape.Channels)
            to.PassThrough();
        else
            to.Add(new ChannelShuffle(to.Label, Groups, to.Input, to.Output));
    }
}

/// <summary>Some of the channels, one after the other.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many.</param>
internal sealed record ChannelSliceLayer(int First, int Count) : Layer
{
    public override string Kind => "ChannelSlice";

    public override string Description => "ChannelSlice " + Numbers.Print(First) + ", " + Numbers.Print(Count);

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequirePart(name, "count", Count, input.IsVector ? "features" : "channels", First, input.Channels) is { } beyond)
            return beyond;
        return input.WithChannels(Count);
    }

    public override void Lower(Lowering to)
    {
        if (Count == to.Input.Shape.Channels)
            to.PassThrough();
        else
            to.Add(new Slice(to.Label, to.Input, First, to.Output));
    }
}

/// <summary>The largest of each so many neighbouring channels (Goodfellow et al. 2013).</summary>
internal sealed record MaxoutLayer(int Pieces) : Layer
{
    public override string Kind => "Maxout";

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireDivisor(name, "pieces", Pieces, input) is { } undivided)
            return undivided;
        return input.WithChannels(input.Channels / Pieces);
    }

    public override void Lower(Lowering to)
    {
        if (Pieces == 1)
            to.PassThrough();
        else
            to.Add(new LargestChannel(to.Label, Pieces, to.Input, to.Output));
    }
}
