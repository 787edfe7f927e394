namespace TransferSample;

/// <summary>How often a way of learning the new classes was right.</summary>
/// <param name="Method">The way: <c>from scratch</c>.</param>
/// <param name="Layer">The layer whose features a linear classifier had; null where the whole network was trained.</param>
/// <param name="PerClass">The images of a class that it learned from.</param>
/// <param name="Accuracies">The part of the test images that was right, for each draw of the images.</param>
internal sealed record Result(string Method, string? Layer, int PerClass, IReadOnlyList<double> Accuracies)
{
    public double Mean => Accuracies.Average();

    /// <summary>The standard deviation of a draw, from these; 0 where there is only one.</summary>
    public double Deviation => Accuracies.Count < 2 ? 0 : Math.Sqrt(Accuracies.Sum(accuracy => (accuracy - Mean) * (accuracy - Mean)) / (Accuracies.Count - 1));
}
