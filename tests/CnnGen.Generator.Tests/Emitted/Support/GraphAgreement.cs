using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A drawn graph's emitted code against the oracle, and against itself on other numbers of threads.</summary>
internal static class GraphAgreement
{
    /// <summary>What differs, in words; empty where nothing does.</summary>
    public static string Wrong(EmittedModel model, Expected expected, IEnumerable<InstructionSet> sets)
    {
        using var own = new OwnThreads();
        foreach (var set in sets)
        {
            Threads.Count = 2;
            var wrong = Comparison.Wrong(model, expected, set);
            if (wrong.Count > 0)
                return $"On {set}:\n{string.Join("\n", wrong)}";
            if (!AgreesOnThreads(model, expected))
                return $"On {set}: other bits on another number of threads.";
        }

        return "";
    }

    private static bool AgreesOnThreads(EmittedModel model, Expected expected)
    {
        float[]? first = null;
        for (var threads = 1; threads <= 3; threads++)
        {
            Threads.Count = threads;
            model.SetParameters(expected.Parameters);
            var images = expected.Images.Flat();
            var gradients = new float[images.Length];
            float[] all =
            [
                .. model.Predict(images, expected.Count),
                .. Step(model, expected, images, gradients),
                .. gradients,
            ];
            first ??= all;
            if (!first.AsSpan().SequenceEqual(all))
                return false;
        }

        return true;
    }

    private static float[] Step(EmittedModel model, Expected expected, float[] images, float[] gradients)
    {
        model.ComputeGradients(images, expected.Targets.Flat(), expected.Count, 3, [], gradients);
        return model.Parameters.Gradients.ToArray();
    }
}
