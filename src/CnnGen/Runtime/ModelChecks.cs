namespace CnnGen.Runtime;

/// <summary>The checks that generated models make of what they are called with.</summary>
public static class ModelChecks
{
    /// <summary>Checks the spans of a prediction.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="count"/> asks for.</exception>
    public static void Prediction(string model, ImageShape shape, int outputLength, int images, int scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (images != (long)count * shape.Length)
            throw Length(nameof(images), images, count, shape.Length, $"{model} takes images of {shape} floats");
        if (scores != (long)count * outputLength)
            throw Length(nameof(scores), scores, count, outputLength, $"{model} gives {outputLength} scores an image");
    }

    /// <summary>Checks the spans of a prediction from bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="count"/> asks for.</exception>
    public static void Pixels(string model, ImageShape shape, int outputLength, int pixels, int scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (pixels != (long)count * shape.Length)
        {
            throw new ArgumentException(
                $"{nameof(pixels)} has {pixels} bytes, but {count} x {shape.Length} = {(long)count * shape.Length} are needed: "
                    + $"{model} takes images of {shape.Height}x{shape.Width} pixels with {shape.Channels} bytes each.",
                nameof(pixels));
        }

        if (scores != (long)count * outputLength)
            throw Length(nameof(scores), scores, count, outputLength, $"{model} gives {outputLength} scores an image");
    }

    /// <summary>Checks the spans of a training step.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="count"/> asks for.</exception>
    public static void Training(
        string model, ImageShape shape, int outputLength, int images, int targets, int scores, int imageGradients, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (images != (long)count * shape.Length)
            throw Length(nameof(images), images, count, shape.Length, $"{model} takes images of {shape} floats");
        if (targets != (long)count * outputLength)
            throw Length(nameof(targets), targets, count, outputLength, $"{model} has {outputLength} outputs an image");
        if (scores != 0 && scores != (long)count * outputLength)
            throw Length(nameof(scores), scores, count, outputLength, $"{model} gives {outputLength} scores an image");
        if (imageGradients != 0 && imageGradients != (long)count * shape.Length)
            throw Length(nameof(imageGradients), imageGradients, count, shape.Length, $"{model} takes images of {shape} floats");
    }

    /// <summary>Checks that this machine can run an instruction set.</summary>
    /// <exception cref="PlatformNotSupportedException">It can't.</exception>
    public static InstructionSet Supported(InstructionSet set) => InstructionSets.IsSupported(set)
        ? set
        : throw new PlatformNotSupportedException($"This machine (or, under NativeAOT, this build) does not support {set}; the best it has is {InstructionSets.Best}.");

    /// <summary>What is thrown where a model that only predicts is asked to train.</summary>
    /// <param name="model">The class, if it is known.</param>
    public static InvalidOperationException NotTrainable(string? model = null) => new(
        $"{model ?? "The model"} was compiled for predictions alone ([Model(..., Passes = Passes.Predict)]), so it has no gradients. To train it, remove Passes from its [Model].");

    // Called for the error alone: its text is not to be put together at every call.
    private static ArgumentException Length(string name, int actual, int count, int each, string why) =>
        new($"{name} has {actual} floats, but {count} x {each} = {(long)count * each} are needed: {why}.", name);
}
