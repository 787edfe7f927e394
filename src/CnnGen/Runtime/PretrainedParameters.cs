using System.Reflection;

namespace CnnGen.Runtime;

/// <summary>The parameters behind a model's <c>Pretrained</c>: loaded once, when first asked for, from any thread.</summary>
public sealed class PretrainedParameters
{
    private readonly Func<ParameterStore> _make;
    private readonly Func<TensorSource> _open;
    private readonly Lock _lock = new();
    private ParameterStore? _parameters;

    private PretrainedParameters(Func<ParameterStore> make, Func<TensorSource> open)
    {
        _make = make;
        _open = open;
    }

    /// <summary>The parameters. The first call loads them; where that fails, the next call tries again.</summary>
    /// <exception cref="FileNotFoundException">The weights are not where the build put them.</exception>
    /// <exception cref="InvalidDataException">They are not the model's, or damaged, or not finite.</exception>
    public ParameterStore Value
    {
        get
        {
            if (Volatile.Read(ref _parameters) is { } parameters)
                return parameters;
            lock (_lock)
            {
                if (_parameters is null)
                    Volatile.Write(ref _parameters, Load());
                return _parameters!;
            }
        }
    }

    /// <summary>Weights that are a resource of an assembly. They are read where they lie.</summary>
    /// <param name="make">Makes the memory.</param>
    /// <param name="assembly">The model's assembly.</param>
    /// <param name="name">The resource's name.</param>
    public static PretrainedParameters Inside(Func<ParameterStore> make, Assembly assembly, string name) => new(make, () =>
    {
        var stream = assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(
            $"{assembly.GetName().Name} has no resource '{name}'. Build it with <AdditionalFiles Include=\"{name}\" /> in the project file of the model.", name);
        return TensorSource.OfResource(stream, $"the resource '{name}'");
    });

    /// <summary>Weights in a file beside the program, which is mapped into memory while they are read.</summary>
    /// <param name="make">Makes the memory.</param>
    /// <param name="name">The file's name within the program's folder.</param>
    public static PretrainedParameters Beside(Func<ParameterStore> make, string name) => new(make, () =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, name);
        return FileStatus.Of(path).Kind != FileKind.Absent ? TensorSource.Map(path) : throw new FileNotFoundException(
            $"The weights '{path}' are not there. The build puts them beside the program: copy the file along with it.", path);
    });

    private ParameterStore Load()
    {
        using var file = SafeTensors.Open(_open());
        var parameters = _make();
        WeightsLoader.Load(file, parameters, null);
        return parameters;
    }
}
