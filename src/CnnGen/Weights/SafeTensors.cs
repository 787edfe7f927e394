using static System.FormattableString;

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
    /// <exception cref="InvalidDataException">The path leads to no regular file, or to no sound safetensors file; the message names the file and the fault.</exception>
    public static SafeTensorsFile Open(string path) => Open(TensorSource.Open(path));

    /// <summary>
    /// Opens a stream from where it stands to its end. One that can seek is read as needed; any other is read into memory, as many bytes as its header speaks of.
    /// </summary>
    /// <exception cref="InvalidDataException">The stream holds no sound safetensors file, or can't seek and holds more than an array does.</exception>
    public static SafeTensorsFile Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var source = TensorSource.Of(stream);
        return source is ForwardSource forward ? ReadAll(forward) : Open(source);
    }

    /// <summary>Opens a file that is in memory.</summary>
    /// <exception cref="InvalidDataException">The memory holds no sound safetensors file.</exception>
    public static SafeTensorsFile Open(ReadOnlyMemory<byte> memory) => Open(new MemorySource(memory, "the weights in memory"));

    /// <summary>
    /// Writes F32 tensors. Another file is written, flushed to the disk and given the name, so that a crash at any time leaves either the old file or the new one,
    /// whole, with the permissions of the old one. A link is followed.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="tensors">The tensors, in the order in which they are to lie in the file. Numbers that are not finite are written as they are.</param>
    /// <param name="metadata">Free text to go with them, or null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name is not allowed.</exception>
    /// <exception cref="IOException">The path leads to no regular file, or the file can't be written; the old file, if any, is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is read-only, or its folder is to this user.</exception>
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

    /// <summary>Opens a stream that a model is loaded from: one that can't seek is read once, each tensor as it comes.</summary>
    internal static SafeTensorsFile OpenToLoad(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Open(TensorSource.Of(stream));
    }

    internal static SafeTensorsFile Open(TensorSource source)
    {
        try
        {
            var (content, dataStart) = ReadHeader(source);
            var tensors = content.Entries.ConvertAll(entry => new SafeTensor(source, entry, dataStart));
            return new SafeTensorsFile(source, tensors, content.Metadata, dataStart + content.DataLength);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static SafeTensorsFile ReadAll(ForwardSource source)
    {
        var (content, dataStart) = ReadHeader(source);
        var length = content.DataLength;
        if (length > Array.MaxLength)
        {
            throw new InvalidDataException(Invariant(
                $"{source.Name} holds {length} bytes of tensors, more than the {Array.MaxLength} that are read into memory. Save it to a file, and open that."));
        }

        var data = source.ReadBlock(dataStart, (int)length);
        source.CheckUnchanged(dataStart + length);
        var memory = new MemorySource(data, source.Name);
        return new SafeTensorsFile(memory, content.Entries.ConvertAll(entry => new SafeTensor(memory, entry, 0)), content.Metadata, length);
    }

    /// <summary>The header, and where the tensors' bytes begin.</summary>
    private static (HeaderContent Content, long DataStart) ReadHeader(TensorSource source)
    {
        Span<byte> prefix = stackalloc byte[SafeTensorsHeader.PrefixLength];
        var read = source.Read(0, prefix);
        var length = SafeTensorsHeader.ReadLength(source.Name, prefix, read, source.Length);
        byte[] json;
        if (source is ForwardSource forward)
        {
            json = forward.ReadBlock(prefix.Length, length);
            if (json.Length < length)
                throw SafeTensorsHeader.CutOffWithin(source.Name, length, json.Length);
        }
        else
        {
            json = new byte[length];
            if (source.Read(prefix.Length, json) < length)
                throw SafeTensorsHeader.EndedWithin(source.Name);
        }

        return (SafeTensorsHeader.Parse(source.Name, json, source.Length), SafeTensorsHeader.PrefixLength + (long)length);
    }
}
