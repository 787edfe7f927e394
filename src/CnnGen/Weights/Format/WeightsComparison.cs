namespace CnnGen;

/// <summary>A tensor that a network needs.</summary>
/// <param name="Name">PyTorch's name: <c>conv1.weight</c>.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
internal readonly record struct WantedTensor(string Name, int[] Shape);

/// <summary>How a file's tensor differs from the network's.</summary>
internal enum WeightsFaultKind
{
    Missing,
    Shape,
    Type,
    Surplus,
}

/// <summary>One difference between a file and a network.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Wanted">What the network needs; of a surplus tensor nothing.</param>
/// <param name="Found">What the file has; of a missing tensor nothing.</param>
/// <param name="Unpaired">Names on the other side that have no tensor on this one: one of them may have been meant.</param>
/// <param name="Paired">Of a surplus tensor, the names that both sides have.</param>
internal sealed record WeightsFault(
    WeightsFaultKind Kind, WantedTensor Wanted, TensorEntry? Found, IEnumerable<string> Unpaired, IEnumerable<string> Paired)
{
    /// <summary>The nearest name that may have been meant, if any is near. To be asked for only where it is printed: it compares with all names.</summary>
    public string? Meant() => Nearest(Unpaired);

    /// <summary>The nearest name of those that are there already.</summary>
    public string? Neighbour() => Nearest(Paired);

    private string? Nearest(IEnumerable<string> candidates) =>
        Describe.Nearest(Found?.Name ?? Wanted.Name, candidates) is { } nearest ? Describe.Name(nearest) : null;
}

/// <summary>Compares a file's header with a network: what is missing, of another shape or type, and left over.</summary>
internal static class WeightsComparison
{
    public static IEnumerable<WeightsFault> Faults(IReadOnlyList<WantedTensor> wanted, IReadOnlyList<TensorEntry> found)
    {
        var byName = found.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var known = new HashSet<string>(wanted.Select(tensor => tensor.Name), StringComparer.Ordinal);
        var surplus = found.Where(entry => !known.Contains(entry.Name) && !IsBatchCounter(entry)).ToList();
        var missing = wanted.Where(tensor => !byName.ContainsKey(tensor.Name)).Select(tensor => tensor.Name).ToList();
        foreach (var tensor in wanted)
        {
            if (!byName.TryGetValue(tensor.Name, out var entry))
                yield return new WeightsFault(WeightsFaultKind.Missing, tensor, null, surplus.Select(other => other.Name), []);
            else if (!HasShape(entry.Shape, tensor.Shape))
                yield return new WeightsFault(WeightsFaultKind.Shape, tensor, entry, [], []);
            else if (!entry.Type.IsFloat())
                yield return new WeightsFault(WeightsFaultKind.Type, tensor, entry, [], []);
        }

        foreach (var entry in surplus)
            yield return new WeightsFault(WeightsFaultKind.Surplus, default, entry, missing, known);
    }

    /// <summary>PyTorch's count of the batches that a batch normalisation has seen: one whole number, which predicts nothing.</summary>
    internal static bool IsBatchCounter(TensorEntry entry) =>
        entry.Type == SafeTensorType.I64
        && entry.Shape.All(dimension => dimension == 1)
        && (entry.Name == "num_batches_tracked" || entry.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal));

    internal static bool HasShape(ReadOnlySpan<long> shape, ReadOnlySpan<int> dimensions)
    {
        var isSame = shape.Length == dimensions.Length;
        for (var i = 0; isSame && i < shape.Length; i++)
            isSame = shape[i] == dimensions[i];
        return isSame;
    }
}
