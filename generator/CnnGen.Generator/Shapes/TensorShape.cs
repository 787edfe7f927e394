using System.Globalization;

namespace CnnGen.Generator.Shapes;

/// <summary>
/// The shape of one image's tensor: channels x height x width, a vector of features, or one such vector for each of the image's regions, which lie as the pixels of a column do.
/// The batch is no part of it; its size is a run-time number.
/// </summary>
internal readonly record struct TensorShape
{
    private TensorShape(int channels, int height, int width, bool isVector, bool isRegions = false)
    {
        Channels = channels;
        Height = height;
        Width = width;
        IsVector = isVector;
        IsRegions = isRegions;
    }

    /// <summary>Channels of a map, features of a vector.</summary>
    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public bool IsVector { get; }

    /// <summary>Whether each row has the features of a region, and neighbours are none.</summary>
    public bool IsRegions { get; }

    /// <summary>The number of elements; a <see cref="long"/>, since a declaration may ask for more than fits.</summary>
    public long Length => (long)Channels * Height * Width;

    public static TensorShape Map(int channels, int height, int width) => new(channels, height, width, false);

    public static TensorShape Vector(int features) => new(features, 1, 1, true);

    /// <summary>Features of regions, a row each.</summary>
    public static TensorShape Regions(int features, int count) => new(features, count, 1, false, true);

    /// <summary>The same in all but the channels (features).</summary>
    public TensorShape WithChannels(int channels) => new(channels, Height, Width, IsVector, IsRegions);

    /// <summary>As messages and Summary print it: <c>6x28x28</c>, or <c>120</c> for a vector.</summary>
    public override string ToString() => IsVector
        ? Channels.ToString(CultureInfo.InvariantCulture)
        : string.Format(CultureInfo.InvariantCulture, "{0}x{1}x{2}", Channels, Height, Width);
}
