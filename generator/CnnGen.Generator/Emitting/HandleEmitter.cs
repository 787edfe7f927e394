using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Emitting;

/// <summary>Prints the typed handles: one class a layer, with its numbers as constants and its parameters.</summary>
internal static class HandleEmitter
{
    public static void Emit(CodeWriter writer, Network network) =>
        Emit(writer, TreeOf(network), network.Blocks.ToDictionary(block => string.Join(".", block.Path)));

    public static IReadOnlyList<HandleTree<Node>> TreeOf(Network network) => HandleTree<Node>.Of(network.Nodes.Skip(1), node => node.Path, node => node.LocalName);

    /// <summary>The statements of a constructor that make the handles; its parameters hide members of their names.</summary>
    public static void EmitAssignments(CodeWriter writer, IEnumerable<HandleTree<Node>> handles)
    {
        foreach (var handle in handles)
            writer.Line($"this.{Identifiers.Escape(handle.Name)} = new Layers.{Identifiers.Escape(handle.Name)}({(HasParameters(handle) ? "parameters" : "")});");
    }

    private static bool HasParameters(HandleTree<Node> handle) => handle.Layers.Any(node => node.Parameters.Count > 0);

    private static void Emit(CodeWriter writer, IReadOnlyList<HandleTree<Node>> handles, IReadOnlyDictionary<string, Block> blocks)
    {
        foreach (var handle in handles)
        {
            writer.Line($"/// <summary>{Describe(handle, blocks)}.</summary>");
            writer.Line($"public Layers.{Identifiers.Escape(handle.Name)} {Identifiers.Escape(handle.Name)} {{ get; }}");
            writer.Line();
        }

        writer.Line("/// <summary>The types of the layers' handles.</summary>");
        using (writer.Block("public static class Layers"))
        {
            var isFirst = true;
            foreach (var handle in handles)
            {
                if (!isFirst)
                    writer.Line();
                isFirst = false;
                EmitHandle(writer, handle, blocks);
            }
        }

        writer.Line();
    }

    private static string Describe(HandleTree<Node> handle, IReadOnlyDictionary<string, Block> blocks)
    {
        if (handle.Layer is { } node)
            return $"{node.Layer.Description}: {node.InputShape} -> {node.OutputShape}";
        var block = blocks[string.Join(".", handle.Path)];
        return $"{block.Kind}: {block.InputShape} -> {block.OutputShape}";
    }

    private static void EmitHandle(CodeWriter writer, HandleTree<Node> handle, IReadOnlyDictionary<string, Block> blocks)
    {
        var name = Identifiers.Escape(handle.Name);
        writer.Line($"/// <summary>{Describe(handle, blocks)}.</summary>");
        using (writer.Block($"public sealed class {name}"))
        {
            using (writer.Block($"internal {name}({(HasParameters(handle) ? "global::CnnGen.Runtime.ParameterStore parameters" : "")})"))
            {
                EmitAssignments(writer, handle.Members);
                foreach (var parameter in handle.Layer?.Parameters ?? [])
                    writer.Line($"{parameter.PropertyName} = parameters[{Literal.Text(handle.Layer!.TensorName + "." + parameter.Name)}];");
            }

            writer.Line();
            if (handle.Layer is { } node)
            {
                EmitLayer(writer, node);
                return;
            }

            var block = blocks[string.Join(".", handle.Path)];
            EmitShape(writer, "Input", "What the block reads", block.InputShape);
            writer.Line();
            EmitShape(writer, "Output", "What the block computes", block.OutputShape);
            writer.Line();
            Emit(writer, handle.Members, blocks);
        }
    }

    private static void EmitLayer(CodeWriter writer, Node node)
    {
        EmitShape(writer, "Input", "What the layer reads", node.InputShape);
        writer.Line();
        EmitShape(writer, "Output", "What the layer computes", node.OutputShape);
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

    private static void EmitShape(CodeWriter writer, string side, string what, TensorShape shape)
    {
        writer.Line($"/// <summary>{what}: {shape}.</summary>");
        writer.Line($"public static global::CnnGen.ImageShape {side}Shape => new({Literal.Number(shape.Channels)}, {Literal.Number(shape.Height)}, {Literal.Number(shape.Width)});");
    }

    /// <summary>The layer's own numbers, and those of its window.</summary>
    public static IEnumerable<LayerNumber> Constants(Layer layer)
    {
        foreach (var number in layer.Constants)
            yield return number;
        if (layer.SlidingWindow is not { } window)
            yield break;
        yield return new LayerNumber("KernelHeight", window.Kernel.Height, "Rows of the kernel.");
        yield return new LayerNumber("KernelWidth", window.Kernel.Width, "Columns of the kernel.");
        yield return new LayerNumber("StrideHeight", window.Stride.Height, "Input rows from one output row to the next.");
        yield return new LayerNumber("StrideWidth", window.Stride.Width, "Input columns from one output column to the next.");
        if (window.Padding.IsSymmetric)
        {
            yield return new LayerNumber("PaddingHeight", window.Padding.Top, "Rows of zeros above and below.");
            yield return new LayerNumber("PaddingWidth", window.Padding.Left, "Columns of zeros left and right.");
            yield break;
        }

        yield return new LayerNumber("PaddingTop", window.Padding.Top, "Rows of zeros above.");
        yield return new LayerNumber("PaddingLeft", window.Padding.Left, "Columns of zeros to the left.");
        yield return new LayerNumber("PaddingBottom", window.Padding.Bottom, "Rows of zeros below.");
        yield return new LayerNumber("PaddingRight", window.Padding.Right, "Columns of zeros to the right.");
    }
}
