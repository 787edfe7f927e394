using CnnGen;

namespace ZooSample;

/// <summary>One network of the zoo, by name: what a program needs that chooses a network when it runs.</summary>
public abstract class Network
{
    private protected Network(string name, ImageShape inputShape, ImageShape outputShape, ModelSummary summary)
    {
        Name = name;
        InputShape = inputShape;
        OutputShape = outputShape;
        Summary = summary;
    }

    /// <summary>The model class's name.</summary>
    public string Name { get; }

    /// <summary>The shape of one image.</summary>
    public ImageShape InputShape { get; }

    /// <summary>The shape of one image's outputs; a vector's features are its channels.</summary>
    public ImageShape OutputShape { get; }

    /// <summary>The number of one image's outputs.</summary>
    public int OutputLength => OutputShape.Length;

    /// <summary>The table of layers.</summary>
    public ModelSummary Summary { get; }

    /// <summary>The floating-point operations of one image's forward pass: two for each multiply-add, padding's included.</summary>
    public double Operations => 2.0 * Summary.MultiplyAdds;

    /// <summary>Makes a model with random parameters.</summary>
    /// <param name="seed">The same seed gives the same bits again.</param>
    public abstract NetworkInstance Create(int seed = 0);
}

/// <summary>The entry of one model class.</summary>
internal sealed class Network<TModel>(ImageShape outputShape)
    : Network(typeof(TModel).Name, TModel.InputShape, outputShape, TModel.Summary)
    where TModel : class, ITrainableModel<TModel>
{
    public override NetworkInstance Create(int seed = 0) => new NetworkInstance<TModel>(TModel.Create(seed));
}
