using static System.FormattableString;

namespace CnnGen;

/// <summary>What a model took from another, what not, and why.</summary>
/// <param name="Copied">The parameters that were copied, by the model's names.</param>
/// <param name="Kept">The parameters that stayed as they were, each with the reason.</param>
/// <param name="Unused">The tensors of the source that went nowhere, by the source's names.</param>
public sealed record CopyReport(IReadOnlyList<string> Copied, IReadOnlyList<KeptParameter> Kept, IReadOnlyList<string> Unused)
{
    /// <summary>A line for each parameter that was kept and each tensor that went unused, below the number that were copied.</summary>
    public override string ToString() => string.Join(
        '\n',
        Kept.Select(kept => $"  kept {kept.Name}: {kept.Reason}").Prepend(Invariant($"{Copied.Count} of {Copied.Count + Kept.Count} parameters copied")).Concat(Unused.Select(name => $"  unused {name}")));
}

/// <summary>A parameter that was not copied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why: <c>the source has none of that name</c>.</param>
public readonly record struct KeptParameter(string Name, string Reason);
