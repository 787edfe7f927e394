using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>A layer that reduces windows of each channel to one number.</summary>
internal abstract class ReferencePool(Node node) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input)
    {
        var output = new Tensor(node.OutputShape);
        ForEachOutput((channel, row, column) =>
            output[channel, row, column] = Reduce(input, channel, RealElements(input, row, column), row, column));
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        ForEachOutput((channel, row, column) => Spread(
            input, inputGradient, channel, RealElements(input, row, column), row, column, outputGradient[channel, row, column]));
        return inputGradient;
    }

    /// <summary>Where the window's taps lie for one output pixel, in row-major order; some may lie in the padding or beyond it.</summary>
    protected abstract IEnumerable<(int Row, int Column)> Taps(TensorShape input, int row, int column);

    /// <summary>The window's number, from its elements that are no padding.</summary>
    protected abstract double Reduce(Tensor input, int channel, List<(int Row, int Column)> elements, int row, int column);

    /// <summary>Adds one output's gradient to the elements that it came from.</summary>
    protected abstract void Spread(
        Tensor input, Tensor inputGradient, int channel, List<(int Row, int Column)> elements, int row, int column, double gradient);

    protected static IEnumerable<(int Row, int Column)> TapsOfWindow(Window window, int row, int column)
    {
        for (var kernelRow = 0; kernelRow < window.Kernel.Height; kernelRow++)
        {
            for (var kernelColumn = 0; kernelColumn < window.Kernel.Width; kernelColumn++)
            {
                yield return (
                    (row * window.Stride.Height) - window.Padding.Top + (kernelRow * window.Dilation.Height),
                    (column * window.Stride.Width) - window.Padding.Left + (kernelColumn * window.Dilation.Width));
            }
        }
    }

    protected static IEnumerable<(int Row, int Column)> AllPixels(TensorShape input)
    {
        for (var row = 0; row < input.Height; row++)
            for (var column = 0; column < input.Width; column++)
                yield return (row, column);
    }

    protected static (int Row, int Column) ArgMax(Tensor input, int channel, List<(int Row, int Column)> elements)
    {
        // Strictly larger: of equal elements the first in row-major order wins, as in PyTorch.
        var best = elements[0];
        foreach (var element in elements)
        {
            if (input[channel, element.Row, element.Column] > input[channel, best.Row, best.Column])
                best = element;
        }

        return best;
    }

    private List<(int Row, int Column)> RealElements(Tensor input, int row, int column)
    {
        var elements = Taps(input.Shape, row, column).Where(tap => input.Contains(tap.Row, tap.Column)).ToList();
        return elements.Count > 0
            ? elements
            : throw new InvalidOperationException($"{node.Name}: the window at row {row}, column {column} lies in the padding alone, so it has no {node.Layer.Kind}.");
    }

    private void ForEachOutput(Action<int, int, int> visit)
    {
        for (var channel = 0; channel < node.OutputShape.Channels; channel++)
            for (var row = 0; row < node.OutputShape.Height; row++)
                for (var column = 0; column < node.OutputShape.Width; column++)
                    visit(channel, row, column);
    }
}

/// <summary>The largest element; padding never wins; the first of equal ones takes the gradient.</summary>
internal class ReferenceMaxPool(Window? window, Node node) : ReferencePool(node)
{
    protected override IEnumerable<(int Row, int Column)> Taps(TensorShape input, int row, int column) =>
        window is null ? AllPixels(input) : TapsOfWindow(window, row, column);

    protected override double Reduce(Tensor input, int channel, List<(int Row, int Column)> elements, int row, int column)
    {
        var (bestRow, bestColumn) = ArgMax(input, channel, elements);
        return input[channel, bestRow, bestColumn];
    }

    protected override void Spread(
        Tensor input, Tensor inputGradient, int channel, List<(int Row, int Column)> elements, int row, int column, double gradient)
    {
        var (bestRow, bestColumn) = ArgMax(input, channel, elements);
        inputGradient[channel, bestRow, bestColumn] += gradient;
    }
}

/// <summary>The largest element of each channel.</summary>
internal sealed class ReferenceGlobalMaxPool(Node node) : ReferenceMaxPool(null, node);

/// <summary>
/// The mean. With <see cref="AveragePoolLayer.CountPadding"/> the divisor counts the taps that lie in the padded input (not what a ceiling
/// window reaches beyond it), as PyTorch's count_include_pad; without, the real elements.
/// </summary>
internal sealed class ReferenceAveragePool(AveragePoolLayer layer, Node node) : ReferencePool(node)
{
    protected override IEnumerable<(int Row, int Column)> Taps(TensorShape input, int row, int column) =>
        TapsOfWindow(layer.Window, row, column);

    protected override double Reduce(Tensor input, int channel, List<(int Row, int Column)> elements, int row, int column) =>
        elements.Sum(e => input[channel, e.Row, e.Column]) / Divisor(input.Shape, elements, row, column);

    protected override void Spread(
        Tensor input, Tensor inputGradient, int channel, List<(int Row, int Column)> elements, int row, int column, double gradient)
    {
        var share = gradient / Divisor(input.Shape, elements, row, column);
        foreach (var element in elements)
            inputGradient[channel, element.Row, element.Column] += share;
    }

    private int Divisor(TensorShape input, List<(int Row, int Column)> elements, int row, int column)
    {
        if (!layer.CountPadding)
            return elements.Count;
        var padding = layer.Window.Padding;
        return TapsOfWindow(layer.Window, row, column).Count(tap =>
            tap.Row < input.Height + padding.Bottom && tap.Column < input.Width + padding.Right);
    }
}

/// <summary>The mean of each channel.</summary>
internal sealed class ReferenceGlobalAveragePool(Node node) : ReferencePool(node)
{
    protected override IEnumerable<(int Row, int Column)> Taps(TensorShape input, int row, int column) => AllPixels(input);

    protected override double Reduce(Tensor input, int channel, List<(int Row, int Column)> elements, int row, int column) =>
        elements.Average(e => input[channel, e.Row, e.Column]);

    protected override void Spread(
        Tensor input, Tensor inputGradient, int channel, List<(int Row, int Column)> elements, int row, int column, double gradient)
    {
        foreach (var element in elements)
            inputGradient[channel, element.Row, element.Column] += gradient / elements.Count;
    }
}
