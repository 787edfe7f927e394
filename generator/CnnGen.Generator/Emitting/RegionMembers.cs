using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Emitting;

/// <summary>What regions add to a model's members: nothing where it takes none.</summary>
internal sealed class RegionMembers
{
    private readonly Network _network;
    private readonly string _class;

    private RegionMembers(EmitRequest request) => (_network, _class) = (request.Network, request.ClassName);

    public static RegionMembers Of(EmitRequest request) => new(request);

    /// <summary>The parameter of the passes, between images and what follows them.</summary>
    public static string ParameterOf(Network network) => network.Regions > 0 ? "global::System.ReadOnlySpan<float> regions, " : "";

    public string Parameter => ParameterOf(_network);

    public string Argument => _network.Regions > 0 ? "regions, " : "";

    private string Count => Literal.Number(_network.Regions);

    private string Model => Literal.Text(_network.Name);

    /// <summary>The argument for some of the images.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many there are.</param>
    public string PartOf(string first, string count)
    {
        var length = Literal.Number(_network.Regions * RegionSpec.RegionLength);
        return _network.Regions > 0 ? $"regions.Slice({first} * {length}, {count} * {length}), " : "";
    }

    public static void EmitCount(CodeWriter writer, EmitRequest request)
    {
        writer.Line("/// <summary>The regions that come with each image; where there are fewer, the others are zeros.</summary>");
        writer.Line($"public const int RegionCount = {Literal.Number(request.Network.Regions)};");
        writer.Line();
        writer.Line($"static int global::CnnGen.IModel<{request.ClassName}>.RegionCount => RegionCount;");
        writer.Line();
    }

    public void EmitDocumentation(CodeWriter writer, bool isOne)
    {
        if (_network.Regions > 0)
            writer.Line($"/// <param name=\"regions\">{(isOne ? "" : "count x ")}{Count} x 4 floats: x1, y1, x2, y2 in pixels of the image. A region with x2 &lt;= x1 or y2 &lt;= y1 is empty.</param>");
    }

    public void EmitInspectDocumentation(CodeWriter writer)
    {
        if (_network.Regions == 0)
        {
            writer.Line("/// <inheritdoc/>");
            return;
        }

        writer.Line("/// <summary>Computes what every layer makes of some images and their regions, by running statistics and without dropout, as a prediction does.</summary>");
        writer.Line($"/// <param name=\"images\">count x {MapText.Floats(_network, _network.Input)}.</param>");
        EmitDocumentation(writer, isOne: false);
        writer.Line("/// <param name=\"count\">The number of images, 1 or more.</param>");
        writer.Line("/// <returns>The layers' outputs, and gradients from any of them on.</returns>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A span has another length.</exception>");
    }

    public void EmitCheck(CodeWriter writer, params string[] written)
    {
        if (_network.Regions == 0)
            return;
        foreach (var span in written)
            writer.Line($"global::CnnGen.Runtime.ModelChecks.Regions({Model}, RegionCount, regions, count, {span});");
    }

    /// <summary>Where an output is a row for each region and the loss compares classes, nothing can be wanted of an empty one.</summary>
    public void EmitTargetCheck(CodeWriter writer)
    {
        if (_network.ComparesRegions)
            writer.Line($"global::CnnGen.Runtime.ModelChecks.EmptyRegions({Model}, RegionCount, regions, targets{(_network.Layout == LayoutKind.ChannelsLast ? ", global::CnnGen.Layout.ChannelsLast" : "")});");
    }

    /// <summary>What code for any model calls: it says what is missing.</summary>
    public void EmitWithout(CodeWriter writer)
    {
        if (_network.Regions == 0)
            return;
        var fault = $"throw global::CnnGen.Runtime.ModelChecks.NeedsRegions({Model}, RegionCount);";
        writer.Line($"void global::CnnGen.IModel<{_class}>.Predict(global::System.ReadOnlySpan<float> images, global::System.Span<float> scores, int count) => {fault}");
        writer.Line();
        if (_network.IsTrainable)
        {
            writer.Line($"double global::CnnGen.ITrainableModel<{_class}>.ComputeGradients(global::System.ReadOnlySpan<float> images, global::System.ReadOnlySpan<float> targets, int count, ulong dropoutSeed, global::System.Span<float> scores, global::System.Span<float> imageGradients) => {fault}");
            writer.Line();
        }

        if (_network.IsExplainable)
        {
            writer.Line($"global::CnnGen.Inspection global::CnnGen.IExplainableModel<{_class}>.Inspect(global::System.ReadOnlySpan<float> images, int count) => {fault}");
            writer.Line();
        }
    }
}
