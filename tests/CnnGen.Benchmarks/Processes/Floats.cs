using System.Runtime.InteropServices;

namespace CnnGen.Benchmarks.Processes;

/// <summary>Files of nothing but floats, in the machine's byte order.</summary>
internal static class Floats
{
    /// <exception cref="InvalidDataException">The file has another length.</exception>
    public static float[] Read(string path, int length)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != 4L * length)
            throw new InvalidDataException($"{path} has {bytes.Length} bytes, but {length} floats take {4L * length}.");
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    public static void Write(string path, ReadOnlySpan<float> values) => File.WriteAllBytes(path, MemoryMarshal.AsBytes(values));
}
