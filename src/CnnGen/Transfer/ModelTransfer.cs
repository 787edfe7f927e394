using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Takes parameters from other networks, as far as they fit: for a new classifier behind a trunk that was trained on something else.</summary>
public static class ModelTransfer
{
    /// <summary>
    /// Copies all parameters of a file whose names and shapes are the model's; the others stay as they are. Either all of these are copied or, where the file is damaged or a number not finite, none.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">A safetensors file; F32 is taken as it is, F16, BF16 and F64 are converted.</param>
    /// <param name="options">What to copy, and by which names; null for the defaults.</param>
    /// <returns>What was copied, what not, and why.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">The model has no layer <see cref="CopyOptions.Below"/>.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, a weight to be copied is NaN or infinite, or there is nothing to copy; the model is as it was.</exception>
    public static CopyReport CopyFrom<TModel>(this IModel<TModel> model, string path, CopyOptions? options = null)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        using var file = SafeTensors.Open(path);
        var plan = Read(
            file.Name, model.Parameters, [.. file.Tensors.Where(tensor => !WeightsComparison.IsBatchCounter(tensor.Entry)).Select(tensor => new Source(
                tensor.Name, tensor.Shape.ToArray(), tensor.Type.IsFloat() ? null : $"is {tensor.Type.Name()} in the source, which is no tensor of floats", tensor.ToArray))],
            options);
        file.CheckUnchanged();
        return plan.Write();
    }

    /// <summary>Copies all parameters of another model whose names and shapes are this one's; the others stay as they are. They are those of one step, also where another thread trains that model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="other">The model to copy from, of any class.</param>
    /// <param name="options">What to copy, and by which names; null for the defaults.</param>
    /// <returns>What was copied, what not, and why.</returns>
    /// <exception cref="ArgumentException">The model has no layer <see cref="CopyOptions.Below"/>.</exception>
    /// <exception cref="InvalidDataException">A weight to be copied is NaN or infinite, or there is nothing to copy; the model is as it was.</exception>
    public static CopyReport CopyFrom<TModel, TOther>(this IModel<TModel> model, IModel<TOther> other, CopyOptions? options = null)
        where TModel : class, IModel<TModel>
        where TOther : class, IModel<TOther>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(other);
        Plan plan;
        using (other.Parameters.Hold())
        {
            plan = Read(
                typeof(TOther).Name,
                model.Parameters,
                [.. other.Parameters.All.Select(parameter => new Source(parameter.Name, Array.ConvertAll(parameter.Dimensions.ToArray(), d => (long)d), null, parameter.ToArray))],
                options);
        }

        // Not while the other one is held: two models that copy from each other would wait for each other for ever.
        return plan.Write();
    }

    /// <summary>Finds what is to be copied, and reads it; changes nothing.</summary>
    private static Plan Read(string from, ParameterStore parameters, List<Source> sources, CopyOptions? options)
    {
        var byName = new Dictionary<string, Source>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            var name = options?.Rename == null ? source.Name : options.Rename(source.Name);
            if (name != null && !byName.TryAdd(name, source))
                throw new InvalidDataException($"{from}: {Describe.Name(byName[name].Name)} and {Describe.Name(source.Name)} are both renamed to {Describe.Name(name)}. Rename them apart.");
        }

        var below = options?.Below is { } layer ? ParameterGroup.Before(parameters, layer).ToHashSet() : null;
        var (copied, kept, used) = (new List<(Parameter Parameter, float[] Values)>(), new List<KeptParameter>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var parameter in parameters.All)
        {
            var reason = options?.Where?.Invoke(parameter.Name) == false ? "it was not asked for"
                : below?.Contains(parameter) == false ? $"it is not below '{options!.Below}'"
                : !byName.TryGetValue(parameter.Name, out var source) ? "the source has none of that name"
                : source.Fault ?? (WeightsComparison.HasShape(source.Shape, parameter.Dimensions) ? null
                    : $"it has the shape {Describe.Shape(source.Shape)} in the source, but {Describe.Shape(parameter.Dimensions)} in the model");
            if (reason != null)
            {
                kept.Add(new KeptParameter(parameter.Name, reason));
                continue;
            }

            var values = byName[parameter.Name].Read();
            var found = default(NonFinite);
            if (options is not { AllowNonFinite: true } && !found.Add(0, values))
                throw new InvalidDataException($"{from}: {found.Describe(parameter)}; the model is as it was. Take other weights, or copy with AllowNonFinite = true.");
            copied.Add((parameter, values));
            used.Add(byName[parameter.Name].Name);
        }

        var report = new CopyReport(
            [.. copied.Select(pair => pair.Parameter.Name)], kept, [.. sources.Select(source => source.Name).Where(name => !used.Contains(name))]);
        if (copied.Count == 0)
            throw new InvalidDataException($"{from} has nothing that the model could take, which is as it was:\n{report}\nGive CopyOptions.Rename where only the names differ.");
        return new Plan(parameters, copied, report);
    }

    private sealed record Plan(ParameterStore Parameters, List<(Parameter Parameter, float[] Values)> Copied, CopyReport Report)
    {
        public CopyReport Write()
        {
            using (Parameters.Hold())
            {
                foreach (var (parameter, values) in Copied)
                    parameter.Set(values);
            }

            return Report;
        }
    }

    private sealed record Source(string Name, long[] Shape, string? Fault, Func<float[]> Read);
}
