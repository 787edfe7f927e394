using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Labelled images held as bytes, a quarter of the memory that floats take; each pixel comes out as
/// <c>(value / 255 - mean) / deviation</c> with the mean and deviation of its channel (0 and 1 unless <see cref="Normalize(ReadOnlySpan{float}, ReadOnlySpan{float})"/> set them).
/// </summary>
public sealed class ByteImageDataset : ImageDataset
{
    private readonly ReadOnlyMemory<byte> _images;
    private readonly ReadOnlyMemory<int> _labels;

    // One pair a channel: a pixel is value * scale + offset.
    private readonly float[] _scales;
    private readonly float[] _offsets;

    /// <summary>Makes a data set over memory that it keeps and does not copy.</summary>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="images">The images one after another, each C x H x W.</param>
    /// <param name="labels">One label per image, each in [0, <paramref name="classCount"/>).</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">The shape is empty, the lengths disagree, or a label is no class.</exception>
    public ByteImageDataset(ImageShape shape, ReadOnlyMemory<byte> images, ReadOnlyMemory<int> labels, int classCount)
        : base(shape, classCount, labels.Length)
    {
        CheckLength(images.Length);
        CheckLabels(labels.Span);
        _images = images;
        _labels = labels;
        _scales = new float[shape.Channels];
        _offsets = new float[shape.Channels];
        Array.Fill(_scales, (float)(1.0 / 255));
    }

    private ByteImageDataset(ByteImageDataset source, int start, int count, float[] scales, float[] offsets)
        : base(source.Shape, source.ClassCount, count)
    {
        _images = source._images.Slice(start * Shape.Length, count * Shape.Length);
        _labels = source._labels.Slice(start, count);
        _scales = scales;
        _offsets = offsets;
    }

    /// <summary>The bytes of one image, C x H x W, as they are in the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        CheckIndex(index);
        return _images.Span.Slice(index * Shape.Length, Shape.Length);
    }

    /// <inheritdoc/>
    public override void CopyImage(int index, Span<float> destination)
    {
        CheckImageLength(destination.Length);
        var bytes = GetBytes(index);
        var area = Shape.Height * Shape.Width;
        for (var channel = 0; channel < Shape.Channels; channel++)
            ByteConversion.Convert(bytes.Slice(channel * area, area), destination.Slice(channel * area, area), _scales[channel], _offsets[channel]);
    }

    /// <inheritdoc/>
    public override int GetLabel(int index)
    {
        CheckIndex(index);
        return _labels.Span[index];
    }

    /// <summary>The images [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>), over the same memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data set.</exception>
    public override ByteImageDataset Subset(int start, int count)
    {
        CheckRange(start, count);
        return new ByteImageDataset(this, start, count, _scales, _offsets);
    }

    /// <summary>The same images over the same memory, of which each pixel comes out as <c>(value / 255 - mean) / deviation</c>.</summary>
    /// <param name="mean">One mean a channel, of pixels in [0, 1].</param>
    /// <param name="deviation">One standard deviation a channel, of pixels in [0, 1]; positive.</param>
    /// <exception cref="ArgumentException">There is not one number a channel, one is not finite, or a deviation is not positive.</exception>
    public ByteImageDataset Normalize(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        CheckChannels(mean, nameof(mean));
        CheckChannels(deviation, nameof(deviation));
        var scales = new float[Shape.Channels];
        var offsets = new float[Shape.Channels];
        for (var channel = 0; channel < Shape.Channels; channel++)
        {
            if (deviation[channel] <= 0)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The deviation of channel {channel} is {deviation[channel]}; it has to be positive."),
                    nameof(deviation));
            }

            (scales[channel], offsets[channel]) = ByteConversion.Factors(mean[channel], deviation[channel]);
        }

        return new ByteImageDataset(this, 0, Count, scales, offsets);
    }

    /// <summary>The same images, of which each pixel of every channel comes out as <c>(value / 255 - mean) / deviation</c>.</summary>
    /// <param name="mean">The mean of pixels in [0, 1].</param>
    /// <param name="deviation">The standard deviation of pixels in [0, 1]; positive.</param>
    /// <exception cref="ArgumentException">A number is not finite, or the deviation is not positive.</exception>
    public ByteImageDataset Normalize(float mean, float deviation)
    {
        var means = new float[Shape.Channels];
        var deviations = new float[Shape.Channels];
        Array.Fill(means, mean);
        Array.Fill(deviations, deviation);
        return Normalize(means, deviations);
    }

    /// <summary>The same images, normalised as a model's predictions from bytes are: <c>LeNet5.Normalization</c>.</summary>
    /// <param name="normalization">What becomes of a byte of each channel.</param>
    /// <exception cref="ArgumentException">It is for another number of channels.</exception>
    public ByteImageDataset Normalize(Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        return Normalize(normalization.Mean, normalization.Deviation);
    }

    private void CheckChannels(ReadOnlySpan<float> values, string name)
    {
        if (values.Length != Shape.Channels)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Images of shape {Shape} need one {name} a channel, {Shape.Channels}, but {values.Length} were given."),
                name);
        }

        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A {name} of {value} is no finite number."), name);
        }
    }
}
