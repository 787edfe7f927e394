using System.Globalization;
using System.IO.Enumeration;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Parameters that an optimiser trains otherwise than the rest, chosen by handle, by layer or by name. A parameter of several groups has what all of them say: the factors of its rate
/// are multiplied, of the weight decays the last group's counts, it is frozen if any group says so, and the longest warm-up is its own.
/// </summary>
/// <example><code>
/// var optimizer = new AdamW(1e-3)
/// {
///     Groups =
///     [
///         ParameterGroup.BiasesAndNorms() with { WeightDecay = 0 },
///         ParameterGroup.UpTo("conv3") with { RateFactor = 0.1 },
///     ],
/// };
/// </code></example>
public sealed record ParameterGroup
{
    private readonly Func<ParameterStore, IEnumerable<Parameter>> _choose;
    private readonly string _description;
    private readonly double _rateFactor = 1;
    private readonly double? _weightDecay;
    private readonly int _warmUpSteps;

    private ParameterGroup(string description, Func<ParameterStore, IEnumerable<Parameter>> choose)
    {
        _description = description;
        _choose = choose;
    }

    /// <summary>What the optimiser's rate is multiplied by, finite, 0 or more: 1 leaves it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double RateFactor
    {
        get => _rateFactor;
        init => _rateFactor = Check(value, nameof(RateFactor));
    }

    /// <summary>The weight decay instead of the optimiser's, finite, 0 or more; null leaves that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double? WeightDecay
    {
        get => _weightDecay;
        init => _weightDecay = value is { } decay ? Check(decay, nameof(WeightDecay)) : null;
    }

    /// <summary>Whether the parameters stay as they are. The running statistics of a batch normalisation, which no optimiser changes, go on moving.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>The optimiser's first steps, 0 or more, over which the rate rises in a line to its full height.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int WarmUpSteps
    {
        get => _warmUpSteps;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(WarmUpSteps));
            _warmUpSteps = value;
        }
    }

    /// <summary>These parameters: <c>ParameterGroup.Of(net.Conv1.Weight, net.Conv1.Bias)</c>. Another object of the same class has them too, by their names.</summary>
    /// <param name="parameters">One or more.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static ParameterGroup Of(params Parameter[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Length == 0)
            throw new ArgumentException("A group needs at least one parameter.", nameof(parameters));
        var names = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        return new ParameterGroup($"of {string.Join(", ", names)}", store => store.All.Where(parameter => names.Contains(parameter.Name)));
    }

    /// <summary>All parameters whose name (<c>conv1.weight</c>) matches a pattern: <c>*</c> is any text, <c>?</c> any one character.</summary>
    /// <param name="pattern">Such as <c>conv*.weight</c>; letters count as they are written.</param>
    public static ParameterGroup Named(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return new ParameterGroup(
            $"named '{pattern}'", store => store.All.Where(parameter => FileSystemName.MatchesSimpleExpression(pattern, parameter.Name, ignoreCase: false)));
    }

    /// <summary>All parameters from one layer's to another's, both included, in the order of the network.</summary>
    /// <param name="first">The first layer, or block, as its parameters are called in a weights file: <c>conv1</c>, or <c>stage1</c> for all of a block.</param>
    /// <param name="last">The last.</param>
    public static ParameterGroup Layers(string first, string last)
    {
        ArgumentException.ThrowIfNullOrEmpty(first);
        ArgumentException.ThrowIfNullOrEmpty(last);
        return new ParameterGroup($"of the layers '{first}' to '{last}'", store => Between(store, first, last));
    }

    /// <summary>All parameters up to a layer's, which are included: what transfer learning freezes.</summary>
    /// <param name="layer">The layer, or block, as its parameters are called in a weights file: <c>conv3</c>.</param>
    public static ParameterGroup UpTo(string layer)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        return new ParameterGroup($"up to the layer '{layer}'", store => Between(store, null, layer));
    }

    /// <summary>All parameters of the layers before one: of a classifier, those of the trunk below it.</summary>
    /// <param name="layer">The layer, or block, as its parameters are called in a weights file: <c>dense1</c>. Its own are not in the group.</param>
    public static ParameterGroup Below(string layer)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        return new ParameterGroup($"below the layer '{layer}'", store => Before(store, layer));
    }

    /// <summary>Biases, and the scales and shifts of normalisations: all parameters of one dimension.</summary>
    public static ParameterGroup BiasesAndNorms() =>
        new("of biases and norms", store => store.All.Where(parameter => !parameter.IsMatrix));

    /// <summary>Such as <c>parameters named 'conv*': rate x 0.1, frozen</c>.</summary>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"parameters {_description}: rate x {RateFactor}");
        if (WeightDecay is { } decay)
            text += string.Create(CultureInfo.InvariantCulture, $", weight decay {decay}");
        if (WarmUpSteps > 0)
            text += string.Create(CultureInfo.InvariantCulture, $", warm-up of {WarmUpSteps} steps");
        return IsFrozen ? text + ", frozen" : text;
    }

    /// <summary>The names of the trained parameters of the group.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    internal HashSet<string> Choose(ParameterStore parameters)
    {
        var names = _choose(parameters).Where(parameter => parameter.IsTrained).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        if (names.Count > 0)
            return names;
        throw new ArgumentException(
            $"The group of parameters {_description} has no trained parameter of the model, which has {string.Join(", ", parameters.All.Where(p => p.IsTrained).Select(p => p.Name))}.");
    }

    /// <summary>The parameters of the layers before one, in the order of the network.</summary>
    /// <exception cref="ArgumentException">The model has no such layer.</exception>
    internal static IEnumerable<Parameter> Before(ParameterStore parameters, string layer)
    {
        var layers = LayersOf(parameters);
        return parameters.All.Take(Found(layers, layers.FindIndex(one => IsWithin(one, layer)), layer));
    }

    private static List<Parameter> Between(ParameterStore parameters, string? first, string last)
    {
        var layers = LayersOf(parameters);
        var from = first == null ? 0 : Found(layers, layers.FindIndex(layer => IsWithin(layer, first)), first);
        var to = Found(layers, layers.FindLastIndex(layer => IsWithin(layer, last)), last);
        if (from > to)
            throw new ArgumentException($"The layer '{first}' stands behind '{last}' in the model: name them in its order.");
        return [.. parameters.All.Skip(from).Take(to - from + 1)];
    }

    private static List<string> LayersOf(ParameterStore parameters) => parameters.All.Select(parameter => LayerOf(parameter.Name)).ToList();

    private static int Found(List<string> layers, int index, string layer) => index >= 0
        ? index
        : throw new ArgumentException($"The model has no layer '{layer}' with parameters; it has {string.Join(", ", layers.Distinct())}.");

    /// <summary>Whether a layer is the one that is named, or stands within the block of that name.</summary>
    private static bool IsWithin(string layer, string name) => layer == name || layer.StartsWith(name + ".", StringComparison.Ordinal);

    private static string LayerOf(string name) => name.LastIndexOf('.') is var dot and >= 0 ? name[..dot] : name;

    private static double Check(double value, string name)
    {
        if (!((float)value >= 0 && float.IsFinite((float)value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number, 0 or more."));
        return value;
    }
}
