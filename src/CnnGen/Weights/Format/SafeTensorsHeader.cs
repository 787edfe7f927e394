using static System.FormattableString;

namespace CnnGen;

/// <summary>What a file's header has to be: no longer than the file, well-formed, its tensors sharing out the file's bytes without gap or overlap.</summary>
internal static class SafeTensorsHeader
{
    public const string MetadataName = "__metadata__";

    /// <summary>The format's own limit, in bytes.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>The bytes in which a file gives its header's length, little-endian.</summary>
    public const int PrefixLength = 8;

    /// <summary>The header's length.</summary>
    /// <param name="source">What messages call the file.</param>
    /// <param name="prefix">The file's first <see cref="PrefixLength"/> bytes.</param>
    /// <param name="read">How many of them there were.</param>
    /// <param name="fileLength">The file's bytes in all; null where they are not known before they are read.</param>
    /// <exception cref="InvalidDataException">It can't be a header's.</exception>
    public static int ReadLength(string source, ReadOnlySpan<byte> prefix, int read, long? fileLength)
    {
        if (read < PrefixLength)
        {
            throw new InvalidDataException(Invariant(
                $"{source} is no safetensors file: it has {fileLength ?? read} bytes, fewer than the 8 that give the header's length. Save the file again."));
        }

        var length = 0UL;
        for (var i = PrefixLength - 1; i >= 0; i--)
            length = (length << 8) | prefix[i];
        var rest = Math.Max(0, (fileLength ?? long.MaxValue) - PrefixLength);
        if (length > LongestHeader)
        {
            throw new InvalidDataException(Invariant(
                $"{source} is no safetensors file: it claims a header of {length} bytes, but at most {LongestHeader} are allowed. Convert the file to safetensors."));
        }

        if (length > (ulong)rest)
            throw CutOffWithin(source, (int)length, rest);

        return (int)length;
    }

    /// <summary>The header's content, every number of it compared with the others and with the file's length, where that is known.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static HeaderContent Parse(string source, byte[] json, long? fileLength)
    {
        if (json.Length == 0 || json[0] != (byte)'{')
            throw new InvalidDataException($"{source} is no safetensors file: its header doesn't begin with '{{'. Convert the file to safetensors.");
        var content = new SafeTensorsHeaderParser(source, json).Parse();
        foreach (var entry in content.Entries)
            CheckSize(source, entry);
        CheckCoverage(source, content.Entries, fileLength - PrefixLength - json.Length);
        return content;
    }

    public static InvalidDataException CutOffWithin(string source, int length, long rest) => new(Invariant(
        $"{source} is cut off or no safetensors file: it claims a header of {length} bytes, but only {rest} follow. Get the file again."));

    public static InvalidDataException TooLong(string source, long length, string following) => new(Invariant(
        $"{source} is too long: its tensors take {length} bytes, but {following} the header. Save the file again."));

    public static InvalidDataException EndedWithin(string source) =>
        new($"{source} ended within its header. It was changed while it was read: read it again.");

    private static void CheckSize(string source, TensorEntry entry)
    {
        var length = 1L;
        foreach (var dimension in entry.Shape)
        {
            if (dimension != 0 && length > long.MaxValue / dimension)
                throw Damaged(source, entry, "has more elements than a 64-bit number counts");
            length *= dimension;
        }

        var size = entry.Type.Size();
        if (entry.End < entry.Begin)
            throw Damaged(source, entry, Invariant($"has data_offsets [{entry.Begin}, {entry.End}], which end before they begin"));

        // A decimal holds the product of 2^63 and 8 to the last digit.
        if ((decimal)length * size != entry.End - entry.Begin)
        {
            throw Damaged(source, entry, Invariant(
                $"needs {length} elements of {size} bytes, {(decimal)length * size} in all, but its data_offsets [{entry.Begin}, {entry.End}] span {entry.End - entry.Begin}"));
        }
    }

    private static void CheckCoverage(string source, List<TensorEntry> entries, long? dataLength)
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
            throw TooLong(source, end, Invariant($"{dataLength} follow"));
    }

    private static InvalidDataException Damaged(string source, TensorEntry entry, string fault) =>
        new($"{source}: the tensor {entry.Description} {fault}. Get the file again, or save it again.");
}
