using System.Buffers.Binary;
using static System.FormattableString;

namespace CnnGen;

/// <summary>Reads a file's header and checks that its tensors share out the file's bytes without gap or overlap.</summary>
internal static class SafeTensorsHeader
{
    public const string MetadataName = "__metadata__";

    /// <summary>The format's own limit, in bytes.</summary>
    private const int LongestHeader = 100_000_000;

    public static SafeTensorsFile Read(TensorSource source)
    {
        var json = ReadJson(source);
        var dataStart = 8L + json.Length;
        var (entries, metadata) = new SafeTensorsHeaderParser(source.Name, json).Parse();
        var tensors = entries.ConvertAll(entry => CheckedTensor(source, entry, dataStart));
        CheckCoverage(source, entries, source.Length - dataStart);
        return new SafeTensorsFile(source, tensors, metadata);
    }

    private static byte[] ReadJson(TensorSource source)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (source.Read(0, prefix) < prefix.Length)
        {
            throw new InvalidDataException(Invariant(
                $"{source.Name} is no safetensors file: it has {source.Length} bytes, fewer than the 8 that give the header's length. Save the file again."));
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var rest = source.Length - prefix.Length;
        if (length > LongestHeader)
        {
            throw new InvalidDataException(Invariant(
                $"{source.Name} is no safetensors file: it claims a header of {length} bytes, but at most {LongestHeader} are allowed. Convert the file to safetensors."));
        }

        if (length > (ulong)rest)
        {
            throw new InvalidDataException(Invariant(
                $"{source.Name} is cut off or no safetensors file: it claims a header of {length} bytes, but only {rest} follow. Get the file again."));
        }

        var json = new byte[length];
        if (source.Read(prefix.Length, json) < json.Length)
            throw new InvalidDataException($"{source.Name} ended within its header. It was changed while it was read: read it again.");
        if (json.Length == 0 || json[0] != (byte)'{')
            throw new InvalidDataException($"{source.Name} is no safetensors file: its header doesn't begin with '{{'. Convert the file to safetensors.");
        return json;
    }

    private static SafeTensor CheckedTensor(TensorSource source, TensorEntry entry, long dataStart)
    {
        // In Int128 no product of a length below 2^63 and a dimension below 2^63 overflows.
        Int128 length = 1;
        foreach (var dimension in entry.Shape)
        {
            length *= dimension;
            if (length > long.MaxValue)
                throw Damaged(source, entry, "has more elements than a 64-bit number counts");
        }

        var size = entry.Type.Size();
        if (entry.End < entry.Begin)
            throw Damaged(source, entry, Invariant($"has data_offsets [{entry.Begin}, {entry.End}], which end before they begin"));
        if (length * size != entry.End - entry.Begin)
        {
            throw Damaged(source, entry, Invariant(
                $"needs {length} elements of {size} bytes, {length * size} in all, but its data_offsets [{entry.Begin}, {entry.End}] span {entry.End - entry.Begin}"));
        }

        return new SafeTensor(source, entry.Name, entry.Type, entry.Shape, (long)length, dataStart + Math.Min(entry.Begin, long.MaxValue - dataStart));
    }

    private static void CheckCoverage(TensorSource source, List<TensorEntry> entries, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin < end)
                throw Damaged(source, entry, Invariant($"starts at byte {entry.Begin} of the data, but the tensor before it ends at {end}: they overlap"));
            if (entry.Begin > end)
                throw Damaged(source, entry, Invariant($"starts at byte {entry.Begin} of the data, but the tensor before it ends at {end}: the bytes between belong to no tensor"));
            if (entry.End > dataLength)
                throw Damaged(source, entry, Invariant($"ends at byte {entry.End} of the data, but the file has only {dataLength} of them: it is cut off"));
            end = entry.End;
        }

        if (end < dataLength)
        {
            throw new InvalidDataException(Invariant(
                $"{source.Name} is too long: its tensors take {end} bytes, but {dataLength} follow the header. Save the file again."));
        }
    }

    private static InvalidDataException Damaged(TensorSource source, TensorEntry entry, string fault) => new(
        $"{source.Name}: the tensor {Describe.Name(entry.Name)} {entry.Type} {Describe.Shape(entry.Shape)} {fault}. Get the file again, or save it again.");
}
