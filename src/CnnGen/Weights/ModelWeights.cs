using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

/// <summary>
/// Saves and loads a model's weights as safetensors, with PyTorch's names and layout: a file that <c>safetensors.torch</c> saves from the same network
/// loads here and the other way round.
/// </summary>
public static class ModelWeights
{
    /// <summary>
    /// Writes all parameters. Another file is written, flushed to the disk and given the name, so that a crash at any time leaves the old file whole; it gets the
    /// permissions of the old one, and a link is followed.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="parameters">A model's parameters.</param>
    /// <param name="metadata">Free text to go with them and with the classes' names (<see cref="ParameterStore.ClassNames"/>), or null.</param>
    /// <param name="options">What to let through, or null for the defaults.</param>
    /// <exception cref="InvalidOperationException">A weight is NaN or infinite; the old file, if any, is as it was.</exception>
    /// <exception cref="IOException">The path leads to no regular file, or the file can't be written; the old file, if any, is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is read-only, or its folder is to this user.</exception>
    public static void Save(
        string path, ParameterStore parameters, IReadOnlyDictionary<string, string>? metadata = null, SaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
            SafeTensors.Write(path, Tensors(parameters, options), ClassNames.Add(metadata, parameters.ClassNames));
    }

    /// <summary>Writes all parameters to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="parameters">A model's parameters.</param>
    /// <param name="metadata">Free text to go with them and with the classes' names (<see cref="ParameterStore.ClassNames"/>), or null.</param>
    /// <param name="options">What to let through, or null for the defaults.</param>
    /// <exception cref="InvalidOperationException">A weight is NaN or infinite; nothing was written.</exception>
    public static void Save(
        Stream stream, ParameterStore parameters, IReadOnlyDictionary<string, string>? metadata = null, SaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
            SafeTensors.Write(stream, Tensors(parameters, options), ClassNames.Add(metadata, parameters.ClassNames));
    }

    /// <summary>
    /// Loads all parameters, or none: names, shapes, types and numbers are checked before the first parameter changes, and a file that doesn't fit, can't be read to
    /// its end or is changed meanwhile leaves the model as it was. For that the numbers of a file or stream are put together in memory of their own before they
    /// replace those of a model that has some. Surplus counters of batch normalisation (<c>num_batches_tracked</c>) are passed over.
    /// </summary>
    /// <param name="path">A safetensors file; F32 is taken as it is, F16, BF16 and F64 are converted.</param>
    /// <param name="parameters">The parameters of the model that the weights are for.</param>
    /// <param name="options">What to let through, or null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">
    /// The path leads to no regular file, the file is damaged, its tensors are not the model's (the message lists what is missing, surplus or of another shape), or a
    /// weight is NaN or infinite.
    /// </exception>
    public static void Load(string path, ParameterStore parameters, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var file = SafeTensors.Open(path);
        WeightsLoader.Load(file, parameters, options);
    }

    /// <summary>
    /// Loads all parameters, as <see cref="Load(string, ParameterStore, LoadOptions)"/> does, from where a stream stands to its end; the stream stays open. No more of
    /// it is read than the model's weights and one byte.
    /// </summary>
    /// <exception cref="InvalidDataException">The weights are damaged or not the model's; the model is as it was, as it is after an exception of the stream's own.</exception>
    public static void Load(Stream stream, ParameterStore parameters, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var file = SafeTensors.OpenToLoad(stream);
        WeightsLoader.Load(file, parameters, options);
    }

    /// <summary>Loads all parameters, as <see cref="Load(string, ParameterStore, LoadOptions)"/> does, from a file that is in memory.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged or not the model's; the model is as it was.</exception>
    public static void Load(ReadOnlyMemory<byte> memory, ParameterStore parameters, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var file = SafeTensors.Open(memory);
        WeightsLoader.Load(file, parameters, options);
    }

    private static SafeTensorValues[] Tensors(ParameterStore parameters, SaveOptions? options)
    {
        if (options is not { AllowNonFinite: true } && NonFinite.FirstIn(parameters) is { } found)
        {
            throw new InvalidOperationException(
                $"{found}, so that the file could not be loaded again; nothing was saved. The training may have diverged: go on from an earlier file, or save with AllowNonFinite = true.");
        }

        return parameters.All
            .Select(parameter => new SafeTensorValues(parameter.Name, parameter.Dimensions, parameter.Length, parameter.CopyTo))
            .ToArray();
    }
}
