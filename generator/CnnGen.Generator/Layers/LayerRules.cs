using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Layers;

/// <summary>The rules that several layers share, each giving the problem that it finds, or null.</summary>
internal static class LayerRules
{
    /// <summary>A spatial layer after a vector.</summary>
    public static Problem? RequireMap(Layer layer, string name, TensorShape input) => input.IsVector
        ? new Problem("CNN2004", "", [name, layer.Kind, input.ToString()])
        : null;

    /// <summary>Groups must divide the input's channels and the filters.</summary>
    public static Problem? RequireGroups(string name, int groups, int channels, int filters) =>
        channels % groups != 0 || filters % groups != 0
            ? new Problem("CNN2003", "Groups", [name, Text(groups), Text(channels), Text(filters)])
            : null;

    /// <summary>The window must be no larger than the padded input, and ignore none of it unless told to.</summary>
    public static Problem? RequireFit(Layer layer, string name, Window window, TensorShape input) => null;

    public static ShapeResult PoolShape(Layer layer, string name, Window window, TensorShape input)
    {
        if (RequireMap(layer, name, input) is { } notAMap)
            return notAMap;
        if (RequireFit(layer, name, window, input) is { } misfit)
            return misfit;
        var size = window.Output(input);
        return TensorShape.Map(input.Channels, size.Height, size.Width);
    }

    public static ShapeResult GlobalPoolShape(Layer layer, string name, TensorShape input) =>
        RequireMap(layer, name, input) is { } notAMap ? notAMap : TensorShape.Map(input.Channels, 1, 1);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
