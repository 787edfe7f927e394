namespace ExplainSample.Looking;

/// <summary>Numbers of a map as a byte each: the place among the 256 colours of a colour map.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Low">What 0 stands for.</param>
/// <param name="High">What 255 stands for.</param>
/// <param name="Data">Height x Width bytes.</param>
internal sealed record MapReply(int Height, int Width, float Low, float High, byte[] Data);

/// <summary>What one layer makes of an image.</summary>
/// <param name="Layer">Its place, from 1.</param>
/// <param name="IsVector">Whether it has numbers and no maps.</param>
/// <param name="IsDiverging">Whether its numbers are on both sides of zero.</param>
/// <param name="Maps">Its first maps; of a vector one row with all of its numbers.</param>
internal sealed record LayerReply(int Layer, bool IsVector, bool IsDiverging, IReadOnlyList<MapReply> Maps);

/// <summary>What the network makes of an image.</summary>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Layers">Its layers; none where only outputs were asked for.</param>
internal sealed record ImageReply(float[] Outputs, IReadOnlyList<LayerReply> Layers);

/// <summary>A rectangle of the image.</summary>
internal sealed record AreaReply(int Top, int Left, int Height, int Width);

/// <summary>A small picture with a word about it.</summary>
/// <param name="Picture">A PNG as a data address.</param>
/// <param name="Text">What it is.</param>
internal sealed record PictureReply(string Picture, string Text);

/// <summary>A patch of an image of the data set that excites a map.</summary>
/// <param name="Patch">What the strongest element sees.</param>
/// <param name="Projection">What is projected there from its activation.</param>
/// <param name="Value">The activation.</param>
/// <param name="Label">The image's class; null where it has none.</param>
internal sealed record TopReply(string Patch, string Projection, float Value, string? Label);

/// <summary>What is known of one map of a layer.</summary>
internal sealed record MapDetailReply
{
    /// <summary>Where it is strongest for the image: row and column.</summary>
    public required int Y { get; init; }

    /// <inheritdoc cref="Y"/>
    public required int X { get; init; }

    /// <summary>How strong.</summary>
    public required float Value { get; init; }

    /// <summary>What that element sees of the image.</summary>
    public required AreaReply Field { get; init; }

    /// <summary>What its activation is projected back to.</summary>
    public required MapReply Projection { get; init; }

    /// <summary>The filters that make the map, a picture a channel.</summary>
    public required IReadOnlyList<PictureReply> Filters { get; init; }

    /// <summary>What these are, or why there are none.</summary>
    public required string FilterText { get; init; }

    /// <summary>The strongest activations over the data set.</summary>
    public required IReadOnlyList<TopReply> Top { get; init; }

    /// <summary>What these are, or why there are none.</summary>
    public required string TopText { get; init; }

    /// <summary>Whether there will be some in a moment.</summary>
    public required bool IsLooking { get; init; }
}

/// <summary>A map of the image: what a class's score hangs on.</summary>
/// <param name="Map">The map, of the image's size.</param>
/// <param name="IsDiverging">Whether its numbers are on both sides of zero.</param>
/// <param name="Text">What is seen.</param>
internal sealed record OverlayReply(MapReply Map, bool IsDiverging, string Text);

/// <summary>An image of the data set.</summary>
/// <param name="Pixels">H x W x C bytes.</param>
/// <param name="Index">Its number.</param>
/// <param name="Label">Its class; null where it has none.</param>
internal sealed record ExampleReply(byte[] Pixels, int Index, string? Label);

/// <summary>A picture that was read and brought to the network's size.</summary>
/// <param name="Pixels">H x W x C bytes.</param>
/// <param name="Width">What it was.</param>
/// <param name="Height">What it was.</param>
internal sealed record DecodedReply(byte[] Pixels, int Width, int Height);

/// <summary>Why there is no answer.</summary>
/// <param name="Error">A sentence.</param>
internal sealed record FaultReply(string Error);
