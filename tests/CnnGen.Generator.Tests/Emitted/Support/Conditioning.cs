using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>How much rounding does to a network: the oracle against itself, with each number that a layer hands on moved by a float's rounding.</summary>
internal static class Conditioning
{
    private const int Trials = 4;

    /// <summary>The largest changes, number by number of <see cref="Comparison.Measure(EmittedModel, Expected, Runtime.InstructionSet)"/>.</summary>
    public static IReadOnlyList<double> Of(Network network, Expected expected)
    {
        var changes = Enumerable.Range(1, Trials).Select(seed => Changes(expected, expected.Rounded(network, seed))).ToList();
        var largest = Enumerable.Range(0, changes[0].Count).Select(i => changes.Max(change => change[i])).ToList();

        // What is measured beside these: one image's prediction, and the unused lanes, which nothing may change.
        return [.. largest, largest[0], 0];
    }

    private static List<double> Changes(Expected expected, Expected nudged) => Comparison.Measure(expected, new Comparison.Computed(
        nudged.Predictions.Flat(),
        nudged.Training.Outputs.Flat(),
        nudged.Training.Loss,
        nudged.Training.ImageGradients.Flat(),
        name => nudged.Training.ParameterGradients[name].ToFloats(),
        name => nudged.Training.RunningStatistics[name].ToFloats())).Select(measured => measured.Error).ToList();
}
