using System.Numerics;

namespace CnnGen.Runtime;

/// <summary>A hash of 64 bits in which any one changed word changes the result: every step is a bijection of what was there before.</summary>
internal struct StateChecksum()
{
    private const ulong Prime = 0x9FB21C651E98DF25;

    public ulong Value { get; private set; } = 0x243F6A8885A308D3;

    public void Add(uint low, uint high) => Value = BitOperations.RotateLeft((Value ^ (low | ((ulong)high << 32))) * Prime, 29);

    public void Add(ReadOnlySpan<float> values)
    {
        var i = 0;
        for (; i <= values.Length - 2; i += 2)
            Add(BitConverter.SingleToUInt32Bits(values[i]), BitConverter.SingleToUInt32Bits(values[i + 1]));
        if (i < values.Length)
            Add(BitConverter.SingleToUInt32Bits(values[i]), 0);
    }

    /// <summary>A file's metadata in the order of their keys, without the checksum itself.</summary>
    public void Add(IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var (key, text) in metadata.Where(pair => pair.Key != StateReader.ChecksumKey).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(key);
            Add(text);
        }
    }

    public void Add(string text)
    {
        Add((uint)text.Length, 1);
        foreach (var letter in text)
            Add(letter, 2);
    }
}
