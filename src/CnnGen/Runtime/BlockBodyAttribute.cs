using System.ComponentModel;

namespace CnnGen.Runtime;

/// <summary>
/// A block's layers in their order, for models in other assemblies: an assembly's metadata says nothing of the order of attributes. The generator writes one for each block, and reads it.
/// </summary>
/// <param name="block">The class's name in metadata.</param>
/// <param name="body">What the generator has written.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class BlockBodyAttribute(string block, string body) : Attribute
{
    /// <summary>The class's name in metadata.</summary>
    public string Block { get; } = block;

    /// <summary>What the generator has written.</summary>
    public string Body { get; } = body;
}
