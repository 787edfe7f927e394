using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnGen;

/// <summary>Writes the format that <see cref="SafeTensorsHeader"/> reads.</summary>
internal static class SafeTensorsWriter
{
    private const int BufferFloats = 1 << 14;

    public static void Write(string path, IReadOnlyList<SafeTensorValues> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var header = Header(tensors, metadata);
        AtomicFile.Write(path, stream => Write(stream, header, tensors));
    }

    public static void Write(Stream stream, IReadOnlyList<SafeTensorValues> tensors, IReadOnlyDictionary<string, string>? metadata) =>
        Write(stream, Header(tensors, metadata), tensors);

    private static void Write(Stream stream, byte[] header, IReadOnlyList<SafeTensorValues> tensors)
    {
        stream.Write(header);
        var buffer = new float[BufferFloats];
        foreach (var tensor in tensors)
        {
            for (var start = 0; start < tensor.Length; start += BufferFloats)
            {
                var values = buffer.AsSpan(0, Math.Min(BufferFloats, tensor.Length - start));
                tensor.CopyTo(start, values);
                if (!BitConverter.IsLittleEndian)
                {
                    var bits = MemoryMarshal.Cast<float, int>(values);
                    BinaryPrimitives.ReverseEndianness(bits, bits);
                }

                stream.Write(MemoryMarshal.AsBytes(values));
                if (values.Length < BufferFloats)
                    break;
            }
        }
    }

    private static byte[] Header(IReadOnlyList<SafeTensorValues> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var names = new HashSet<string>(StringComparer.Ordinal) { SafeTensorsHeader.MetadataName };
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"A tensor can't be called {Describe.Name(tensor.Name)}: the name is already taken.", nameof(tensors));
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(SafeTensorsHeader.MetadataName);
                foreach (var (key, value) in metadata)
                    writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            var offset = 0L;
            foreach (var tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", nameof(SafeTensorType.F32));
                writer.WriteStartArray("shape");
                foreach (var dimension in tensor.Shape)
                    writer.WriteNumberValue(dimension);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += (long)tensor.Length * sizeof(float));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        // Spaces after the JSON, so that the tensors' bytes start at a multiple of 8.
        var length = (json.WrittenCount + 7) / 8 * 8;
        var header = new byte[8 + length];
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        json.WrittenSpan.CopyTo(header.AsSpan(8));
        header.AsSpan(8 + json.WrittenCount).Fill((byte)' ');
        return header;
    }
}
