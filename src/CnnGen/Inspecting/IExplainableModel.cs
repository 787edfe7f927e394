namespace CnnGen;

/// <summary>
/// A model that shows what its layers compute: what the generator gives every class whose <c>[Model]</c> says <c>Passes = Passes.Predict | Passes.Explain</c>.
/// </summary>
/// <typeparam name="TSelf">The model class itself.</typeparam>
public interface IExplainableModel<TSelf> : IModel<TSelf> where TSelf : class, IExplainableModel<TSelf>
{
    /// <summary>Computes what every layer makes of some images, by running statistics and without dropout, as a prediction does.</summary>
    /// <param name="images">count x C x H x W floats; H x W x C where <see cref="IModel{TSelf}.Layout"/> says so.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    /// <returns>The layers' outputs, and gradients from any of them on. It has working memory of its own, and goes on working when the model is disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="images"/> has another length.</exception>
    Inspection Inspect(ReadOnlySpan<float> images, int count = 1);
}
