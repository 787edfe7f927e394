using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Emitting;

/// <summary>How documentation writes the numbers that a model's callers give and get.</summary>
internal static class MapText
{
    /// <summary>A node's numbers: <c>3x8x8 floats</c>, or <c>8x8x3 floats, the channels of a pixel one after the other</c>.</summary>
    public static string Floats(Network network, Node node)
    {
        var shape = node.OutputShape;
        return !IsInterleaved(network, shape)
            ? $"{shape} floats"
            : $"{Literal.Number(shape.Height)}x{Literal.Number(shape.Width)}x{Literal.Number(shape.Channels)} floats, the channels of a pixel one after the other";
    }

    /// <summary>The outputs of one image, of which the order counts where it isn't that of planes.</summary>
    public static string Scores(Network network) =>
        IsInterleaved(network, network.Output.OutputShape) ? Floats(network, network.Output) : Literal.Number(network.Output.OutputShape.Length) + " floats";

    private static bool IsInterleaved(Network network, TensorShape shape) => network.Layout == LayoutKind.ChannelsLast && !shape.IsVector;
}
