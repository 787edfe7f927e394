using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>What a join makes of the elements at one place of its paths.</summary>
internal enum JoinKind
{
    Add,
    Multiply,
    Average,
    Maximum,
}

/// <summary>Several paths of one shape, joined element by element; a factor of one element a channel counts at every pixel.</summary>
internal sealed record JoinLayer(JoinKind Function) : Layer
{
    public override string Kind => Function.ToString();

    public override bool IsJoin => true;

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override ShapeResult InferShape(string name, IReadOnlyList<LayerInput> inputs)
    {
        // The path with the most elements has the shape; a gate may stand before what it opens.
        var shape = inputs.OrderByDescending(input => input.Shape.Length).First();
        return inputs.FirstOrDefault(input => input.Shape != shape.Shape && !IsGate(input.Shape, shape.Shape)) is { } misfit
            ? JoinRules.Misfit(this, name, inputs.First(input => input == shape || input == misfit), inputs.Last(input => input == shape || input == misfit))
            : shape.Shape;
    }

    public override void Lower(Lowering to)
    {
        var operands = Enumerable.Range(0, to.Inputs.Count).Select(i => (Expression)new Expression.Operand(i));
        to.AddPointwise(Function switch
        {
            JoinKind.Multiply => operands.Aggregate((a, b) => new Expression.Multiply(a, b)),
            // The derivative's choice is the second where that is larger: of equal ones the gradient is the first's.
            JoinKind.Maximum => operands.Aggregate((a, b) => new Expression.Maximum(a, b)),
            JoinKind.Average => new Expression.Multiply(new Expression.Constant(1f / to.Inputs.Count), operands.Aggregate((a, b) => new Expression.Add(a, b))),
            _ => operands.Aggregate((a, b) => new Expression.Add(a, b)),
        });
    }

    private bool IsGate(TensorShape gate, TensorShape shape) =>
        Function == JoinKind.Multiply && !shape.IsVector && gate.Channels == shape.Channels && gate.Length == gate.Channels;
}

/// <summary>What joins say of paths that don't fit one another.</summary>
internal static class JoinRules
{
    public static Problem Misfit(Layer layer, string name, LayerInput first, LayerInput second) => new(
        "CNN2009",
        "",
        [name, layer.Kind, first.Name, first.Shape.ToString(), second.Name, second.Shape.ToString(), Mend(first, second)]);

    /// <summary>The 1x1 convolution that gives one path the other's shape: the larger map becomes smaller.</summary>
    private static string Mend(LayerInput first, LayerInput second)
    {
        if (first.Shape.WithChannels(1) == second.Shape.WithChannels(1) && (first.Shape.IsVector || first.Shape.IsRegions))
            return "a Dense(" + Numbers.Print(first.Shape.Channels) + ") at the end of the branch of " + second.Name;
        if (first.Shape.IsVector || second.Shape.IsVector)
            return "a Dense or Flatten layer at the end of neither or both";
        var (changed, wanted) = (long)first.Shape.Height * first.Shape.Width > (long)second.Shape.Height * second.Shape.Width ? (first, second) : (second, first);
        var height = Stride(changed.Shape.Height, wanted.Shape.Height);
        var width = Stride(changed.Shape.Width, wanted.Shape.Width);
        if (height is null || width is null)
            return "layers in the branch of " + changed.Name + " that give " + wanted.Shape;
        var stride = height == 1 && width == 1 ? "" : ", Stride = " + Numbers.PrintArgument(new Size2(height.Value, width.Value));
        return "Conv2D(" + Numbers.Print(wanted.Shape.Channels) + ", 1" + stride + ") at the end of the branch of " + changed.Name;
    }

    private static int? Stride(int from, int to)
    {
        var stride = (from + to - 1) / to;
        return (from - 1) / stride + 1 == to ? stride : null;
    }
}
