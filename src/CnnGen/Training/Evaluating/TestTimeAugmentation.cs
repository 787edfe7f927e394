using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Views of each image that a model is asked about one after the other, whose outputs are averaged: mirrored left to right, and shifted. For <c>Evaluate</c>, <c>Predict</c> and ensembles.
/// Costs as many predictions as there are views.
/// </summary>
public sealed class TestTimeAugmentation
{
    private readonly View[] _views;

    private TestTimeAugmentation(bool isMirrored, int shift, CropFill fill)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shift, 0, nameof(shift));
        Augment.CheckFill(fill);
        Fill = fill;
        MaximumShift = shift;
        var places = shift == 0 ? [(0, 0)] : new[] { (0, 0), (-shift, -shift), (shift, shift) };
        _views = [.. places.SelectMany(place => (isMirrored ? new[] { false, true } : [false]).Select(mirrored => new View(mirrored, place.Item1, place.Item2)))];
    }

    /// <summary>The views of an image, itself among them.</summary>
    public int Count => _views.Length;

    /// <summary>What comes in from outside where an image is shifted.</summary>
    public CropFill Fill { get; }

    /// <summary>The pixels that a view is shifted by.</summary>
    internal int MaximumShift { get; }

    /// <summary>Two views: the image, and mirrored left to right.</summary>
    public static TestTimeAugmentation Mirror() => new(true, 0, CropFill.Reflect);

    /// <summary>Three views: the image, and shifted to the upper left and to the lower right.</summary>
    /// <param name="pixels">The rows and columns of each shift, 1 or more, less than height and width.</param>
    /// <param name="fill">What comes in from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range; of the shape that is said when the views are used.</exception>
    public static TestTimeAugmentation Shifts(int pixels, CropFill fill = CropFill.Reflect) => new(false, CheckShift(pixels), fill);

    /// <summary>Six views: those of <see cref="Shifts"/>, each also mirrored.</summary>
    /// <param name="pixels">The rows and columns of each shift, 1 or more, less than height and width.</param>
    /// <param name="fill">What comes in from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range; of the shape that is said when the views are used.</exception>
    public static TestTimeAugmentation MirrorAndShifts(int pixels, CropFill fill = CropFill.Reflect) => new(true, CheckShift(pixels), fill);

    /// <summary>The mean of a model's outputs over all views.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="output">The shape of an output.</param>
    /// <param name="predict">Computes the outputs of images.</param>
    /// <param name="images">Images of that shape.</param>
    /// <param name="scores">Receives the means.</param>
    /// <param name="count">The number of images.</param>
    internal void Predict(ImageShape shape, ImageShape output, Predictor predict, ReadOnlySpan<float> images, Span<float> scores, int count)
    {
        CheckShape(shape, output);
        if (images.Length != count * (long)shape.Length)
            throw new ArgumentException(FormattableString.Invariant($"{count} images of shape {shape} have {count * (long)shape.Length} floats, but {images.Length} were given."), nameof(images));
        var (views, one) = (new float[images.Length], new float[scores.Length]);
        var mean = new ScoreMean(scores);
        foreach (var view in _views)
        {
            images.CopyTo(views);
            for (var i = 0; i < count; i++)
            {
                var image = views.AsSpan(i * shape.Length, shape.Length);
                if (view.IsMirrored)
                    Augment.Mirror(shape, image);
                Augment.Shift(shape, image, view.Down, view.Right, Fill);
            }

            predict(views, one, count);
            mean.Add(one);
        }

        mean.Finish();
    }

    /// <summary>Sees that the views suit images and outputs of a shape.</summary>
    /// <exception cref="ArgumentException">They don't.</exception>
    internal void CheckShape(ImageShape shape, ImageShape output)
    {
        if (output.IsMap)
            throw new ArgumentException($"The outputs are maps of shape {output}, which of a mirrored or shifted image are mirrored or shifted too, so that their mean means nothing. Measure without views.");
        if (MaximumShift >= Math.Min(shape.Height, shape.Width))
            throw new ArgumentException(FormattableString.Invariant($"Images of shape {shape} can't be shifted by {MaximumShift} pixels: at most {Math.Min(shape.Height, shape.Width) - 1}."));
    }

    private static int CheckShift(int pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 1);
        return pixels;
    }

    private readonly record struct View(bool IsMirrored, int Down, int Right);
}

/// <summary>Computes the outputs of a number of images.</summary>
internal delegate void Predictor(ReadOnlySpan<float> images, Span<float> scores, int count);
