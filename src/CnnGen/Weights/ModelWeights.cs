using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

/// <summary>
/// Saves and loads a model's weights as safetensors, with PyTorch's names and layout: a file that <c>safetensors.torch</c> saves from the same network
/// loads here and the other way round.
/// </summary>
public static class ModelWeights
{
    private const int BufferFloats = 1 << 14;

    /// <summary>
    /// Writes all parameters. The file is written under a temporary name in the same folder, flushed to the disk and renamed, so that a crash at any
    /// time leaves the old file whole.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="parameters">A model's parameters.</param>
    /// <param name="metadata">Free text to go with them, or null.</param>
    /// <exception cref="IOException">The file can't be written; the old file, if any, is as it was.</exception>
    public static void Save(string path, ParameterStore parameters, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensors.Write(path, Tensors(parameters), metadata);

    /// <summary>Writes all parameters to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="parameters">A model's parameters.</param>
    /// <param name="metadata">Free text to go with them, or null.</param>
    public static void Save(Stream stream, ParameterStore parameters, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensors.Write(stream, Tensors(parameters), metadata);

    /// <summary>
    /// Loads all parameters. Names, shapes, types and numbers are all checked before the first parameter changes: a file that doesn't fit leaves the
    /// model as it was. Surplus counters of batch normalisation (<c>num_batches_tracked</c>) are passed over.
    /// </summary>
    /// <param name="path">A safetensors file; F32 is taken as it is, F16, BF16 and F64 are converted.</param>
    /// <param name="parameters">The parameters of the model that the weights are for.</param>
    /// <param name="options">What to let through, or null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, its tensors are not the model's (the message lists what is missing, surplus or of another shape), or a weight is NaN or infinite.
    /// </exception>
    public static void Load(string path, ParameterStore parameters, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var file = SafeTensors.Open(path);
        Load(file, parameters, options);
    }

    /// <summary>Loads all parameters, as <see cref="Load(string, ParameterStore, LoadOptions)"/> does, from where a stream stands to its end; the stream stays open.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged or not the model's; the model is as it was.</exception>
    public static void Load(Stream stream, ParameterStore parameters, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var file = SafeTensors.Open(stream);
        Load(file, parameters, options);
    }

    /// <summary>Loads all parameters, as <see cref="Load(string, ParameterStore, LoadOptions)"/> does, from a file that is in memory.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged or not the model's; the model is as it was.</exception>
    public static void Load(ReadOnlyMemory<byte> memory, ParameterStore parameters, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var file = SafeTensors.Open(memory);
        Load(file, parameters, options);
    }

    private static SafeTensorValues[] Tensors(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.All
            .Select(parameter => new SafeTensorValues(parameter.Name, parameter.Dimensions, parameter.Length, parameter.CopyTo))
            .ToArray();
    }

    private static void Load(SafeTensorsFile file, ParameterStore parameters, LoadOptions? options)
    {
        var pairs = Match(file, parameters);
        var buffer = new float[BufferFloats];
        if (options is not { AllowNonFinite: true })
        {
            foreach (var (_, tensor) in pairs)
                CheckFinite(file, tensor, buffer);
        }

        foreach (var (parameter, tensor) in pairs)
        {
            for (var start = 0; start < parameter.Length; start += BufferFloats)
            {
                var values = buffer.AsSpan(0, Math.Min(BufferFloats, parameter.Length - start));
                tensor.CopyTo(start, values);
                parameter.Set(start, values);
            }
        }
    }

    /// <summary>Pairs every parameter with its tensor, or throws with all that doesn't fit.</summary>
    private static List<(Parameter Parameter, SafeTensor Tensor)> Match(SafeTensorsFile file, ParameterStore parameters)
    {
        var pairs = new List<(Parameter, SafeTensor)>();
        var faults = new FaultList();
        var known = parameters.All.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var surplus = file.Tensors.Where(tensor => !known.Contains(tensor.Name) && !IsBatchCounter(tensor)).ToList();
        var missing = parameters.All.Where(parameter => !file.TryGet(parameter.Name, out _)).Select(parameter => parameter.Name).ToList();

        foreach (var parameter in parameters.All)
        {
            if (!file.TryGet(parameter.Name, out var tensor))
                faults.Add(() => $"{parameter} is missing{Suggestion("; the file has", parameter.Name, surplus.Select(other => other.Name))}");
            else if (!HasShape(tensor, parameter.Dimensions))
                faults.Add(() => $"{parameter.Name} has the shape {Describe.Shape(tensor.Shape)} in the file, but {Describe.Shape(parameter.Dimensions)} in the model");
            else if (!tensor.Type.IsFloat())
                faults.Add(() => $"{parameter.Name} is {tensor.Type} in the file, but has to be F32 (F16, BF16 and F64 are converted)");
            else
                pairs.Add((parameter, tensor));
        }

        foreach (var tensor in surplus)
        {
            // The wanted name is likelier one that the file lacks than one that it has too.
            faults.Add(() => Suggestion("; did you mean", tensor.Name, missing) is { Length: > 0 } suggestion
                ? $"{tensor} is no parameter of the model{suggestion}"
                : $"{tensor} is no parameter of the model{Suggestion("; the nearest is", tensor.Name, known)}");
        }

        if (faults.Count == 0)
            return pairs;
        throw new InvalidDataException(
            $"{file.Name} doesn't fit the model, which is left as it was:{faults}\nLoad the weights of this network, or rename their tensors.");
    }

    /// <summary>PyTorch's count of the batches that a batch normalisation has seen: one whole number, which predicts nothing.</summary>
    private static bool IsBatchCounter(SafeTensor tensor) =>
        tensor is { Type: SafeTensorType.I64, Length: 1 }
        && (tensor.Name == "num_batches_tracked" || tensor.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal));

    private static bool HasShape(SafeTensor tensor, ReadOnlySpan<int> dimensions)
    {
        if (tensor.Shape.Length != dimensions.Length)
            return false;
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (tensor.Shape[i] != dimensions[i])
                return false;
        }

        return true;
    }

    private static string Suggestion(string lead, string name, IEnumerable<string> candidates) =>
        Describe.Nearest(name, candidates) is { } nearest ? $"{lead} {Describe.Name(nearest)}" : "";

    private static void CheckFinite(SafeTensorsFile file, SafeTensor tensor, float[] buffer)
    {
        var count = 0L;
        var first = 0L;
        var value = 0f;
        for (long start = 0; start < tensor.Length; start += BufferFloats)
        {
            var values = buffer.AsSpan(0, (int)Math.Min(BufferFloats, tensor.Length - start));
            tensor.CopyTo(start, values);
            for (var i = 0; i < values.Length; i++)
            {
                if (float.IsFinite(values[i]) || count++ > 0)
                    continue;
                first = start + i;
                value = values[i];
            }
        }

        if (count == 0)
            return;
        var text = float.IsNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
        throw new InvalidDataException(Invariant(
            $"{file.Name}: {tensor} has {count} values that are no finite 32-bit floats, the first, {text}, at index {first}. The training may have diverged: take an earlier file, or load with AllowNonFinite = true."));
    }

    /// <summary>Counts all faults and words the first few: a hostile file may have a million, and each wording looks for a near name.</summary>
    private sealed class FaultList
    {
        private const int Listed = 8;

        private readonly List<string> _texts = [];

        public int Count { get; private set; }

        public void Add(Func<string> text)
        {
            if (Count++ < Listed)
                _texts.Add(text());
        }

        public override string ToString() =>
            string.Concat(_texts.Select(text => $"\n  - {text}")) + (Count > Listed ? Invariant($"\n  - and {Count - Listed} more") : "");
    }
}
