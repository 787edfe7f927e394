namespace CnnGen;

/// <summary>How a program carries the weights that <see cref="WeightsAttribute"/> names.</summary>
public enum WeightsEmbedding
{
    /// <summary>As a resource of the model's assembly: one file to ship. The default.</summary>
    Inside,

    /// <summary>As a file in the program's folder, which is mapped into memory while it is loaded.</summary>
    Beside,

    /// <summary>Not at all: the file is checked when the program is compiled, and <c>Load</c> is given its path when it runs. The class has no <c>Pretrained</c>.</summary>
    AtRunTime,
}

/// <summary>
/// Checks a model's weights when it is compiled, and gives the class <c>Pretrained</c>. The file is one of the project's <c>AdditionalFiles</c>; what doesn't fit the network (tensors that are missing, left over, of
/// another shape or type, a damaged header) is a compiler error at this attribute.
/// </summary>
/// <param name="file">A safetensors file: its name, or the end of its path where several have the name.</param>
/// <example>
/// The project file has <c>&lt;AdditionalFiles Include="lenet5.safetensors" /&gt;</c>.
/// <code>
/// [Model(1, 28, 28), Weights("lenet5.safetensors")]
/// [Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)]
/// [Conv2D(16, 5), ReLU, MaxPool(2)]
/// [Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]
/// public partial class LeNet5;
///
/// LeNet5.Pretrained.Predict(image, scores);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class WeightsAttribute(string file) : Attribute
{
    /// <summary>The file's name, or the end of its path.</summary>
    public string File { get; } = file;

    /// <summary>
    /// How the program carries the file. The project file says the same by the item's metadata: <c>CnnGenEmbed="Beside"</c>; without it, <see cref="WeightsEmbedding.Inside"/>.
    /// </summary>
    public WeightsEmbedding Embed { get; set; }
}
