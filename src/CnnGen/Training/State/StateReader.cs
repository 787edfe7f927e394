using System.Globalization;
using static System.FormattableString;

namespace CnnGen.Runtime;

/// <summary>A training state's file, read as a whole and found undamaged before anything is done with it.</summary>
internal sealed class StateReader
{
    public const string ChecksumKey = "checksum";

    private readonly Dictionary<string, float[]> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata;
    private readonly HashSet<string> _unread;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no training state, of another version, or damaged.</exception>
    public StateReader(string path)
    {
        Name = $"'{path}'";
        using var file = SafeTensors.Open(path);
        _metadata = new Dictionary<string, string>(file.Metadata, StringComparer.Ordinal);
        if (!_metadata.TryGetValue(TrainingState.VersionKey, out var found))
            throw new InvalidDataException($"{Name} is no training state: it has no '{TrainingState.VersionKey}' among its metadata. Give a file that SaveState or a checkpoint wrote; weights alone are loaded by Load.");
        if (found != TrainingState.Version)
            throw new InvalidDataException($"{Name} is a training state of version '{Describe.Name(found)}', but this library reads version {TrainingState.Version}. Go on with the library that wrote it.");
        var sum = new StateChecksum();
        sum.Add(_metadata);
        foreach (var tensor in file.Tensors)
        {
            if (tensor.Type != SafeTensorType.F32)
                throw new InvalidDataException($"{Name}: the tensor {tensor} is not F32, as those of a training state are: the file is damaged. Resume from an earlier one.");
            var values = tensor.ToArray();
            sum.Add(tensor.Name);
            sum.Add(values);
            _tensors.Add(tensor.Name, values);
            Shapes.Add(tensor.Name, tensor.Shape.ToArray());
        }

        file.CheckUnchanged();
        if (Text(ChecksumKey) != sum.Value.ToString(CultureInfo.InvariantCulture))
            throw new InvalidDataException($"{Name} is damaged: its checksum is not that of its content. Resume from an earlier file.");
        _unread = [.. _tensors.Keys];
    }

    /// <summary>The file, as messages call it.</summary>
    public string Name { get; }

    public Dictionary<string, long[]> Shapes { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Unread => _unread;

    /// <exception cref="InvalidDataException">There is no such text.</exception>
    public string Text(string key) =>
        _metadata.TryGetValue(key, out var text) ? text : throw new InvalidDataException($"{Name} is damaged: it lacks '{key}' among its metadata. Resume from an earlier file.");

    public long Number(string key) => Parse(key, long.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number), number);

    public int Integer(string key) => Parse(key, int.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number), number);

    public ulong Unsigned(string key) => Parse(key, ulong.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number), number);

    public double Double(string key) => Parse(key, double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number), number);

    public float[] Tensor(string name, int length)
    {
        if (!_tensors.TryGetValue(name, out var values))
            throw new InvalidDataException($"{Name} has no tensor '{name}', which this training needs: it was written by a training with other groups of parameters, averages or callbacks. Make the trainer as it was then.");
        if (values.Length != length)
            throw new InvalidDataException(Invariant($"{Name}: the tensor '{name}' has {values.Length} numbers, but {length} are expected: it is a state of another network."));
        _unread.Remove(name);
        return values;
    }

    private T Parse<T>(string key, bool isParsed, T value) =>
        isParsed ? value : throw new InvalidDataException($"{Name} is damaged: '{Describe.Name(Text(key))}' is no value of '{key}'. Resume from an earlier file.");
}
