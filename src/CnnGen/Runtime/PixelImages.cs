namespace CnnGen.Runtime;

/// <summary>
/// Where a model object turns images of bytes into its floats: allocated at the first call, kept, and made larger when a call needs more. Not for two
/// threads at once.
/// </summary>
public sealed class PixelImages
{
    /// <summary>The most images that are turned at once: a longer batch is predicted in parts, so that it takes no memory for all of them.</summary>
    public const int Most = 64;

    private float[] _floats = [];

    /// <summary>The images as the model reads them.</summary>
    /// <param name="normalization">What becomes of a byte.</param>
    /// <param name="pixels">Images of H x W x C bytes.</param>
    /// <param name="count">The number of images.</param>
    /// <returns>As many images of C x H x W floats, good until the next call.</returns>
    public ReadOnlySpan<float> Convert(Normalization normalization, ReadOnlySpan<byte> pixels, int count) => Convert(normalization, Layout.ChannelsFirst, pixels, count);

    /// <summary>The images as a model of some layout reads them.</summary>
    /// <param name="normalization">What becomes of a byte.</param>
    /// <param name="layout">How the floats are to lie.</param>
    /// <param name="pixels">Images of H x W x C bytes.</param>
    /// <param name="count">The number of images.</param>
    /// <returns>As many images of floats, good until the next call.</returns>
    public ReadOnlySpan<float> Convert(Normalization normalization, Layout layout, ReadOnlySpan<byte> pixels, int count)
    {
        if (_floats.Length < pixels.Length)
            _floats = new float[pixels.Length];
        if (layout == Layout.ChannelsLast)
        {
            normalization.ApplyToPixels(pixels, _floats.AsSpan(0, pixels.Length));
            return _floats.AsSpan(0, pixels.Length);
        }

        var length = pixels.Length / count;
        for (var i = 0; i < count; i++)
            normalization.Apply(pixels.Slice(i * length, length), _floats.AsSpan(i * length, length));
        return _floats.AsSpan(0, pixels.Length);
    }
}
