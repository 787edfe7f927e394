namespace CnnGen;

/// <summary>
/// Reads and writes safetensors files, the field's exchange format for weights: the header's length as a little-endian 64-bit number, a JSON header
/// of <c>{"name": {"dtype": "F32", "shape": [6, 1, 5, 5], "data_offsets": [0, 600]}}</c>, then the tensors' bytes.
/// </summary>
public static class SafeTensors
{
    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The file is no sound safetensors file; the message names the file and the fault.</exception>
    public static SafeTensorsFile Open(string path) => Open(TensorSource.Open(path));

    /// <summary>Opens a stream from where it stands to its end. One that can seek is read as needed; any other is read into memory.</summary>
    /// <exception cref="InvalidDataException">The stream holds no sound safetensors file.</exception>
    public static SafeTensorsFile Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Open(TensorSource.Of(stream));
    }

    /// <summary>Opens a file that is in memory.</summary>
    /// <exception cref="InvalidDataException">The memory holds no sound safetensors file.</exception>
    public static SafeTensorsFile Open(ReadOnlyMemory<byte> memory) => Open(new MemorySource(memory, "the weights in memory"));

    /// <summary>
    /// Writes F32 tensors. The file is written under a temporary name in the same folder, flushed to the disk and renamed, so that a crash at any time
    /// leaves either the old file or the new one, whole.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="tensors">The tensors, in the order in which they are to lie in the file.</param>
    /// <param name="metadata">Free text to go with them, or null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name is not allowed.</exception>
    /// <exception cref="IOException">The file can't be written; the old file, if any, is as it was.</exception>
    public static void Write(string path, IReadOnlyList<SafeTensorValues> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensorsWriter.Write(path, tensors, metadata);

    /// <summary>Writes F32 tensors to a stream.</summary>
    /// <param name="stream">The stream; it is left open.</param>
    /// <param name="tensors">The tensors, in the order in which they are to lie in the file.</param>
    /// <param name="metadata">Free text to go with them, or null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name is not allowed.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafeTensorValues> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SafeTensorsWriter.Write(stream, tensors, metadata);
    }

    internal static SafeTensorsFile Open(TensorSource source)
    {
        try
        {
            Span<byte> prefix = stackalloc byte[SafeTensorsHeader.PrefixLength];
            var read = source.Read(0, prefix);
            var json = new byte[SafeTensorsHeader.ReadLength(source.Name, prefix, read, source.Length)];
            if (source.Read(prefix.Length, json) < json.Length)
                throw SafeTensorsHeader.EndedWithin(source.Name);
            var content = SafeTensorsHeader.Parse(source.Name, json, source.Length);
            var dataStart = SafeTensorsHeader.PrefixLength + (long)json.Length;
            var tensors = content.Entries.ConvertAll(entry => new SafeTensor(source, entry, dataStart));
            return new SafeTensorsFile(source, tensors, content.Metadata);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
