using CnnGen;

namespace ExplainSample;

/// <summary>Images to look at a network with.</summary>
/// <param name="Images">They are of the network's shape.</param>
/// <param name="Origin">Where they come from, for the reader.</param>
public sealed record ExplainData(ImageDataset Images, string Origin);

/// <summary>Trains a model: the images to learn from, the images to watch it with, how many epochs.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
/// <param name="training">What it learns from.</param>
/// <param name="images">What it is measured and looked at with.</param>
/// <param name="epochs">How often it sees every image, 1 or more.</param>
public delegate TrainedModel<TModel> TrainModel<TModel>(ImageDataset training, ImageDataset images, int epochs);

/// <summary>A model that was trained, and how it came about.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
/// <param name="Model">The model.</param>
/// <param name="History">Its epochs.</param>
/// <param name="Evolutions">Pictures and charts of its training.</param>
public sealed record TrainedModel<TModel>(TModel Model, TrainingHistory History, IReadOnlyList<Exhibit> Evolutions);

/// <summary>A picture of the report.</summary>
/// <param name="Title">What is seen, in a few words.</param>
/// <param name="Text">What it says, in a sentence or two.</param>
/// <param name="Markup">HTML that needs nothing beside it.</param>
public sealed record Exhibit(string Title, string Text, string Markup)
{
    /// <summary>Its pictures as files, PNG and SVG, by their names: what writes each to the path that it is given.</summary>
    public IReadOnlyDictionary<string, Action<string>> Files { get; init; } = new Dictionary<string, Action<string>>();
}

/// <summary>What <see cref="Explain.Run{TModel}"/> shows, beside what its command line says. All of it may be left out.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed record ExplainOptions<TModel>
    where TModel : class, IExplainableModel<TModel>
{
    /// <summary>Makes the model with its weights, which is disposed in the end; null where <c>--weights FILE</c> has to name them.</summary>
    public Func<TModel>? Load { get; init; }

    /// <summary>Makes some images to look at the network with: how many are wanted. Null where only <c>--data</c> gives some.</summary>
    public Func<int, ExplainData>? Data { get; init; }

    /// <summary>Makes the images to learn from, for <c>--epochs</c>; null where only <c>--data</c> gives some.</summary>
    public Func<ImageDataset>? TrainingData { get; init; }

    /// <summary>Trains a model, for <c>--epochs</c>: <see cref="ExplainTraining.Of{TModel}"/>. Null for a model that isn't trained here.</summary>
    public TrainModel<TModel>? Train { get; init; }

    /// <summary>What came of the epochs of the model's training, for its curves; null where nobody knows.</summary>
    public TrainingHistory? History { get; init; }
}
