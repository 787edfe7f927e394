using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>sum over u, v of kernel[u, v] * x[i + u - n / 2, j + v - n / 2].</summary>
internal sealed class ReferenceImageFilter(ImageFilterLayer layer, Node node) : ReferenceLinear(node)
{
    protected override double[,] Of(double[,] plane) => Each((row, column) =>
    {
        var size = (int)Math.Sqrt(layer.Kernel.Count);
        double sum = 0;
        for (var u = 0; u < size; u++)
        {
            for (var v = 0; v < size; v++)
            {
                var (i, j) = (row + u - (size / 2), column + v - (size / 2));
                if (i >= 0 && j >= 0 && i < plane.GetLength(0) && j < plane.GetLength(1))
                    sum += layer.Kernel[(u * size) + v] * plane[i, j];
            }
        }

        return sum;
    });
}
