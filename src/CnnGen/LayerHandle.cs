using System.ComponentModel;

namespace CnnGen;

/// <summary>
/// A layer of a model, or a block's output: what its shapes, its parameters and its activations are asked for by. A model's class has one as a property for each of its layers; where a layer has
/// parameters, a type of its own with them.
/// </summary>
public class LayerHandle
{
    /// <summary>For generated code, which makes the handles of each model.</summary>
    /// <param name="model">The model's class.</param>
    /// <param name="index">The layer's place among the model's layers, from 1; of a block, that of its last one.</param>
    /// <param name="name">Its name, after those of the blocks around it.</param>
    /// <param name="inputShape">What it reads.</param>
    /// <param name="outputShape">What it computes.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public LayerHandle(Type model, int index, string name, ImageShape inputShape, ImageShape outputShape) =>
        (Model, Index, Name, InputShape, OutputShape) = (model, index, name, inputShape, outputShape);

    /// <summary>The class of the model whose layer it is.</summary>
    public Type Model { get; }

    /// <summary>The place among the model's layers, as they follow one another; the first one is 1. Of a block it is that of the layer that computes the block's output.</summary>
    public int Index { get; }

    /// <summary>The name, after those of the blocks around it: <c>Bottleneck2.Conv1</c>.</summary>
    public string Name { get; }

    /// <summary>What one image is where the layer reads it (its first input, where it has several).</summary>
    public ImageShape InputShape { get; }

    /// <summary>What the layer makes of one image; a vector's features are its channels.</summary>
    public ImageShape OutputShape { get; }

    /// <summary>The name and both shapes.</summary>
    public override string ToString() => $"{Name}: {InputShape} -> {OutputShape}";
}
