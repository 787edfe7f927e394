using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Weights;

/// <summary>A weights file of the project, as far as the compiler looks at it.</summary>
/// <param name="Path">Its whole path.</param>
/// <param name="Header">What its header says.</param>
/// <param name="Embed">The item's <c>CnnGenEmbed</c>, by which the build carries it; empty where the build doesn't know of weights.</param>
/// <param name="Name">The item's <c>CnnGenName</c>: what the resource or the copied file is called.</param>
internal sealed record WeightsFile(string Path, WeightsHeader Header, string Embed, string Name)
{
    public const string Extension = ".safetensors";

    public string FileName => LastPart(Path);

    public static string LastPart(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
}

/// <summary>What a header says, or why it says nothing.</summary>
/// <param name="Tensors">In the header's order.</param>
/// <param name="Fault">What is wrong with it, as a sentence; null where nothing is.</param>
internal sealed record WeightsHeader(EquatableArray<TensorHeader> Tensors, string? Fault);

/// <summary>One tensor of a header.</summary>
internal sealed record TensorHeader(string Name, SafeTensorType Type, EquatableArray<long> Shape);

/// <summary>The weights that <c>[Weights]</c> asks for.</summary>
/// <param name="File">The file's name or the end of its path.</param>
/// <param name="Embed">How the program is to carry it.</param>
internal sealed record DeclaredWeights(string File, WeightsEmbedding Embed);

/// <summary>How a program carries weights; the values are the attribute's.</summary>
internal enum WeightsEmbedding
{
    Inside,
    Beside,
    AtRunTime,
}

/// <summary>What emission has to know of a model's weights.</summary>
/// <param name="Embed">Where the program finds them.</param>
/// <param name="Name">The resource's or the file's name.</param>
internal sealed record CarriedWeights(WeightsEmbedding Embed, string Name);
