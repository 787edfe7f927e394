using System.Collections.Concurrent;
using System.Numerics;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>
/// A linear function of each channel's plane. Its gradient is found without being written down: of each element of the input alone, what the function makes of it.
/// </summary>
internal abstract class ReferenceLinear(Node node) : PerImageReferenceLayer
{
    private static readonly ConcurrentDictionary<(Layer, TensorShape), double[,][,]> s_shares = new();

    protected TensorShape OutputShape { get; } = node.OutputShape;

    protected sealed override Tensor Forward(Tensor input)
    {
        var output = new Tensor(OutputShape);
        var plane = new double[input.Shape.Height, input.Shape.Width];
        for (var channel = 0; channel < input.Shape.Channels; channel++)
        {
            ForEach(input.Shape, (row, column) => plane[row, column] = input[channel, row, column]);
            var result = Of(plane);
            ForEach(OutputShape, (row, column) => output[channel, row, column] = result[row, column]);
        }

        return output;
    }

    protected sealed override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var gradient = new Tensor(input.Shape);
        var shares = s_shares.GetOrAdd((node.Layer, input.Shape), _ => SharesOf(input.Shape));
        ForEach(input.Shape, (row, column) =>
        {
            var share = shares[row, column];
            for (var channel = 0; channel < input.Shape.Channels; channel++)
                ForEach(OutputShape, (i, j) => gradient[channel, row, column] += share[i, j] * outputGradient[channel, i, j]);
        });
        return gradient;
    }

    /// <summary>What becomes of a plane that is 1 at one element, for each: the same for every image and step.</summary>
    private double[,][,] SharesOf(TensorShape input)
    {
        var shares = new double[input.Height, input.Width][,];
        ForEach(input, (row, column) =>
        {
            var one = new double[input.Height, input.Width];
            one[row, column] = 1;
            shares[row, column] = Of(one);
        });
        return shares;
    }

    protected abstract double[,] Of(double[,] plane);

    protected double[,] Each(Func<int, int, double> element)
    {
        var result = new double[OutputShape.Height, OutputShape.Width];
        ForEach(OutputShape, (row, column) => result[row, column] = element(row, column));
        return result;
    }

    private static void ForEach(TensorShape shape, Action<int, int> visit)
    {
        for (var row = 0; row < shape.Height; row++)
        {
            for (var column = 0; column < shape.Width; column++)
                visit(row, column);
        }
    }
}

/// <summary>Zeros, the mirrored map, or its edge around it.</summary>
internal sealed class ReferencePad(PadLayer layer, Node node) : ReferenceLinear(node)
{
    protected override double[,] Of(double[,] plane) => Each((row, column) =>
    {
        var (i, j) = (row - layer.Top, column - layer.Left);
        if (layer.Mode == PaddingKind.Zero && (i < 0 || j < 0 || i >= plane.GetLength(0) || j >= plane.GetLength(1)))
            return 0;
        return plane[Within(i, plane.GetLength(0)), Within(j, plane.GetLength(1))];
    });

    private int Within(int index, int length) => layer.Mode == PaddingKind.Edge
        ? Math.Clamp(index, 0, length - 1)
        : length - 1 - Math.Abs(length - 1 - Math.Abs(index));
}

/// <summary>Some rows and columns.</summary>
internal sealed class ReferenceCrop(CropLayer layer, Node node) : ReferenceLinear(node)
{
    protected override double[,] Of(double[,] plane)
    {
        var top = layer.Corner.Height >= 0 ? layer.Corner.Height : (plane.GetLength(0) - layer.Height) / 2;
        var left = layer.Corner.Width >= 0 ? layer.Corner.Width : (plane.GetLength(1) - layer.Width) / 2;
        return Each((row, column) => plane[top + row, left + column]);
    }
}

/// <summary>The mean of the elements from floor(i * H / h) up to ceil((i + 1) * H / h).</summary>
internal sealed class ReferenceAdaptiveAveragePool(AdaptiveAveragePoolLayer layer, Node node) : ReferenceLinear(node)
{
    protected override double[,] Of(double[,] plane) => Each((row, column) =>
    {
        var elements = new List<double>();
        foreach (var i in Part(row, plane.GetLength(0), layer.Size.Height))
            elements.AddRange(Part(column, plane.GetLength(1), layer.Size.Width).Select(j => plane[i, j]));
        return elements.Average();
    });

    private static IEnumerable<int> Part(int index, int length, int parts) => Enumerable.Range(0, length).Where(i =>
        i >= Math.Floor((double)index * length / parts) && i < Math.Ceiling((index + 1.0) * length / parts));
}

/// <summary>Squares of equal pixels, or the four neighbours weighted by their distance, as PyTorch's interpolate.</summary>
internal sealed class ReferenceUpsample(UpsampleLayer layer, Node node) : ReferenceLinear(node)
{
    protected override double[,] Of(double[,] plane) => Each((row, column) =>
    {
        if (layer.Mode == ResizeKind.Nearest)
            return plane[row / layer.Factor, column / layer.Factor];
        double sum = 0;
        for (var i = 0; i < plane.GetLength(0); i++)
        {
            var share = Share(row, i, plane.GetLength(0));
            for (var j = 0; share != 0 && j < plane.GetLength(1); j++)
                sum += plane[i, j] * share * Share(column, j, plane.GetLength(1));
        }

        return sum;
    });

    /// <summary>1 at the element, falling to 0 at its neighbours.</summary>
    private double Share(int index, int element, int length)
    {
        var place = layer.AlignCorners
            ? (double)index * (length - 1) / Math.Max(1, (length * layer.Factor) - 1)
            : ((2.0 * index) + 1 - layer.Factor) / (2.0 * layer.Factor);
        return Math.Max(0, 1 - Math.Abs(Math.Clamp(place, 0, length - 1) - element));
    }
}

/// <summary>
/// The discrete Fourier transform of the plane, its low frequencies, and the transform back of so many; at an even size, the mean of both ends' highest ones.
/// </summary>
internal sealed class ReferenceSpectralPool(Node node) : ReferenceLinear(node)
{
    protected override double[,] Of(double[,] plane)
    {
        var coefficients = Coefficients(plane).ToList();
        return Each((row, column) =>
        {
            var sum = Complex.Zero;
            foreach (var (k, l, coefficient) in coefficients)
                sum += coefficient * Turn(((double)k * row / OutputShape.Height) + ((double)l * column / OutputShape.Width));
            Assert.True(Math.Abs(sum.Imaginary) < 1e-9);
            return sum.Real / plane.Length;
        });
    }

    /// <summary>The frequencies that stay, each with its share of the plane. Most planes here are 0 but at one element.</summary>
    private IEnumerable<(int Row, int Column, Complex Coefficient)> Coefficients(double[,] plane)
    {
        var (height, width) = (plane.GetLength(0), plane.GetLength(1));
        var elements = (from u in Enumerable.Range(0, height) from v in Enumerable.Range(0, width) where plane[u, v] != 0 select (Row: u, Column: v, Value: plane[u, v])).ToList();
        foreach (var (k, share) in Frequencies(OutputShape.Height))
        {
            foreach (var (l, otherShare) in Frequencies(OutputShape.Width))
            {
                var coefficient = Complex.Zero;
                foreach (var (u, v, value) in elements)
                    coefficient += value * Turn(-(((double)k * u / height) + ((double)l * v / width)));
                yield return (k, l, share * otherShare * coefficient);
            }
        }
    }

    private static IEnumerable<(int Frequency, double Share)> Frequencies(int count)
    {
        for (var k = -(count / 2); k <= count / 2; k++)
            yield return (k, count % 2 == 0 && Math.Abs(k) == count / 2 ? 0.5 : 1);
    }

    private static Complex Turn(double part) => Complex.FromPolarCoordinates(1, 2 * Math.PI * part);
}
