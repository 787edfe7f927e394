namespace CnnGen.Generator.Tests.Execution;

/// <summary>What the caller of a pass gives: a double for each float, a piece for each image where a pass takes one.</summary>
internal sealed class Caller
{
    public double[] Images { get; init; } = [];

    public double[] Targets { get; init; } = [];

    /// <summary>Receives the outputs; null where nobody asks.</summary>
    public double[]? Scores { get; init; }

    /// <summary>Receives gradients by the images; null where nobody asks.</summary>
    public double[]? ImageGradients { get; init; }

    public double[] Parameters { get; init; } = [];

    public double[] Gradients { get; init; } = [];

    public double[] Losses { get; init; } = [];

    public double[] Seed { get; init; } = [];

    public double[] Result { get; init; } = [];

    /// <summary>The images of the call.</summary>
    public required int Count { get; init; }

    public ulong DropoutSeed { get; init; }

    /// <summary>Of an explanation, the last node that is wanted.</summary>
    public int Last { get; init; }

    /// <summary>Of an explanation, the node whose output the seed is the gradient by.</summary>
    public int Layer { get; init; }
}
