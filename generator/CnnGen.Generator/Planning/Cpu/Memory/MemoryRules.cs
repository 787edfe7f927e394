using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Planning.Cpu.Memory;

/// <summary>
/// Whether the memory of a plan can be indexed. Each tensor of a network that was resolved can; with whole vectors, halos, gradients and copies for
/// blocks of images, their sum may not.
/// </summary>
internal static class MemoryRules
{
    /// <summary>A plan has a few copies of each tensor, of a block's eight images some: below this estimate no plan is made to find out.</summary>
    private const long Harmless = int.MaxValue / 64;

    /// <summary>Parameters lie in one array, which has at most 0x7FFFFFC7 elements: these and those that align it.</summary>
    private const int MostParameters = 0x7FFFFFC7 - 128;

    public static Problem? Check(Network network)
    {
        if (network.Nodes.Sum(Estimate) < Harmless)
            return null;
        try
        {
            var plan = ModelPlan.Of(network);
            _ = new BufferLayout(plan.Training.Buffers);
            _ = new BufferLayout(plan.Explanation?.Forward.Buffers ?? []);
            return plan.Parameters.TotalLength <= MostParameters ? null : throw new OverflowException();
        }
        catch (OverflowException)
        {
            // The planner's sums are checked; which of them is too large, the network's largest part tells well enough.
            var largest = network.Nodes.OrderByDescending(Estimate).First();
            var isInput = largest == network.Input;
            return new Problem(
                "CNN2007",
                "",
                [
                    network.Name,
                    "the memory of its passes, of which " + (isInput ? "the image" : largest.FullName) + " takes most,",
                    Numbers.Print(SizeRules.Most),
                    (largest.Layer.Measure is { } measure ? "fewer " + measure + " or " : "") + "a smaller image",
                ]);
        }
    }

    /// <summary>
    /// Floats of a node's tensor, its parameters, and its windows written out one by one, as a product may want them; rather too many than too few. A double, since their product
    /// may pass what a long holds.
    /// </summary>
    private static double Estimate(Node node)
    {
        const double lanes = 32;
        var (input, output) = (node.InputShape, node.OutputShape);
        var channels = output.Channels + lanes;
        var pixels = (output.Height + lanes) * (output.Width + lanes);
        if (node.Layer.SlidingWindow is { } window)
            pixels = Math.Max(pixels, (input.Height + window.Padding.Rows.Sum + lanes) * (input.Width + window.Padding.Columns.Sum + lanes));
        var floats = channels * (output.IsVector ? 1 : pixels);
        foreach (var parameter in node.Parameters.Where(parameter => parameter.Dimensions.Count > 1))
        {
            var taps = parameter.Dimensions.Skip(2).Aggregate(1.0, (product, dimension) => product * dimension);
            floats += taps * (parameter.Dimensions[0] + lanes) * (parameter.Dimensions[1] + lanes);
            if (!output.IsVector)
                floats += taps * (Math.Max(input.Channels, output.Channels) + lanes) * Math.Max((output.Height + 1.0) * output.Width, (double)input.Height * input.Width);
        }

        return floats;
    }
}
