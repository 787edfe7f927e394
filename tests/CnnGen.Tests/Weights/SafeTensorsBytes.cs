using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CnnGen.Tests.Weights;

/// <summary>Makes safetensors files, sound and unsound.</summary>
internal static class SafeTensorsBytes
{
    public static byte[] Make(string header, params ReadOnlySpan<byte> data) => Make(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Make(byte[] header, params ReadOnlySpan<byte> data)
    {
        var bytes = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        data.CopyTo(bytes.AsSpan(8 + header.Length));
        return bytes;
    }

    public static byte[] Of(params ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).ToArray();

    /// <summary>One tensor's entry in a header.</summary>
    public static string Entry(string name, string type, string shape, long begin, long end) =>
        FormattableString.Invariant($"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}");
}
