using System.Globalization;

namespace CnnGen;

/// <summary>The shape of one image: channels x height x width, the order in which its floats lie, but where a model says <see cref="Layout.ChannelsLast"/>.</summary>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>The number of floats: channels x height x width.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>Whether each channel is a map, and not a single number.</summary>
    public bool IsMap => this is not { Height: 1, Width: 1 };

    /// <summary>As <c>3x32x32</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channels}x{Height}x{Width}");
}
