using System.Diagnostics.CodeAnalysis;

namespace CnnGen;

/// <summary>
/// An open safetensors file of which the header has been read and found sound: every tensor lies within the file, none overlaps another and none of the
/// file's bytes belongs to no tensor. The numbers stay in the file until they are asked for.
/// </summary>
public sealed class SafeTensorsFile : IDisposable
{
    private readonly TensorSource _source;
    private readonly Dictionary<string, SafeTensor> _byName;
    private readonly long _end;

    internal SafeTensorsFile(TensorSource source, IReadOnlyList<SafeTensor> tensors, IReadOnlyDictionary<string, string> metadata, long end)
    {
        _source = source;
        _end = end;
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The tensors, in the order of the file's header.</summary>
    public IReadOnlyList<SafeTensor> Tensors { get; }

    /// <summary>The file's free text (<c>__metadata__</c>); empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The file's path in quotes, or what it is read from.</summary>
    internal string Name => _source.Name;

    /// <summary>Whether all of it is in memory, so that reading can't fail.</summary>
    internal unsafe bool IsInMemory => _source.Pointer != null;

    /// <summary>The tensor of that name, if there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out SafeTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Throws where another program changed the file since it was opened, or a stream goes on after the last tensor.</summary>
    /// <exception cref="InvalidDataException">What was read need not be what the header was checked for.</exception>
    internal void CheckUnchanged() => _source.CheckUnchanged(_end);

    /// <summary>Closes the file. A stream that it was opened on stays open.</summary>
    public void Dispose() => _source.Dispose();
}
