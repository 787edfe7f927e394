using System.Globalization;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Graphs that read regions: a map of the image's size or half of it, what its regions hold, and layers over that.</summary>
internal sealed partial class RandomGraphs
{
    /// <summary>A class of its own, with the name that is given.</summary>
    public static string RegionsDeclaration(int seed, string name) => new RandomGraphs(seed) { _isAny = true }.DrawRegions(name);

    private string DrawRegions(string name)
    {
        Shape = TensorShape.Map(Pick(1, 2, 3, 5, 8), Between(4, 10), Between(4, 10));
        var input = Shape;
        (_loss, _outputs) = (Pick(LossKind.CrossEntropy, LossKind.Huber, LossKind.BinaryCrossEntropy), Between(2, 5));
        if (!Chance(4))
            Line(Same(Between(1, 2)));
        var isHalf = Chance(2);
        if (isHalf)
            Line("MaxPool(2, Rounding = Rounding.Ceiling)");
        var isJoined = Chance(3);
        if (isJoined)
        {
            // A part of a map lies in it.
            Line($"Branch, Conv2D({Channels()}, 3, Padding = 1), Tanh");
            Line("Branch, Tanh");
            Line("Concat");
        }

        var scale = isHalf ? ", SpatialScale = 0.5" : "";
        var size = string.Create(CultureInfo.InvariantCulture, $"{Between(1, 3)}, {Between(1, 3)}");
        Line(Chance(2)
            ? $"RoIPool({size}{scale})"
            : $"RoIAlign({size}{scale}{Pick("", ", SamplingRatio = 0", ", SamplingRatio = 3")}{Pick("", ", Aligned = false")})");
        var first = Pick("", "Tanh, ", "LayerNorm, ");

        // Of a single channel nothing would be left.
        Line((first == "LayerNorm, " && Shape.Channels == 1 && !isJoined ? "" : first) + $"Dense({Between(2, 9)}), {Pick("ReLU", "BatchNorm, Tanh", "Dropout(0.25), Sigmoid", "LayerNorm")}");
        if (Chance(2))
        {
            var units = Between(1, 6);
            Line($"Branch, Dense({units}), Tanh");
            Line($"Branch, Dense({units})");
            Line("Add");
        }

        Line(Chance(4) ? $"Flatten, Dense({_outputs}){End}" : $"Dense({_outputs}){End}");
        return $"[Model({input.Channels}, {input.Height}, {input.Width}, Regions = {Between(1, 5)}{(_loss == LossKind.CrossEntropy ? "" : ", Loss = Loss." + _loss)})]\n{_text}public partial class {name};\n";
    }
}
