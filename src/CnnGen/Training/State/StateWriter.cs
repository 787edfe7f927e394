using System.Globalization;

namespace CnnGen.Runtime;

/// <summary>What a training state's file holds while it is put together.</summary>
internal sealed class StateWriter
{
    /// <summary>An even number, so that the checksum's pairs are those of the whole tensor.</summary>
    private const int BufferFloats = 1 << 14;

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<SafeTensorValues> _tensors = [];

    public void Add(string key, string text) => _metadata.Add(key, text);

    public void Add(string key, long number) => Add(key, number.ToString(CultureInfo.InvariantCulture));

    public void Add(string key, ulong number) => Add(key, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>As many digits as give the same bits again.</summary>
    public void Add(string key, double number) => Add(key, number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Numbers that lie as a parameter does, in logical order.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="memory">Numbers that lie as the store's; it stays where it is until the file is written.</param>
    public void Add(string name, Parameter parameter, Func<Span<float>> memory) =>
        _tensors.Add(new SafeTensorValues(name, parameter.Dimensions, parameter.Length, (start, destination) => parameter.Gather(memory(), destination, start)));

    /// <summary>Writes all of it to another file, flushes that to the disk, and gives it the name.</summary>
    public void Write(string path)
    {
        Add(StateReader.ChecksumKey, Checksum());
        SafeTensors.Write(path, _tensors, _metadata);
    }

    private ulong Checksum()
    {
        var sum = new StateChecksum();
        sum.Add(_metadata);
        var buffer = new float[BufferFloats];
        foreach (var tensor in _tensors)
        {
            sum.Add(tensor.Name);
            for (var start = 0; start < tensor.Length; start += BufferFloats)
            {
                var values = buffer.AsSpan(0, Math.Min(BufferFloats, tensor.Length - start));
                tensor.CopyTo(start, values);
                sum.Add(values);
            }
        }

        return sum.Value;
    }
}
