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
    string ReceptiveField)
{
    /// <summary>The layers that it reads, by their places from 1 in <see cref="ModelSummary.Layers"/>, 0 for the image; null where it reads the one before it (<see cref="ModelSummary.InputsOf"/> has either).</summary>
    public IReadOnlyList<int>? Inputs { get; init; }

    /// <summary>The window through which one element of the output sees the layer's input; null for a layer without one, or whose windows differ in size.</summary>
    public LayerWindow? Window { get; init; }
}

/// <summary>A sliding window: element (y, x) of the output sees the input's rows from y x <paramref name="StrideHeight"/> - <paramref name="Top"/> on, and its columns likewise.</summary>
/// <param name="Height">Rows, those between the taps of a dilated kernel included.</param>
/// <param name="Width">Columns.</param>
/// <param name="StrideHeight">Input rows from one output row to the next.</param>
/// <param name="StrideWidth">Input columns from one output column to the next.</param>
/// <param name="Top">Rows of padding above the input.</param>
/// <param name="Left">Columns of padding left of it.</param>
public readonly record struct LayerWindow(int Height, int Width, int StrideHeight, int StrideWidth, int Top, int Left);

/// <summary>A model's table of layers with its totals; <see cref="ToString"/> prints it.</summary>
/// <param name="ModelName">The class's name.</param>
/// <param name="InputShape">The shape of one image.</param>
/// <param name="Layers">A row a layer, in order.</param>
/// <param name="ArenaBytes">The working memory of one image's prediction.</param>
public sealed partial record ModelSummary(string ModelName, ImageShape InputShape, IReadOnlyList<LayerSummary> Layers, long ArenaBytes)
{
    private readonly int _outputLayer;

    /// <summary>The place of the layer whose output is the model's, from 1 in <see cref="Layers"/>: the last one, unless heads of the training stand behind it.</summary>
    public int OutputLayer { get => _outputLayer > 0 ? _outputLayer : Layers.Count; init => _outputLayer = value; }

    /// <summary>The layers that a layer reads, in the order of its paths: places from 1, 0 for the image.</summary>
    /// <param name="layer">The layer's place among <see cref="Layers"/>, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public IReadOnlyList<int> InputsOf(int layer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layer, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layer, Layers.Count);
        return Layers[layer - 1].Inputs ?? [layer - 1];
    }
}
