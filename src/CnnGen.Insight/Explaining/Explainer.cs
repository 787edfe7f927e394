using System.Diagnostics;
using System.Globalization;

namespace CnnGen.Insight;

/// <summary>A compiled model as the methods of this library see it: its <see cref="Inspection"/>, with layers by their places. Made by <see cref="Explainers.Explain"/>; an object is for one thread at a time.</summary>
/// <typeparam name="TModel">The model's class, which has <c>Passes.Explain</c>.</typeparam>
public sealed class Explainer<TModel> : IExplainable, IDisposable
    where TModel : class, IExplainableModel<TModel>
{
    private readonly IExplainableModel<TModel> _model;
    private readonly LayerHandle?[] _layers;
    private readonly ImageShape[] _shapes;
    private Inspection? _inspection;

    internal Explainer(IExplainableModel<TModel> model)
    {
        _model = model;
        var layers = TModel.Summary.Layers;
        _layers = new LayerHandle?[layers.Count + 1];
        _shapes = new ImageShape[layers.Count + 1];
        _shapes[0] = TModel.InputShape;
        for (var i = 1; i <= layers.Count; i++)
        {
            _shapes[i] = LayerShapes.Read(layers[i - 1]);
            _layers[i] = new LayerHandle(typeof(TModel), i, layers[i - 1].Name, _shapes[TModel.Summary.InputsOf(i)[0]], _shapes[i]);
        }

        ScoreLayer = BeforeSoftmax(TModel.Summary);
    }

    /// <inheritdoc/>
    public int LayerCount => _layers.Length - 1;

    /// <inheritdoc/>
    public int OutputLayer => TModel.Summary.OutputLayer;

    /// <inheritdoc/>
    public int ScoreLayer { get; }

    /// <summary>The parts of the image that elements of layers see.</summary>
    public ReceptiveFields Fields => field ??= new ReceptiveFields(TModel.Summary);

    /// <summary>A layer by its name: <c>Block1.Conv2</c>.</summary>
    /// <param name="name">The name, as <c>Summary</c> prints it.</param>
    /// <returns>Its place.</returns>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public int PlaceOf(string name)
    {
        for (var i = 1; i < _layers.Length; i++)
        {
            if (_layers[i]!.Name == name)
                return i;
        }

        throw new ArgumentException($"{typeof(TModel).Name} has no layer '{name}'. Its layers are {string.Join(", ", _layers.Skip(1).Select(layer => layer!.Name))}.", nameof(name));
    }

    /// <inheritdoc/>
    public ImageShape ShapeOf(int layer)
    {
        Check(layer, 0);
        return _shapes[layer];
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> images, int count)
    {
        var given = AsModel(images);
        if (_inspection is null)
            _inspection = _model.Inspect(given, count);
        else
            _inspection.Run(given, count);
    }

    /// <summary>Images of C x H x W as the model takes them.</summary>
    private static ReadOnlySpan<float> AsModel(ReadOnlySpan<float> images)
    {
        if (TModel.Layout == Layout.ChannelsFirst || images.Length % TModel.InputShape.Length != 0)
            return images;
        var pixels = new float[images.Length];
        ChannelOrder.ToChannelsLast(images, pixels, TModel.InputShape);
        return pixels;
    }

    /// <summary>Measures what each layer costs for an image.</summary>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="seconds">How long to measure, above 0, at most 3600.</param>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is out of its range.</exception>
    public CostProfile Profile(ReadOnlySpan<float> image, double seconds = 1)
    {
        Forward(image, 1);
        var own = AsModel(image).ToArray();
        return CostProfile.Of(TModel.Summary, layer => _inspection!.Run(own, 1, _layers[layer]), seconds, Stopwatch.GetTimestamp);
    }

    /// <inheritdoc/>
    public void CopyActivations(int layer, Span<float> activations)
    {
        Check(layer, 1);
        Kept[_layers[layer]!].CopyTo(activations);
    }

    /// <inheritdoc/>
    public void Backward(int layer, ReadOnlySpan<float> seed, RectifierRule rule = RectifierRule.Gradient)
    {
        Check(layer, 1);
        Kept.Backward(_layers[layer]!, seed, rule);
    }

    /// <inheritdoc/>
    public void CopyGradients(int layer, Span<float> gradients)
    {
        Check(layer, 0);
        if (layer > 0)
            Kept.GradientOf(_layers[layer]!).CopyTo(gradients);
        else if (TModel.Layout == Layout.ChannelsFirst)
            Kept.ImageGradient.CopyTo(gradients);
        else
            ChannelOrder.ToChannelsFirst(Kept.ImageGradient, gradients[..Kept.ImageGradient.Length], TModel.InputShape);
    }

    /// <summary>Frees the working memory. The model stays as it is.</summary>
    public void Dispose() => _inspection?.Dispose();

    private Inspection Kept => _inspection ?? throw new InvalidOperationException("No images were computed: Forward does.");

    private void Check(int layer, int least)
    {
        if (layer < least || layer >= _layers.Length)
            throw new ArgumentOutOfRangeException(nameof(layer), layer, string.Create(CultureInfo.InvariantCulture, $"{typeof(TModel).Name} has layers {least} to {LayerCount}."));
    }

    /// <summary>Scores are what a softmax reads that is the output, or the output itself.</summary>
    private static int BeforeSoftmax(ModelSummary summary) =>
        summary.Layers[summary.OutputLayer - 1].Kind is "Softmax" or "LogSoftmax" ? Math.Max(1, summary.InputsOf(summary.OutputLayer)[0]) : summary.OutputLayer;
}

/// <summary>Makes explainers of models.</summary>
public static class Explainers
{
    /// <summary>Makes what the methods of this library explain a model by. It reads the model's parameters whenever it computes, and has working memory of its own.</summary>
    /// <param name="model">A model whose <c>[Model]</c> says <c>Passes = Passes.Predict | Passes.Explain</c>.</param>
    public static Explainer<TModel> Explain<TModel>(this IExplainableModel<TModel> model)
        where TModel : class, IExplainableModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Explainer<TModel>(model);
    }

    /// <summary>Measures what each layer of a model costs for an image: <c>model.Profile(image)</c>.</summary>
    /// <param name="model">A model with <c>Passes.Explain</c>.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="seconds">How long to measure, above 0, at most 3600.</param>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is out of its range.</exception>
    public static CostProfile Profile<TModel>(this IExplainableModel<TModel> model, ReadOnlySpan<float> image, double seconds = 1)
        where TModel : class, IExplainableModel<TModel>
    {
        using var explainer = model.Explain();
        return explainer.Profile(image, seconds);
    }
}
