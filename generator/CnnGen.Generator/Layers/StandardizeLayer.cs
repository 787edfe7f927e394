using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>Each channel less a mean, over a deviation; both are constants, one a channel or one for all.</summary>
internal sealed record StandardizeLayer(EquatableArray<float> Mean, EquatableArray<float> Deviation) : Layer
{
    public override string Kind => "Standardize";

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        foreach (var (argument, numbers) in new[] { ("mean", Mean), ("deviation", Deviation) })
        {
            if (numbers.Count != 1 && numbers.Count != input.Channels)
            {
                return new Problem(
                    "CNN2028", argument, [name, Numbers.Print(numbers.Count), argument, Numbers.Print(input.Channels), input.IsVector ? "features" : "channels"]);
            }
        }

        return input;
    }

    public override void Lower(Lowering to)
    {
        var operands = new List<Tensor> { to.Input };
        var mean = Constant("Mean", Mean);
        var factor = Constant("Factor", Deviation.Select(deviation => 1 / deviation).ToEquatableArray());
        to.Add(new Pointwise(to.Label, Simplify.Multiply(factor, Simplify.Subtract(Expression.X, mean)), operands, to.Output));

        Expression Constant(string part, EquatableArray<float> values)
        {
            if (values.Count == 1)
                return new Expression.Constant(values[0]);
            var constants = to.Intermediate(part, TensorShape.Vector(values.Count));
            to.Add(new ChannelConstants(to.Label, values, constants));
            operands.Add(constants);
            return new Expression.Operand(operands.Count - 1);
        }
    }
}
