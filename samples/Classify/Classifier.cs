using CnnGen.Images;

namespace ClassifySample;

/// <summary>From the bytes of an image's file to the probabilities of its classes.</summary>
internal sealed class Classifier(LeNet5 model, bool invert)
{
    private static readonly DecodeOptions s_form = new() { Channels = LeNet5.InputShape.Channels, Width = LeNet5.InputShape.Width, Height = LeNet5.InputShape.Height };

    private readonly float[] _scores = new float[LeNet5.OutputLength];

    /// <summary>The names of the classes, where the weights have them.</summary>
    public IReadOnlyList<string>? ClassNames => model.Parameters.ClassNames;

    /// <summary>Decodes, matches the channels and resizes to the model's input on the way, and predicts.</summary>
    /// <returns>The probability of each class, good until the next call.</returns>
    /// <exception cref="ImageException">The image can't be read.</exception>
    public ReadOnlySpan<float> Classify(ReadOnlySpan<byte> file)
    {
        var image = Image.Decode(file, s_form);
        model.Predict((invert ? image.Inverted() : image).Pixels, _scores);
        return _scores;
    }
}
