using System.Globalization;

namespace CnnGen.Insight;

/// <summary>Shapes as a model's table prints them.</summary>
internal static class LayerShapes
{
    /// <summary><c>6x28x28</c>, or <c>120</c> for a vector.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static ImageShape Read(LayerSummary layer)
    {
        var parts = layer.OutputShape.Split('x');
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts.Length is not (1 or 3) || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                throw new ArgumentException($"The shape '{layer.OutputShape}' of {layer.Name} is none: 6x28x28 or 120 was expected.");
        }

        return numbers.Length == 1 ? new ImageShape(numbers[0], 1, 1) : new ImageShape(numbers[0], numbers[1], numbers[2]);
    }
}
