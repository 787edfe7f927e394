namespace CnnGen;

/// <summary>One row of <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The layer's name: <c>Conv1</c>.</param>
/// <param name="Kind">What it is: <c>Conv2D 6 5x5 /1 +2</c>.</param>
/// <param name="OutputShape"><c>6x28x28</c>, or <c>120</c> for a vector.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="MultiplyAdds">Of one image's forward pass.</param>
/// <param name="ActivationBytes">The output of one image, as floats.</param>
/// <param name="ReceptiveField">Rows x columns of the image that one output element sees: <c>5x5</c>; empty after the map has ended.</param>
public sealed record LayerSummary(
    string Name,
    string Kind,
    string OutputShape,
    long Parameters,
    long MultiplyAdds,
    long ActivationBytes,
    string ReceptiveField);

/// <summary>A model's table of layers with its totals; <see cref="ToString"/> prints it.</summary>
/// <param name="ModelName">The class's name.</param>
/// <param name="InputShape">The shape of one image.</param>
/// <param name="Layers">A row a layer, in order.</param>
/// <param name="ArenaBytes">The working memory of one image's prediction.</param>
public sealed partial record ModelSummary(string ModelName, ImageShape InputShape, IReadOnlyList<LayerSummary> Layers, long ArenaBytes);
