using CnnGen;

namespace ZooSample;

/// <summary>One network of the zoo, by name: what a program needs that chooses a network when it runs.</summary>
public abstract class Network
{
    private protected Network(string name, ImageShape inputShape, ImageShape outputShape, ModelSummary summary, Loss loss, Published? published)
    {
        Name = name;
        InputShape = inputShape;
        OutputShape = outputShape;
        Summary = summary;
        Loss = loss;
        Published = published;
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

    /// <summary>What training minimises.</summary>
    public Loss Loss { get; }

    /// <summary>What others say of the network, where they do.</summary>
    public Published? Published { get; }

    /// <summary>The floating-point operations of one image's forward pass: two for each multiply-add, padding's included.</summary>
    public double Operations => 2.0 * Summary.MultiplyAdds;

    /// <summary>Makes a model with random parameters.</summary>
    /// <param name="seed">The same seed gives the same bits again.</param>
    public abstract NetworkInstance Create(int seed = 0);
}

/// <summary>Published figures of a network: those of its paper or of torchvision.</summary>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="GigaMultiplyAdds">Multiply-adds of a forward pass in units of 10^9, rounded to two places; null where only parameters are published.</param>
public sealed record Published(long Parameters, double? GigaMultiplyAdds = null)
{
    /// <summary>Whether a network has the same: to the last parameter, and to the places that are published.</summary>
    /// <param name="summary">The network's table.</param>
    public bool Agrees(ModelSummary summary) =>
        summary.Parameters == Parameters && (GigaMultiplyAdds is not { } published || Math.Round(summary.MultiplyAdds / 1e9, 2) == published);
}

/// <summary>The entry of one model class.</summary>
internal sealed class Network<TModel>(ImageShape outputShape, Published? published = null)
    : Network(typeof(TModel).Name, TModel.InputShape, outputShape, TModel.Summary, TModel.Loss, published)
    where TModel : class, ITrainableModel<TModel>
{
    public override NetworkInstance Create(int seed = 0) => new NetworkInstance<TModel>(TModel.Create(seed));
}
