using static System.FormattableString;

namespace CnnGen.Runtime;

/// <summary>The images of a stream that one epoch is trained on.</summary>
internal sealed class StreamWindow : ImageDataset
{
    private readonly StreamedImage[] _images;

    private StreamWindow(ImageShape shape, int classCount, StreamedImage[] images)
        : base(shape, classCount, images.Length) => _images = images;

    /// <summary>Takes the next images.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="before">The window before, or null.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="read">The images that were taken before.</param>
    /// <param name="shape">What each has to be.</param>
    /// <param name="outputs">The model's outputs.</param>
    /// <exception cref="ArgumentException">An image is of another shape, its label no output, or its targets are too few or too many.</exception>
    public static StreamWindow Read(IEnumerator<StreamedImage> stream, StreamWindow? before, int most, long read, ImageShape shape, int outputs)
    {
        var images = new List<StreamedImage>();
        bool? hasTargets = before == null ? null : before.ClassCount == 0;
        while (images.Count < most && stream.MoveNext())
        {
            Check(stream.Current, read + images.Count, shape, outputs);
            hasTargets ??= !stream.Current.Targets.IsEmpty;
            if (hasTargets == stream.Current.Targets.IsEmpty)
                throw new ArgumentException(Invariant($"Image {read + images.Count} of the stream has {(stream.Current.Targets.IsEmpty ? "a label" : "targets")}, those before it have not: give all of them one or the other."), nameof(stream));
            images.Add(stream.Current);
        }

        return new StreamWindow(shape, hasTargets == false ? outputs : 0, [.. images]);
    }

    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        CheckImageLength(destination.Length);
        if (_images[index].Bytes.IsEmpty)
            _images[index].Floats.Span.CopyTo(destination);
        else
            normalization.Apply(_images[index].Bytes.Span, destination);
    }

    public override int GetLabel(int index)
    {
        CheckIndex(index);
        return ClassCount > 0 ? _images[index].Label : throw new InvalidOperationException("The images have no labels.");
    }

    public override void CopyTarget(int index, Span<float> destination)
    {
        if (ClassCount > 0)
            base.CopyTarget(index, destination);
        else
            _images[index].Targets.Span.CopyTo(destination);
    }

    private static void Check(StreamedImage image, long number, ImageShape shape, int outputs)
    {
        var length = image.Bytes.IsEmpty ? image.Floats.Length : image.Bytes.Length;
        if (length != shape.Length)
            throw new ArgumentException(Invariant($"Image {number} of the stream has {length} numbers, but the model's images are of shape {shape}, {shape.Length} numbers."));
        if (image.Targets.IsEmpty && (uint)image.Label >= (uint)outputs)
            throw new ArgumentException(Invariant($"Image {number} of the stream has label {image.Label}, but the model has {outputs} outputs, for labels from 0 to {outputs - 1}."));
        if (!image.Targets.IsEmpty && image.Targets.Length != outputs)
            throw new ArgumentException(Invariant($"Image {number} of the stream has {image.Targets.Length} targets, but the model {outputs} outputs."));
    }
}
