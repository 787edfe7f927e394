using System.Globalization;
using CnnGen;
using CnnGen.Insight;
using CnnGen.Runtime;

namespace ExplainSample.Looking;

/// <summary>What is looked into: a model, and what doesn't change while it is looked at. Everything here may be read by all threads at once.</summary>
internal sealed class Subject : IDisposable
{
    private const double ProfileSeconds = 0.5;

    private readonly Func<Looker> _newLooker;
    private readonly IDisposable? _model;
    private readonly Lazy<CostProfile> _costs;
    private readonly Lazy<string> _architecture;

    private Subject(ModelSummary summary, Normalization normalization, ParameterStore parameters, Func<Looker> newLooker, Func<CostProfile> profile, IDisposable? model)
    {
        (Summary, Normalization, Parameters, _newLooker, _model) = (summary, normalization, parameters, newLooker, model);
        Fields = new ReceptiveFields(summary);
        _costs = new Lazy<CostProfile>(profile);
        _architecture = new Lazy<string>(() => ArchitectureDrawing.Svg(summary, Costs.Notes));
    }

    /// <summary>The model's class.</summary>
    public string Name => Summary.ModelName;

    /// <summary>Its table of layers.</summary>
    public ModelSummary Summary { get; }

    /// <summary>The shape of one image.</summary>
    public ImageShape InputShape => Summary.InputShape;

    /// <summary>What becomes of bytes before the first layer sees them.</summary>
    public Normalization Normalization { get; }

    /// <summary>Its weights.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>What elements of layers see.</summary>
    public ReceptiveFields Fields { get; }

    /// <summary>Whether the outputs are probabilities.</summary>
    public required bool GivesProbabilities { get; init; }

    /// <summary>The classes' names.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Images to look at it with; null where there are none.</summary>
    public required ExplainData? Data { get; init; }

    /// <summary>What came of its training's epochs; null where nobody knows.</summary>
    public required TrainingHistory? History { get; init; }

    /// <summary>Pictures of its training.</summary>
    public required IReadOnlyList<Exhibit> Evolutions { get; init; }

    /// <summary>What each layer costs, measured when it is first asked for.</summary>
    public CostProfile Costs => _costs.Value;

    /// <summary>The drawing of its layers with their times, as SVG.</summary>
    public string Architecture => _architecture.Value;

    /// <summary>Makes the subject of a model.</summary>
    /// <exception cref="ArgumentException">The images have another shape than the model reads, or there are names of more or fewer classes than it has outputs.</exception>
    public static Subject Of<TModel>(TModel model, ExplainData? data, TrainingHistory? history, IReadOnlyList<Exhibit> evolutions)
        where TModel : class, IExplainableModel<TModel>
    {
        if (data is not null && (data.Images.Shape != TModel.InputShape || data.Images.Count == 0))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"One image at least of {TModel.InputShape} is needed, but there are {data.Images.Count} of {data.Images.Shape}."), nameof(data));
        }

        var names = model.Parameters.ClassNames ?? data?.Images.ClassNames;
        if (names is not null && names.Count != TModel.OutputLength)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{typeof(TModel).Name} has {TModel.OutputLength} outputs, but {(model.Parameters.ClassNames is null ? "the images" : "its weights")} name {names.Count} classes. Give images, or weights, of as many."));
        }

        Subject? subject = null;
        subject = new Subject(
            TModel.Summary, TModel.Normalization, model.Parameters, () => new Looker(subject!, model.Explain()), () => model.Profile(subject!.ImageToMeasure(), ProfileSeconds), model as IDisposable)
        {
            GivesProbabilities = TModel.GivesProbabilities,
            ClassNames = names ?? [.. Enumerable.Range(0, TModel.OutputLength).Select(i => i.ToString(CultureInfo.InvariantCulture))],
            Data = data,
            History = history,
            Evolutions = evolutions,
        };
        return subject;
    }

    /// <summary>An object that looks: for one thread at a time. It reads the model's weights and has memory of its own.</summary>
    public Looker NewLooker() => _newLooker();

    /// <summary>The name of a layer's weights, or null where it has none of the dimensions.</summary>
    public Parameter? WeightsOf(int layer, int dimensions)
    {
        var name = Summary.Layers[layer - 1].Name + ".weight";
        return Parameters.All.FirstOrDefault(one => one.Dimensions.Length == dimensions && string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();

    private float[] ImageToMeasure()
    {
        var image = new float[InputShape.Length];
        try
        {
            Data?.Images.CopyImage(0, image, Normalization);
        }
        catch (Exception fault) when (DataFaults.Are(fault))
        {
            // Any image takes as long.
        }

        return image;
    }
}
