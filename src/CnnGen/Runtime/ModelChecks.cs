using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

/// <summary>The checks that generated models make of what they are called with.</summary>
public static class ModelChecks
{
    /// <summary>Checks the spans of a prediction.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="count"/> asks for, or the spans overlap.</exception>
    public static void Prediction(string model, ImageShape shape, int outputLength, ReadOnlySpan<float> images, ReadOnlySpan<float> scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (images.Length != (long)count * shape.Length)
            throw Length(nameof(images), images.Length, count, shape.Length, $"{model} takes images of {shape} floats");
        if (scores.Length != (long)count * outputLength)
            throw Length(nameof(scores), scores.Length, count, outputLength, $"{model} gives {outputLength} scores an image");
        if (scores.Overlaps(images))
            throw Overlap(nameof(scores), nameof(images));
    }

    /// <summary>Checks the spans of a prediction from bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="count"/> asks for, or the spans overlap.</exception>
    public static void Pixels(string model, ImageShape shape, int outputLength, ReadOnlySpan<byte> pixels, ReadOnlySpan<float> scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (pixels.Length != (long)count * shape.Length)
        {
            throw new ArgumentException(
                $"{nameof(pixels)} has {pixels.Length} bytes, but {count} x {shape.Length} = {(long)count * shape.Length} are needed: "
                    + $"{model} takes images of {shape.Height}x{shape.Width} pixels with {shape.Channels} bytes each.",
                nameof(pixels));
        }

        if (scores.Length != (long)count * outputLength)
            throw Length(nameof(scores), scores.Length, count, outputLength, $"{model} gives {outputLength} scores an image");
        if (MemoryMarshal.AsBytes(scores).Overlaps(pixels))
            throw Overlap(nameof(scores), nameof(pixels));
    }

    /// <summary>Checks the images of an inspection.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">The span has not the length that <paramref name="count"/> asks for.</exception>
    public static void Images(string model, ImageShape shape, ReadOnlySpan<float> images, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (images.Length != (long)count * shape.Length)
            throw Length(nameof(images), images.Length, count, shape.Length, $"{model} takes images of {shape} floats");
    }

    /// <summary>Checks what a layer's features are asked for with.</summary>
    /// <param name="model">The model's class.</param>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="names">The layers whose features it gives.</param>
    /// <param name="indices">Their indices.</param>
    /// <param name="layer">The layer that is asked for.</param>
    /// <param name="images">The images.</param>
    /// <param name="features">What receives the features.</param>
    /// <param name="count">The number of images.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">The layer is another model's or none of those, a span has another length, or the spans overlap.</exception>
    public static void Features(
        Type model, ImageShape shape, string names, ReadOnlySpan<int> indices, LayerHandle layer, ReadOnlySpan<float> images, ReadOnlySpan<float> features, int count)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Model != model || !indices.Contains(layer.Index))
            throw NoFeatures(model, names, layer);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (images.Length != (long)count * shape.Length)
            throw Length(nameof(images), images.Length, count, shape.Length, $"{model.Name} takes images of {shape} floats");
        if (features.Length != (long)count * layer.OutputShape.Length)
            throw Length(nameof(features), features.Length, count, layer.OutputShape.Length, $"{layer.Name} of {model.Name} gives {layer.OutputShape} floats an image");
        if (features.Overlaps(images))
            throw Overlap(nameof(features), nameof(images));
    }

    /// <summary>What is thrown where a model gives no features of a layer.</summary>
    /// <param name="model">The model's class.</param>
    /// <param name="names">The layers whose features it gives; empty for none.</param>
    /// <param name="layer">The layer that is asked for.</param>
    public static ArgumentException NoFeatures(Type model, string names, LayerHandle layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layer);
        var wanted = string.IsNullOrEmpty(names) ? layer.Name : names + ", " + layer.Name;
        return new ArgumentException(
            layer.Model != model
                ? $"{layer.Name} is a layer of {layer.Model.Name}, and the features are asked of a {model.Name}: give a handle of that one's."
                : $"{model.Name} was not compiled with the features of {layer.Name}. Say [Model(..., Features = \"{wanted}\")].",
            nameof(layer));
    }

    /// <summary>Checks the number of images that a model is to be made ready for.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1, or more than a call can be given.</exception>
    public static void Warmup(string model, ImageShape shape, int outputLength, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var most = Array.MaxLength / Math.Max(shape.Length, outputLength);
        if (count > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                count,
                $"A call of {model} has at most {most} images of {shape} floats: no array holds more. Give the number of images of the calls to come, such as 1 or the batch size.");
        }
    }

    /// <summary>Checks the spans of a training step.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">A span has not the length that <paramref name="count"/> asks for, or one that is written overlaps another.</exception>
    public static void Training(
        string model,
        ImageShape shape,
        int outputLength,
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> imageGradients,
        int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (images.Length != (long)count * shape.Length)
            throw Length(nameof(images), images.Length, count, shape.Length, $"{model} takes images of {shape} floats");
        if (targets.Length != (long)count * outputLength)
            throw Length(nameof(targets), targets.Length, count, outputLength, $"{model} has {outputLength} outputs an image");
        if (scores.Length != 0 && scores.Length != (long)count * outputLength)
            throw Length(nameof(scores), scores.Length, count, outputLength, $"{model} gives {outputLength} scores an image");
        if (imageGradients.Length != 0 && imageGradients.Length != (long)count * shape.Length)
            throw Length(nameof(imageGradients), imageGradients.Length, count, shape.Length, $"{model} takes images of {shape} floats");
        if (scores.Overlaps(images) || scores.Overlaps(targets))
            throw Overlap(nameof(scores), scores.Overlaps(images) ? nameof(images) : nameof(targets));
        if (imageGradients.Overlaps(images) || imageGradients.Overlaps(targets))
            throw Overlap(nameof(imageGradients), imageGradients.Overlaps(images) ? nameof(images) : nameof(targets));
        if (imageGradients.Overlaps(scores))
            throw Overlap(nameof(imageGradients), nameof(scores));
    }

    /// <summary>Checks that a training step has images enough for a batch normalisation over single values: the variance of one value is 0, and what is normalised by it is 0 too.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is 1.</exception>
    public static void BatchStatistics(string model, string layer, int count)
    {
        if (count == 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                count,
                $"{layer} of {model} normalises each feature over the images of a batch, and one image has one value of each, whose variance is 0: train on at least 2 images at a time.");
        }
    }

    /// <summary>Checks the regions of some images.</summary>
    /// <exception cref="ArgumentException">The span has not the length that <paramref name="count"/> asks for, or what is written overlaps it.</exception>
    public static void Regions(
        string model,
        int regionCount,
        ReadOnlySpan<float> regions,
        int count,
        ReadOnlySpan<float> written,
        [CallerArgumentExpression(nameof(written))] string writtenName = "")
    {
        var each = regionCount * RegionBox.Length;
        if (regionCount == 0)
            NoRegions(model, regions);
        if (regions.Length != (long)count * each)
        {
            throw Length(
                nameof(regions), regions.Length, count, each,
                $"{model} takes {regionCount} regions with each image, four numbers each (x1, y1, x2, y2 in pixels of the image). Of fewer, let the others be zeros");
        }

        if (written.Overlaps(regions))
            throw Overlap(writtenName, nameof(regions));
    }

    /// <summary>Checks that nothing is wanted of empty regions, where an output is a row for each region.</summary>
    /// <exception cref="ArgumentException">A target of an empty region is not 0.</exception>
    public static void EmptyRegions(string model, int regionCount, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets, Layout layout = Layout.ChannelsFirst)
    {
        var images = regions.Length / (regionCount * RegionBox.Length);
        var outputs = targets.Length / images;
        var (regionStride, channelStride) = layout == Layout.ChannelsLast ? (outputs / regionCount, 1) : (1, regionCount);
        for (var i = 0; i < images * regionCount; i++)
        {
            if (!RegionBox.At(regions[(i * RegionBox.Length)..]).IsEmpty)
                continue;
            var (image, region) = (i / regionCount, i % regionCount);
            for (var channel = 0; channel < outputs / regionCount; channel++)
            {
                var at = (image * outputs) + (region * regionStride) + (channel * channelStride);
                if (targets[at] != 0)
                {
                    throw new ArgumentException(
                        $"Region {region} of image {image} is empty (x2 is not above x1, or y2 not above y1), but {model} is to learn from it: targets[{at}] is {targets[at].ToString(CultureInfo.InvariantCulture)}. "
                            + "Let all targets of an empty region be 0, which adds nothing to the loss.",
                        nameof(targets));
                }
            }
        }
    }

    /// <summary>Checks that a model that takes no regions is given none.</summary>
    /// <exception cref="ArgumentException">There are some.</exception>
    public static void NoRegions(string model, ReadOnlySpan<float> regions)
    {
        if (regions.Length != 0)
            throw new ArgumentException($"{model} takes no regions, but {regions.Length} numbers of regions were given. Say [Model(..., Regions = n)], or give none.", nameof(regions));
    }

    /// <summary>What is thrown where a model that takes regions is called without.</summary>
    /// <param name="model">The class.</param>
    /// <param name="regionCount">The regions of an image.</param>
    public static InvalidOperationException NeedsRegions(string model, int regionCount) => new(
        $"{model} takes {regionCount} regions with each image, and what calls it here knows none. Call the overload of Predict, ComputeGradients or Inspect that has regions.");

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

    private static ArgumentException Overlap(string written, string read) => new(
        $"{written} overlaps {read}: what is written would change what is still to be read. Give {written} memory of its own.", written);
}
