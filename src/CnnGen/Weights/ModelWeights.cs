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
    public static void Save(string path, ParameterStore parameters, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
            SafeTensors.Write(path, Tensors(parameters), metadata);
    }

    /// <summary>Writes all parameters to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="parameters">A model's parameters.</param>
    /// <param name="metadata">Free text to go with them, or null.</param>
    public static void Save(Stream stream, ParameterStore parameters, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
            SafeTensors.Write(stream, Tensors(parameters), metadata);
    }

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

    private static SafeTensorValues[] Tensors(ParameterStore parameters) => parameters.All
        .Select(parameter => new SafeTensorValues(parameter.Name, parameter.Dimensions, parameter.Length, parameter.CopyTo))
        .ToArray();

    /// <summary>Loads all parameters from an open file.</summary>
    internal static unsafe void Load(SafeTensorsFile file, ParameterStore parameters, LoadOptions? options)
    {
        using var held = parameters.Hold();
        var pairs = Match(file, parameters);
        if (options is not { AllowNonFinite: true })
        {
            foreach (var (_, tensor) in pairs)
                CheckFinite(file, tensor);
        }

        var buffer = Array.Empty<float>();
        foreach (var (parameter, tensor) in pairs)
        {
            if (tensor.Floats is var floats && floats != null)
            {
                parameter.Set(floats);
                continue;
            }

            // A whole block of filters at a time is reordered in one go.
            var step = parameter.ChunkLength;
            if (buffer.Length < Math.Min(step, parameter.Length))
                buffer = new float[Math.Min(step, parameter.Length)];
            for (var start = 0; start < parameter.Length;)
            {
                var values = buffer.AsSpan(0, Math.Min(step, parameter.Length - start));
                tensor.CopyTo(start, values);
                parameter.Set(start, values);
                start += values.Length;
            }
        }
    }

    /// <summary>Pairs every parameter with its tensor, or throws with all that doesn't fit.</summary>
    private static List<(Parameter Parameter, SafeTensor Tensor)> Match(SafeTensorsFile file, ParameterStore parameters)
    {
        var wanted = parameters.All.Select(parameter => new WantedTensor(parameter.Name, parameter.Dimensions.ToArray())).ToList();
        var faults = new FaultList();
        foreach (var fault in WeightsComparison.Faults(wanted, file.Tensors.Select(tensor => tensor.Entry).ToList()))
            faults.Add(fault);
        if (faults.Count > 0)
        {
            throw new InvalidDataException(
                $"{file.Name} doesn't fit the model, which is left as it was:{faults}\nLoad the weights of this network, or rename their tensors.");
        }

        return parameters.All
            .Select(parameter => (parameter, file.TryGet(parameter.Name, out var tensor) ? tensor : throw new InvalidOperationException(parameter.Name)))
            .ToList();
    }

    private static string Word(WeightsFault fault)
    {
        var (kind, wanted, found) = (fault.Kind, fault.Wanted, fault.Found);
        return kind switch
        {
            WeightsFaultKind.Missing => $"{wanted.Name} {Describe.Shape(wanted.Shape)} is missing{(fault.Meant() is { } near ? $"; the file has {near}" : "")}",
            WeightsFaultKind.Shape => $"{wanted.Name} has the shape {Describe.Shape(found!.Shape)} in the file, but {Describe.Shape(wanted.Shape)} in the model",
            WeightsFaultKind.Type => $"{wanted.Name} is {found!.Type.Name()} in the file, but has to be F32 (F16, BF16 and F64 are converted)",
            _ => $"{found!.Description} is no parameter of the model{Suggestion(fault)}",
        };

        // The wanted name is likelier one that the file lacks than one that it has too.
        static string Suggestion(WeightsFault fault) => fault.Meant() is { } meant
            ? $"; did you mean {meant}"
            : fault.Neighbour() is { } neighbour ? $"; the nearest is {neighbour}" : "";
    }

    private static unsafe void CheckFinite(SafeTensorsFile file, SafeTensor tensor)
    {
        if (tensor.Floats is var floats && floats != null)
        {
            if (FiniteCheck.AllFinite(floats, tensor.Length))
                return;
        }

        var buffer = new float[BufferFloats];
        var count = 0L;
        var first = 0L;
        var value = 0f;
        for (long start = 0; start < tensor.Length; start += BufferFloats)
        {
            var values = buffer.AsSpan(0, (int)Math.Min(BufferFloats, tensor.Length - start));
            tensor.CopyTo(start, values);
            if (FiniteCheck.AllFinite(values))
                continue;
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

        public void Add(WeightsFault fault)
        {
            if (Count++ < Listed)
                _texts.Add(Word(fault));
        }

        public override string ToString() =>
            string.Concat(_texts.Select(text => $"\n  - {text}")) + (Count > Listed ? Invariant($"\n  - and {Count - Listed} more") : "");
    }
}
