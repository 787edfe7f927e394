using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Emitting;

/// <summary>Prints the typed handles: a property for each layer, and a class where it has parameters, with these and its numbers as constants.</summary>
internal static class HandleEmitter
{
    private const string LayerHandle = "global::CnnGen.LayerHandle";

    public static void Emit(CodeWriter writer, Network network, string className) => new Handles(writer, network, className).Emit(TreeOf(network));

    public static IReadOnlyList<HandleTree<Node>> TreeOf(Network network) => HandleTree<Node>.Of(network.Nodes.Skip(1), node => node.Path, node => node.LocalName);

    /// <summary>The statements of a constructor that make the handles; its parameters hide members of their names.</summary>
    public static void EmitAssignments(CodeWriter writer, Network network, string className) =>
        new Handles(writer, network, className).EmitAssignments(TreeOf(network));

    /// <summary>Whether a handle has a class of its own: that of a block has its layers, that of a layer its parameters.</summary>
    public static bool HasClass<T>(HandleTree<T> handle, Func<T, bool> hasParameters) where T : class => handle.Layer is not { } layer || hasParameters(layer);

    private sealed class Handles(CodeWriter writer, Network network, string className)
    {
        private readonly Dictionary<string, Block> _blocks = network.Blocks.ToDictionary(block => string.Join(".", block.Path));

        public void Emit(IReadOnlyList<HandleTree<Node>> handles)
        {
            foreach (var handle in handles)
            {
                var name = Identifiers.Escape(handle.Name);
                writer.Line($"/// <summary>{Describe(handle)}.</summary>");
                writer.Line($"public {(HasClass(handle) ? "Layers." + name : LayerHandle)} {name} {{ get; }}");
                writer.Line();
            }

            var own = handles.Where(HasClass).ToList();
            if (own.Count == 0)
                return;
            writer.Line("/// <summary>The types of the handles of layers that have parameters, and of blocks.</summary>");
            using (writer.Block("public static class Layers"))
            {
                var isFirst = true;
                foreach (var handle in own)
                {
                    if (!isFirst)
                        writer.Line();
                    isFirst = false;
                    EmitClass(handle);
                }
            }

            writer.Line();
        }

        public void EmitAssignments(IEnumerable<HandleTree<Node>> handles)
        {
            foreach (var handle in handles)
            {
                var made = !HasClass(handle) ? $"new({Arguments(handle)})"
                    : $"new Layers.{Identifiers.Escape(handle.Name)}({(HasParameters(handle) ? "parameters" : "")})";
                writer.Line($"this.{Identifiers.Escape(handle.Name)} = {made};");
            }
        }

        private static bool HasClass(HandleTree<Node> handle) => HasClass<Node>(handle, node => node.Parameters.Count > 0);

        private static bool HasParameters(HandleTree<Node> handle) => handle.Layers.Any(node => node.Parameters.Count > 0);

        /// <summary>What the base class's constructor is given.</summary>
        private string Arguments(HandleTree<Node> handle)
        {
            var (input, output) = ShapesOf(handle);
            var index = handle.Layer?.Index ?? BlockOf(handle).Output;
            return $"typeof({className}), {Literal.Number(index)}, {Literal.Text(string.Join(".", handle.Path))}, {ShapeText(input)}, {ShapeText(output)}";
        }

        private Block BlockOf(HandleTree<Node> handle) => _blocks[string.Join(".", handle.Path)];

        private (TensorShape Input, TensorShape Output) ShapesOf(HandleTree<Node> handle) =>
            handle.Layer is { } node ? (node.InputShape, node.OutputShape) : (BlockOf(handle).InputShape, BlockOf(handle).OutputShape);

        private string Describe(HandleTree<Node> handle)
        {
            var (input, output) = ShapesOf(handle);
            return $"{handle.Layer?.Layer.Description ?? BlockOf(handle).Kind}: {input} -> {output}";
        }

        private void EmitClass(HandleTree<Node> handle)
        {
            var name = Identifiers.Escape(handle.Name);
            writer.Line($"/// <summary>{Describe(handle)}.</summary>");
            using (writer.Block($"public sealed class {name} : {LayerHandle}"))
            {
                writer.Line($"internal {name}({(HasParameters(handle) ? "global::CnnGen.Runtime.ParameterStore parameters" : "")})");
                using (writer.Block($"    : base({Arguments(handle)})"))
                {
                    EmitAssignments(handle.Members);
                    foreach (var parameter in handle.Layer?.Parameters ?? [])
                        writer.Line($"{parameter.PropertyName} = parameters[{Literal.Text(handle.Layer!.TensorName + "." + parameter.Name)}];");
                }

                writer.Line();
                if (handle.Layer is { } node)
                    EmitLayer(node);
                else
                    Emit(handle.Members);
            }
        }

        private void EmitLayer(Node node)
        {
            var isFirst = true;
            foreach (var parameter in node.Parameters)
            {
                if (!isFirst)
                    writer.Line();
                isFirst = false;
                writer.Line($"/// <summary>{node.TensorName}.{parameter.Name}: {string.Join(" x ", parameter.Dimensions.Select(d => Literal.Number(d)))}.</summary>");
                writer.Line($"public global::CnnGen.Parameter {parameter.PropertyName} {{ get; }}");
            }

            foreach (var (name, value, summary) in Constants(node.Layer))
            {
                writer.Line();
                writer.Line($"/// <summary>{summary}</summary>");
                writer.Line($"public const int {name} = {Literal.Number(value)};");
            }
        }
    }

    private static string ShapeText(TensorShape shape) =>
        $"new({Literal.Number(shape.Channels)}, {Literal.Number(shape.Height)}, {Literal.Number(shape.Width)})";

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
