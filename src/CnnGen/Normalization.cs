using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// What becomes of the bytes of an image: <c>(value / 255 - mean) / deviation</c>, for each channel. A model's own stands in its <c>[Normalize]</c> and is applied
/// wherever bytes come in: to a <see cref="ByteImageDataset"/> that it is trained or measured on, and to the bytes that it predicts from. Floats are taken as they are.
/// </summary>
public sealed class Normalization
{
    private readonly float[] _mean;
    private readonly float[] _deviation;

    // A value is byte * scale + offset.
    private readonly float[] _scales;
    private readonly float[] _offsets;

    /// <summary>Numbers for each channel.</summary>
    /// <param name="mean">One mean a channel, of values in [0, 1]; finite.</param>
    /// <param name="deviation">One standard deviation a channel, of values in [0, 1]; finite and above 0.</param>
    /// <exception cref="ArgumentException">There is no channel, the lengths differ, a number is not finite, a deviation is not above 0, or is so small that bytes become no finite numbers.</exception>
    public Normalization(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (mean.Length == 0 || mean.Length != deviation.Length)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Each channel needs a mean and a deviation, but there are {mean.Length} means and {deviation.Length} deviations."),
                nameof(deviation));
        }

        _mean = mean.ToArray();
        _deviation = deviation.ToArray();
        _scales = new float[mean.Length];
        _offsets = new float[mean.Length];
        for (var channel = 0; channel < mean.Length; channel++)
        {
            if (!float.IsFinite(mean[channel]))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The mean of channel {channel} is {mean[channel]}; it has to be finite."), nameof(mean));
            }

            if (!float.IsFinite(deviation[channel]) || deviation[channel] <= 0)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The deviation of channel {channel} is {deviation[channel]}; it has to be finite and positive."),
                    nameof(deviation));
            }

            var (scale, offset) = ByteConversion.Factors(mean[channel], deviation[channel]);
            if (!float.IsFinite(scale) || !float.IsFinite(offset) || !float.IsFinite((255 * scale) + offset))
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The deviation of channel {channel} is {deviation[channel]}, so small beside the mean {mean[channel]} that (value / 255 - mean) / deviation is not finite for each byte; use a larger one."),
                    nameof(deviation));
            }

            (_scales[channel], _offsets[channel]) = (scale, offset);
        }
    }

    /// <summary>One mean a channel, of values in [0, 1].</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>One standard deviation a channel, of values in [0, 1].</summary>
    public ReadOnlySpan<float> Deviation => _deviation;

    /// <summary>Turns the bytes of one image, as decoders give them, into what a model of <see cref="Layout.ChannelsFirst"/> reads.</summary>
    /// <param name="pixels">H x W x C bytes: the channels of a pixel one after the other.</param>
    /// <param name="image">Receives C x H x W floats.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or the length is no multiple of the number of channels.</exception>
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> image)
    {
        CheckLengths(pixels, image);
        var channels = _scales.Length;
        if (channels == 1)
        {
            ByteConversion.Convert(pixels, image, _scales[0], _offsets[0]);
            return;
        }

        // A channel's bytes are brought together first, a run at a time: converting neighbours is done in vectors.
        var area = pixels.Length / channels;
        Span<byte> run = stackalloc byte[256];
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = image.Slice(channel * area, area);
            var (scale, offset) = (_scales[channel], _offsets[channel]);
            for (var first = 0; first < area; first += run.Length)
            {
                var part = run[..Math.Min(run.Length, area - first)];
                for (int i = 0, position = (first * channels) + channel; i < part.Length; i++, position += channels)
                    part[i] = pixels[position];
                ByteConversion.Convert(part, plane.Slice(first, part.Length), scale, offset);
            }
        }
    }

    /// <summary>The same for a model of <see cref="Layout.ChannelsLast"/>: the floats lie as the bytes do, and are the same bit for bit.</summary>
    /// <param name="pixels">H x W x C bytes, of one image or of several.</param>
    /// <param name="image">Receives H x W x C floats.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or the length is no multiple of the number of channels.</exception>
    public void ApplyToPixels(ReadOnlySpan<byte> pixels, Span<float> image)
    {
        CheckLengths(pixels, image);
        if (_scales.Length == 1)
        {
            ByteConversion.Convert(pixels, image, _scales[0], _offsets[0]);
            return;
        }

        for (var first = 0; first < pixels.Length; first += _scales.Length)
        {
            for (var channel = 0; channel < _scales.Length; channel++)
                image[first + channel] = (pixels[first + channel] * _scales[channel]) + _offsets[channel];
        }
    }

    private void CheckLengths(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> image)
    {
        if (pixels.Length != image.Length || pixels.Length % _scales.Length != 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pixels.Length} bytes do not become {image.Length} floats of {_scales.Length} channels: the numbers have to be equal, and a multiple of the channels."),
                nameof(image));
        }
    }

    /// <summary>Throws unless it has numbers for each channel of these images.</summary>
    internal void CheckChannels(ImageShape shape)
    {
        if (shape.Channels != _scales.Length)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Images of shape {shape} have {shape.Channels} channels, but the normalization has numbers for {_scales.Length}. Use that of the model which takes them."));
        }
    }
}
