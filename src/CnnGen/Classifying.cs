using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Asks a model whose outputs are probabilities which class an image is of.</summary>
public static class Classifying
{
    /// <summary>Up to so many outputs lie on the stack.</summary>
    private const int MostOnStack = 1024;

    /// <summary>The most probable class of an image of bytes, which are normalised as the model's <c>[Normalize]</c> says.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pixels">H x W x C bytes: the channels of a pixel one after the other, as image decoders and <see cref="ByteImageDataset.GetBytes"/> give them.</param>
    /// <returns>The class and its probability; of equal ones the first.</returns>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="InvalidOperationException">The model's outputs are no probabilities: it does not end in Softmax over a vector.</exception>
    public static Classification Classify<TModel>(this IModel<TModel> model, ReadOnlySpan<byte> pixels)
        where TModel : class, IModel<TModel>
    {
        Check(model);
        var scores = TModel.OutputLength <= MostOnStack ? stackalloc float[MostOnStack] : new float[TModel.OutputLength];
        scores = scores[..TModel.OutputLength];
        model.Predict(pixels, scores, 1);
        return Best(scores, model.Parameters.ClassNames);
    }

    /// <summary>The most probable class of an image of floats, which are taken as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">C x H x W floats; H x W x C where the model's <c>Layout</c> says so.</param>
    /// <returns>The class and its probability; of equal ones the first.</returns>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="InvalidOperationException">The model's outputs are no probabilities: it does not end in Softmax over a vector.</exception>
    public static Classification Classify<TModel>(this IModel<TModel> model, ReadOnlySpan<float> image)
        where TModel : class, IModel<TModel>
    {
        Check(model);
        var scores = TModel.OutputLength <= MostOnStack ? stackalloc float[MostOnStack] : new float[TModel.OutputLength];
        scores = scores[..TModel.OutputLength];
        model.Predict(image, scores, 1);
        return Best(scores, model.Parameters.ClassNames);
    }

    /// <summary>The most probable classes of an image of bytes, which are normalised as the model's <c>[Normalize]</c> says.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pixels">H x W x C bytes.</param>
    /// <param name="top">How many classes, 1 to the number of the model's outputs.</param>
    /// <returns>The classes, the most probable one first; of equal ones the lower number first.</returns>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is below 1 or more than the model has classes.</exception>
    /// <exception cref="InvalidOperationException">The model's outputs are no probabilities: it does not end in Softmax over a vector.</exception>
    public static Classification[] Classify<TModel>(this IModel<TModel> model, ReadOnlySpan<byte> pixels, int top)
        where TModel : class, IModel<TModel>
    {
        Check(model);
        CheckTop<TModel>(top);
        var scores = new float[TModel.OutputLength];
        model.Predict(pixels, scores, 1);
        return Top(scores, top, model.Parameters.ClassNames);
    }

    /// <summary>The most probable classes of an image of floats, which are taken as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">C x H x W floats; H x W x C where the model's <c>Layout</c> says so.</param>
    /// <param name="top">How many classes, 1 to the number of the model's outputs.</param>
    /// <returns>The classes, the most probable one first; of equal ones the lower number first.</returns>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is below 1 or more than the model has classes.</exception>
    /// <exception cref="InvalidOperationException">The model's outputs are no probabilities: it does not end in Softmax over a vector.</exception>
    public static Classification[] Classify<TModel>(this IModel<TModel> model, ReadOnlySpan<float> image, int top)
        where TModel : class, IModel<TModel>
    {
        Check(model);
        CheckTop<TModel>(top);
        var scores = new float[TModel.OutputLength];
        model.Predict(image, scores, 1);
        return Top(scores, top, model.Parameters.ClassNames);
    }

    private static Classification Best(ReadOnlySpan<float> scores, IReadOnlyList<string>? names)
    {
        var best = Scores.Highest(scores);
        return Named(best, scores[best], names);
    }

    private static Classification[] Top(float[] scores, int top, IReadOnlyList<string>? names)
    {
        var classes = new int[scores.Length];
        for (var i = 0; i < classes.Length; i++)
            classes[i] = i;
        Array.Sort(classes, (a, b) => scores[b].CompareTo(scores[a]) is var order and not 0 ? order : a.CompareTo(b));

        var result = new Classification[top];
        for (var i = 0; i < top; i++)
            result[i] = Named(classes[i], scores[classes[i]], names);
        return result;
    }

    private static Classification Named(int index, float probability, IReadOnlyList<string>? names) =>
        new(index, probability) { Name = index < names?.Count ? names[index] : null };

    private static void Check<TModel>(IModel<TModel> model)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!TModel.GivesProbabilities)
        {
            throw new InvalidOperationException(
                $"{typeof(TModel).Name} gives numbers, not probabilities of classes: its last layer is not Softmax over a vector. End the declaration in Softmax, or take the numbers from Predict.");
        }
    }

    private static void CheckTop<TModel>(int top)
        where TModel : class, IModel<TModel>
    {
        if (top < 1 || top > TModel.OutputLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(top), top, string.Create(CultureInfo.InvariantCulture, $"{typeof(TModel).Name} has {TModel.OutputLength} classes: ask for 1 to {TModel.OutputLength} of them."));
        }
    }
}
