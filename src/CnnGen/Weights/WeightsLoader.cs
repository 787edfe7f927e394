using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Loads a model's parameters from an open file: all of them or none.</summary>
internal static unsafe class WeightsLoader
{
    /// <summary>Floats that are read, checked and reordered at a time, while they are in the second cache.</summary>
    private const int LargestStep = 1 << 16;

    /// <exception cref="InvalidDataException">The file is not the model's, damaged or changed meanwhile; the parameters are as they were.</exception>
    public static void Load(SafeTensorsFile file, ParameterStore parameters, LoadOptions? options)
    {
        using var held = parameters.Hold();
        var pairs = WeightsMatch.Pairs(file, parameters);
        var names = ClassNames.Of(file.Metadata, file.Name);
        var isChecked = options is not { AllowNonFinite: true };
        if (file.IsInMemory)
            LoadFromMemory(file, parameters, pairs, isChecked);
        else
            LoadByReading(file, parameters, pairs, isChecked);
        parameters.ClassNames = names ?? parameters.ClassNames;
    }

    /// <summary>Memory can be read twice: all is checked, and then copied once, into its place.</summary>
    private static void LoadFromMemory(
        SafeTensorsFile file, ParameterStore parameters, List<(Parameter Parameter, SafeTensor Tensor)> pairs, bool isChecked)
    {
        var buffer = Array.Empty<float>();
        if (isChecked)
        {
            foreach (var (parameter, tensor) in pairs)
            {
                if (tensor.Floats == null || !FiniteCheck.AllFinite(tensor.Floats, tensor.Length))
                    Read(file, parameter, tensor, ref buffer, isChecked: true, null);
            }
        }

        foreach (var (parameter, tensor) in pairs)
        {
            if (tensor.Floats != null)
            {
                parameter.Set(tensor.Floats);
                continue;
            }

            fixed (float* memory = parameters.ValuesAndStatistics)
                Read(file, parameter, tensor, ref buffer, isChecked: false, memory);
        }

        parameters.MarkChanged();
        GC.KeepAlive(parameters);

        // Only a new object is loaded from a mapped file, and nobody gets it where this throws.
        file.CheckUnchanged();
    }

    /// <summary>What is read may be other numbers the next time, or none: it is read once, and checked before it replaces any.</summary>
    private static void LoadByReading(
        SafeTensorsFile file, ParameterStore parameters, List<(Parameter Parameter, SafeTensor Tensor)> pairs, bool isChecked)
    {
        // Parameters that were never set are all zero, and become so again where loading fails: they need no memory beside.
        var isNew = parameters.Version == 0;
        var values = parameters.ValuesAndStatistics;
        using var aside = isNew ? null : new AlignedBuffer(values.Length);
        fixed (float* own = values)
        {
            var memory = aside == null ? own : aside.Pointer;
            var buffer = Array.Empty<float>();
            try
            {
                foreach (var (parameter, tensor) in pairs.OrderBy(pair => pair.Tensor.Offset))
                    Read(file, parameter, tensor, ref buffer, isChecked, memory);
                file.CheckUnchanged();
                if (aside != null)
                    new ReadOnlySpan<float>(memory, values.Length).CopyTo(values);
            }
            catch when (isNew)
            {
                values.Clear();
                throw;
            }
            finally
            {
                GC.KeepAlive(parameters);
            }
        }

        parameters.MarkChanged();
    }

    /// <summary>Reads a tensor from start to end, into the kernels' order where there is memory for it.</summary>
    private static void Read(SafeTensorsFile file, Parameter parameter, SafeTensor tensor, ref float[] buffer, bool isChecked, float* memory)
    {
        // Whole blocks of filters at a time, which are reordered in one go.
        var layout = parameter.Layout;
        var step = (int)Math.Min((long)layout.ChunkLength * Math.Max(1, LargestStep / layout.ChunkLength), Math.Max(1, parameter.Length));
        if (buffer.Length < step)
            buffer = new float[step];
        var found = default(NonFinite);
        for (var start = 0; start < parameter.Length;)
        {
            var values = buffer.AsSpan(0, Math.Min(step, parameter.Length - start));
            tensor.CopyTo(start, values);
            if (isChecked)
                found.Add(start, values);
            if (memory != null && found.Count == 0)
            {
                fixed (float* first = values)
                    layout.Scatter(first, start, values.Length, memory);
            }

            start += values.Length;
        }

        if (found.Count > 0)
        {
            throw new InvalidDataException(
                $"{file.Name}: {found.Describe(tensor)}. The training may have diverged: take an earlier file, or load with AllowNonFinite = true.");
        }
    }
}
