namespace CnnGen;

/// <summary>What every layer's attribute has. Layers are declared on a class that carries <see cref="ModelAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    private protected LayerAttribute()
    {
    }

    /// <summary>
    /// The layer's name: a C# identifier, unique in the network. The generated class exposes the layer by it, and its tensors in a
    /// weights file have it as their prefix, with a lower-case first letter. Where it isn't set, the kind and a number: <c>Conv1</c>, <c>Conv2</c>, <c>Dense1</c>.
    /// A layer with <see cref="Repeat"/> above 1 gets a number after its name: <c>Stem1</c>, <c>Stem2</c>.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// How many times the layer stands one after the other, 1 to 1000; each copy has its own parameters. An <see cref="int"/>, or an expression.
    /// </summary>
    public object Repeat { get; set; } = 1;

    /// <summary>
    /// The prefix of the layer's tensors in a weights file, where it is another than its name: letters, digits, _ and - between dots, <c>layer1.0.conv1</c>. In a block it goes on
    /// from the block's own prefix. Of several copies (<see cref="Repeat"/>) each has the next number at its end: <c>layer1.0</c>, <c>layer1.1</c>.
    /// </summary>
    public string? TensorName { get; set; }

    /// <summary>
    /// Whether training leaves the layer as it is: its parameters keep what they were loaded with and have no gradients, and in training it computes as in a prediction (a batch normalisation by its
    /// running statistics, which stay; no dropout). Nothing is differentiated below the last layer that trains. Of a block it is true of all its layers. A <see cref="bool"/>, or an expression.
    /// </summary>
    public object Frozen { get; set; } = false;
}
