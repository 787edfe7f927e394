using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>The largest element of each part of a map, at one size or at several one after the other.</summary>
internal sealed class ReferenceParts(TensorShape shape, params Size2[] sizes) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input)
    {
        var output = new Tensor(shape);
        ForEach(input, (to, from) => output.Data[to] = input.Data[from]);
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var gradient = new Tensor(input.Shape);
        ForEach(input, (to, from) => gradient.Data[from] += outputGradient.Data[to]);
        return gradient;
    }

    private void ForEach(Tensor input, Action<int, int> visit)
    {
        var to = 0;
        foreach (var size in sizes)
        {
            for (var channel = 0; channel < input.Shape.Channels; channel++)
            {
                for (var i = 0; i < size.Height; i++)
                {
                    for (var j = 0; j < size.Width; j++)
                    {
                        var elements =
                            from row in Part(i, input.Shape.Height, size.Height)
                            from column in Part(j, input.Shape.Width, size.Width)
                            select (((channel * input.Shape.Height) + row) * input.Shape.Width) + column;
                        visit(to++, elements.MaxBy(element => input.Data[element]));
                    }
                }
            }
        }
    }

    private static IEnumerable<int> Part(int index, int length, int parts) => Enumerable.Range(0, length).Where(i =>
        i >= Math.Floor((double)index * length / parts) && i < Math.Ceiling((index + 1.0) * length / parts));
}
