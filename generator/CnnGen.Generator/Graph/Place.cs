using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Graph;

/// <summary>A line of a block's body.</summary>
/// <param name="Block">The block's id.</param>
/// <param name="Layer">The index among its layers.</param>
internal sealed record BlockLine(string Block, int Layer);

/// <summary>Where something is declared: one of the model's layers, or, where that is a block's use, a line of its body.</summary>
/// <param name="Layer">The index among the model's layers.</param>
internal sealed record Place(int Layer)
{
    /// <summary>The lines that lead there, outermost first; none for a layer of the model's own.</summary>
    public EquatableArray<BlockLine> Inside { get; init; } = [];

    /// <summary>Of which use of a block it is, for a message; empty for a layer of the model's own.</summary>
    public string Context { get; init; } = "";

    /// <summary>What it has in common with every other use of the same line.</summary>
    public object Line => Inside.Count == 0 ? Layer : Inside[Inside.Count - 1];

    /// <summary>A line of the block that is used here.</summary>
    public Place In(string block, int line, string context) => this with { Inside = [.. Inside, new BlockLine(block, line)], Context = context };

    /// <summary>A problem here.</summary>
    public LayerProblem Say(Problem problem) => new(Layer, problem with { Context = Context }) { Inside = Inside };
}
