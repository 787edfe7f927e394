using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Emitting;

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
            var plan = ModelPlan.Create(network);
            _ = new ArenaLayout(plan.Prediction, ModelPlan.PredictionBlock);
            _ = new BufferLayout(plan.Training);
            return plan.Parameters.TotalLength <= MostParameters ? null : throw new OverflowException();
        }
        catch (OverflowException)
        {
            // The planner's sums are checked; which of them is too large, the network's largest part tells well enough.
            var largest = network.Nodes.OrderByDescending(Estimate).First();
            var isInput = largest.Layer is InputLayer;
            return new Problem(
                "CNN2007",
                "",
                [
                    network.Name,
                    "the memory of its passes, of which " + (isInput ? "the image" : largest.FullName) + " takes most,",
                    Numbers.Print(SizeRules.Most),
                    largest.Layer switch
                    {
                        Conv2DLayer or LocallyConnected2DLayer => "fewer filters or a smaller image",
                        DenseLayer => "fewer units or a smaller image",
                        _ => "a smaller image",
                    },
                ]);
        }
    }

    /// <summary>Floats of a node's tensor and parameters, rather too many than too few; a double, since their product may pass what a long holds.</summary>
    private static double Estimate(Node node)
    {
        const double lanes = 32;
        var (input, output) = (node.InputShape, node.OutputShape);
        var window = node.Layer.SlidingWindow;
        var taps = window is null ? 1.0 : (double)window.Kernel.Height * window.Kernel.Width;
        var channels = output.Channels + lanes;
        var pixels = (output.Height + lanes) * (output.Width + lanes);
        if (window is not null)
            pixels = Math.Max(pixels, (input.Height + window.Padding.Rows.Sum + lanes) * (input.Width + window.Padding.Columns.Sum + lanes));
        var values = channels * (output.IsVector ? 1 : pixels);
        return node.Layer switch
        {
            Conv2DLayer => values + ((input.Channels + lanes) * taps * (channels + ((output.Height + 1.0) * output.Width))),
            DenseLayer => values + ((input.Channels + lanes) * channels),
            LocallyConnected2DLayer => values + ((double)output.Height * output.Width * output.Channels * ((input.Channels * taps) + 1)),
            Conv2DTransposeLayer conv => values + (channels * conv.Kernel.Height * conv.Kernel.Width * (input.Channels + lanes + ((double)input.Height * input.Width))),
            _ => values,
        };
    }
}
