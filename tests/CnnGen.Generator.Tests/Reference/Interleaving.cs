using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>What a model's callers have, H x W x C where its channels stand last, and the interpreter's order, C x H x W: element by element.</summary>
internal static class Interleaving
{
    /// <summary>As the network's callers have maps, of maps in the interpreter's order, one after the other.</summary>
    public static T[] Outer<T>(Network network, TensorShape shape, ReadOnlySpan<T> planes) => Turned(network, shape, planes, toOuter: true);

    /// <summary>In the interpreter's order, of maps as the network's callers have them.</summary>
    public static T[] Inner<T>(Network network, TensorShape shape, ReadOnlySpan<T> outer) => Turned(network, shape, outer, toOuter: false);

    private static T[] Turned<T>(Network network, TensorShape shape, ReadOnlySpan<T> source, bool toOuter)
    {
        var result = source.ToArray();
        if (network.Layout == LayoutKind.ChannelsFirst || shape.IsVector)
            return result;
        var (pixels, length) = (shape.Height * shape.Width, (int)shape.Length);
        for (var i = 0; i < source.Length; i++)
        {
            var (map, element) = (i / length * length, i % length);
            var (plane, pixel) = (element / pixels, element % pixels);
            var outer = map + (pixel * shape.Channels) + plane;
            if (toOuter)
                result[outer] = source[i];
            else
                result[i] = source[outer];
        }

        return result;
    }
}
