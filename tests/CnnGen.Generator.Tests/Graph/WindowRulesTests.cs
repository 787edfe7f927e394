using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Graph;

/// <summary>The rule of what is ignored, against a count of the rows that no window touches.</summary>
public sealed class WindowRulesTests
{
    [Fact]
    public void Ignored_is_what_no_window_touches_at_the_end_beyond_the_gap_between_windows()
    {
        for (var input = 1; input <= 14; input++)
        for (var kernel = 1; kernel <= 5; kernel++)
        for (var stride = 1; stride <= 6; stride++)
        for (var padding = 0; padding <= 3; padding++)
        {
            if (kernel > input + (2 * padding))
                continue;
            var window = new Window(Size2.Square(kernel), Size2.Square(stride), Size2.Square(padding), Size2.One, CnnGen.Generator.Shapes.Rounding.Floor);
            var output = window.Output(TensorShape.Map(1, input, input)).Height;
            var end = ((output - 1) * stride) + kernel - padding;
            var missed = Math.Max(0, input - end);
            var gap = Math.Max(0, stride - kernel);

            var expected = missed > gap ? missed : 0;

            Assert.Equal(expected, WindowRules.Ignored(input, kernel, stride, new Sides(padding, padding)));
        }
    }

    [Fact]
    public void Ceiling_never_leaves_input_out_where_exact_would_complain()
    {
        for (var input = 1; input <= 14; input++)
        for (var kernel = 1; kernel <= 5; kernel++)
        for (var stride = 1; stride <= 6; stride++)
        for (var padding = 0; padding <= kernel / 2; padding++)
        {
            if (kernel > input + (2 * padding) || WindowRules.Ignored(input, kernel, stride, new Sides(padding, padding)) == 0)
                continue;
            var window = new Window(Size2.Square(kernel), Size2.Square(stride), Size2.Square(padding), Size2.One, CnnGen.Generator.Shapes.Rounding.Ceiling);
            var output = window.Output(TensorShape.Map(1, input, input)).Height;
            var start = ((output - 1) * stride) - padding;

            Assert.True(start < input, "The last window begins inside the input.");
            Assert.True(start + kernel >= input, "The last window reaches the input's end.");
        }
    }
}
