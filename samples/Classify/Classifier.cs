using ClassifySample.Images;

namespace ClassifySample;

/// <summary>From the bytes of an image's file to the probabilities of its classes.</summary>
internal sealed class Classifier(LeNet5 model, bool invert)
{
    private readonly float[] _scores = new float[LeNet5.OutputLength];

    /// <summary>Decodes, matches the channels, resizes to the model's input, and predicts.</summary>
    /// <returns>The probability of each class, good until the next call.</returns>
    /// <exception cref="ImageException">The image can't be read.</exception>
    public ReadOnlySpan<float> Classify(ReadOnlySpan<byte> file)
    {
        var shape = LeNet5.InputShape;
        var image = Resizer.Resize(ImageReader.Read(file).WithChannels(shape.Channels), shape.Width, shape.Height);
        model.Predict((invert ? image.Inverted() : image).Pixels, _scores);
        return _scores;
    }
}
