using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Emitting;

/// <summary>Prints the typed handles: one class a layer, with its numbers as constants and its parameters.</summary>
internal static class HandleEmitter
{
    public static void Emit(CodeWriter writer, Network network)
    {
        foreach (var node in network.Nodes.Skip(1))
        {
            writer.Line($"/// <summary>{SummaryRows.KindOf(node)}: {node.InputShape} -> {node.OutputShape}.</summary>");
            writer.Line($"public Layers.{Identifiers.Escape(node.Name)} {Identifiers.Escape(node.Name)} {{ get; }}");
            writer.Line();
        }

        writer.Line("/// <summary>The types of the layers' handles.</summary>");
        using (writer.Block("public static class Layers"))
        {
            var isFirst = true;
            foreach (var node in network.Nodes.Skip(1))
            {
                if (!isFirst)
                    writer.Line();
                isFirst = false;
                EmitHandle(writer, node);
            }
        }

        writer.Line();
    }

    private static void EmitHandle(CodeWriter writer, Node node)
    {
        writer.Line($"/// <summary>{SummaryRows.KindOf(node)}: {node.InputShape} -> {node.OutputShape}.</summary>");
        using (writer.Block($"public sealed class {Identifiers.Escape(node.Name)}"))
        {
            using (writer.Block($"internal {Identifiers.Escape(node.Name)}({(node.Parameters.Count > 0 ? "global::CnnGen.Runtime.ParameterStore parameters" : "")})"))
            {
                foreach (var parameter in node.Parameters)
                    writer.Line($"{parameter.PropertyName} = parameters[{Literal.Text(node.TensorName + "." + parameter.Name)}];");
            }

            writer.Line();
            EmitShape(writer, "Input", "reads", node.InputShape);
            writer.Line();
            EmitShape(writer, "Output", "computes", node.OutputShape);
            foreach (var (name, value, summary) in Constants(node.Layer))
            {
                writer.Line();
                writer.Line($"/// <summary>{summary}</summary>");
                writer.Line($"public const int {name} = {Literal.Number(value)};");
            }

            foreach (var parameter in node.Parameters)
            {
                writer.Line();
                writer.Line($"/// <summary>{node.TensorName}.{parameter.Name}: {string.Join(" x ", parameter.Dimensions.Select(d => Literal.Number(d)))}.</summary>");
                writer.Line($"public global::CnnGen.Parameter {parameter.PropertyName} {{ get; }}");
            }
        }
    }

    private static void EmitShape(CodeWriter writer, string side, string verb, TensorShape shape)
    {
        writer.Line($"/// <summary>What the layer {verb}: {shape}.</summary>");
        writer.Line($"public static global::CnnGen.ImageShape {side}Shape => new({Literal.Number(shape.Channels)}, {Literal.Number(shape.Height)}, {Literal.Number(shape.Width)});");
    }

    /// <summary>The layer's own numbers.</summary>
    public static IEnumerable<(string Name, int Value, string Summary)> Constants(Layer layer)
    {
        if (layer is Conv2DLayer conv)
        {
            yield return ("Filters", conv.Filters, "Filters: the output's channels.");
            yield return ("Groups", conv.Groups, "Groups that channels and filters are cut into.");
        }

        if (layer is DenseLayer dense)
            yield return ("Units", dense.Units, "Units: the output's features.");
        if (layer.SlidingWindow is not { } window)
            yield break;
        yield return ("KernelHeight", window.Kernel.Height, "Rows of the kernel.");
        yield return ("KernelWidth", window.Kernel.Width, "Columns of the kernel.");
        yield return ("StrideHeight", window.Stride.Height, "Input rows from one output row to the next.");
        yield return ("StrideWidth", window.Stride.Width, "Input columns from one output column to the next.");
        yield return ("PaddingHeight", window.Padding.Height, "Rows of zeros above and below.");
        yield return ("PaddingWidth", window.Padding.Width, "Columns of zeros left and right.");
    }
}
