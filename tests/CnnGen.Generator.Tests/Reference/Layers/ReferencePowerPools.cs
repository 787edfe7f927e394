using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>
/// (sum w |x|^p)^(1/p). Without a Gaussian curve the weights are 1 (times the window's elements over those that lie in the padded input, as in PyTorch); with one, exp(-d^2 / (2 sigma^2)) of the
/// distance d from the window's middle, over their sum.
/// </summary>
internal sealed class ReferenceLpPool(LpPoolLayer layer, Node node) : ReferencePool(node)
{
    protected override IEnumerable<(int Row, int Column)> Taps(TensorShape input, int row, int column) => TapsOfWindow(layer.Window, row, column);

    protected override double Reduce(Tensor input, int channel, List<(int Row, int Column)> elements, int row, int column) =>
        Math.Pow(Sum(input, channel, elements, row, column), 1 / (double)layer.Power);

    protected override void Spread(Tensor input, Tensor inputGradient, int channel, List<(int Row, int Column)> elements, int row, int column, double gradient)
    {
        double power = layer.Power;
        var sum = Sum(input, channel, elements, row, column);
        if (sum == 0)
            return;
        foreach (var (r, c) in elements)
        {
            var x = input[channel, r, c];
            inputGradient[channel, r, c] += gradient * Math.Pow(sum, (1 / power) - 1) * Weight(input.Shape, r, c, row, column) * Math.Sign(x) * Math.Pow(Math.Abs(x), power - 1);
        }
    }

    private double Sum(Tensor input, int channel, List<(int Row, int Column)> elements, int row, int column) =>
        elements.Sum(e => Weight(input.Shape, e.Row, e.Column, row, column) * Math.Pow(Math.Abs(input[channel, e.Row, e.Column]), layer.Power));

    private double Weight(TensorShape input, int r, int c, int row, int column)
    {
        var (kernel, padding) = (layer.Window.Kernel, layer.Window.Padding);
        if (layer.Sigma > 0)
        {
            var (h, v) = (r - (row * layer.Window.Stride.Height) + padding.Top, c - (column * layer.Window.Stride.Width) + padding.Left);
            return Gauss(h, kernel.Height) * Gauss(v, kernel.Width);
        }

        var counted = TapsOfWindow(layer.Window, row, column).Count(tap => tap.Row < input.Height + padding.Bottom && tap.Column < input.Width + padding.Right);
        return kernel.Height * kernel.Width / (double)counted;
    }

    private double Gauss(int tap, int count)
    {
        double Curve(int at) => Math.Exp(-Math.Pow(at - ((count - 1) / 2.0), 2) / (2 * Math.Pow(layer.Sigma, 2)));
        return Curve(tap) / Enumerable.Range(0, count).Sum(Curve);
    }
}

/// <summary>a * maximum + (1 - a) * mean of a window's elements that are no padding.</summary>
internal sealed class ReferenceMixedPool : ReferencePool
{
    private readonly MixedPoolLayer _layer;
    private readonly double[]? _weight;

    public ReferenceMixedPool(MixedPoolLayer layer, Node node, ParametersOfNode parameters)
        : base(node)
    {
        _layer = layer;
        if (layer.Mix is not null)
            return;
        _weight = parameters.Get("weight");
        Gradients["weight"] = new double[_weight.Length];
    }

    protected override IEnumerable<(int Row, int Column)> Taps(TensorShape input, int row, int column) => TapsOfWindow(_layer.Window, row, column);

    protected override double Reduce(Tensor input, int channel, List<(int Row, int Column)> elements, int row, int column)
    {
        var (largest, mean) = Both(input, channel, elements);
        return (Mix(channel) * largest) + ((1 - Mix(channel)) * mean);
    }

    protected override void Spread(Tensor input, Tensor inputGradient, int channel, List<(int Row, int Column)> elements, int row, int column, double gradient)
    {
        var (bestRow, bestColumn) = ArgMax(input, channel, elements);
        inputGradient[channel, bestRow, bestColumn] += gradient * Mix(channel);
        foreach (var (r, c) in elements)
            inputGradient[channel, r, c] += gradient * (1 - Mix(channel)) / elements.Count;
        if (_weight is null)
            return;
        var (largest, mean) = Both(input, channel, elements);
        Gradients["weight"][channel] += gradient * (largest - mean);
    }

    private double Mix(int channel) => _weight?[channel] ?? _layer.Mix!.Value;

    private static (double Largest, double Mean) Both(Tensor input, int channel, List<(int Row, int Column)> elements) =>
        (elements.Max(e => input[channel, e.Row, e.Column]), elements.Average(e => input[channel, e.Row, e.Column]));
}

/// <summary>
/// In training the element at which the sum of those above 0, row by row, passes a drawn share of the whole; in prediction the sum of their squares over their sum. 0 where none is above 0.
/// </summary>
internal sealed class ReferenceStochasticPool(StochasticPoolLayer layer, Node node, PassMode mode) : ReferenceLayer
{
    public override Tensor[] Forward(Tensor[][] inputs) => [.. inputs[0].Select((input, image) =>
    {
        var output = new Tensor(node.OutputShape);
        ForEach((channel, row, column, element) =>
        {
            var elements = Positive(input, channel, row, column);
            output[channel, row, column] = elements.Count == 0 ? 0
                : mode.IsTraining ? Drawn(elements, image, element).Value
                : elements.Sum(e => e.Value * e.Value) / elements.Sum(e => e.Value);
        });
        return output;
    })];

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients) => [[.. inputs[0].Select((input, image) =>
    {
        var gradient = new Tensor(input.Shape);
        ForEach((channel, row, column, element) =>
        {
            var elements = Positive(input, channel, row, column);
            if (elements.Count == 0)
                return;
            if (!mode.IsTraining)
            {
                var (sum, squares) = (elements.Sum(e => e.Value), elements.Sum(e => e.Value * e.Value));
                foreach (var e in elements)
                    gradient[channel, e.Row, e.Column] += outputGradients[image][channel, row, column] * ((2 * e.Value * sum) - squares) / (sum * sum);
                return;
            }

            var drawn = Drawn(elements, image, element);
            gradient[channel, drawn.Row, drawn.Column] += outputGradients[image][channel, row, column];
        });
        return gradient;
    })]];

    private (int Row, int Column, double Value) Drawn(List<(int Row, int Column, double Value)> elements, int image, int element)
    {
        var bound = (mode.Mask ?? throw new ArgumentException($"{node.Name} needs random numbers in training."))(node, image, element) * elements.Sum(e => e.Value);
        var passed = 0.0;
        foreach (var one in elements)
        {
            passed += one.Value;
            if (passed > bound)
                return one;
        }

        return elements[^1];
    }

    private List<(int Row, int Column, double Value)> Positive(Tensor input, int channel, int row, int column)
    {
        var window = layer.Window;
        var found = new List<(int, int, double)>();
        for (var h = 0; h < window.Kernel.Height; h++)
        {
            for (var v = 0; v < window.Kernel.Width; v++)
            {
                var (r, c) = ((row * window.Stride.Height) - window.Padding.Top + h, (column * window.Stride.Width) - window.Padding.Left + v);
                if (input.Contains(r, c) && input[channel, r, c] > 0)
                    found.Add((r, c, input[channel, r, c]));
            }
        }

        return found;
    }

    private void ForEach(Action<int, int, int, int> visit)
    {
        var (shape, element) = (node.OutputShape, 0);
        for (var channel = 0; channel < shape.Channels; channel++)
            for (var row = 0; row < shape.Height; row++)
                for (var column = 0; column < shape.Width; column++)
                    visit(channel, row, column, element++);
    }
}
