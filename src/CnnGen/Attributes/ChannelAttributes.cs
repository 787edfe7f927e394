namespace CnnGen;

/// <summary>
/// Normalises each group of channels of an image by its own mean and variance, over the group's channels and all pixels, then scales and shifts each channel by
/// trained numbers (Wu, He 2018). A vector's features are channels of one pixel. The shape stays, and training and predicting are one.
/// </summary>
/// <param name="groups">The number of groups, 1 or more: it divides the channels.</param>
public sealed class GroupNormAttribute(int groups) : LayerAttribute
{
    /// <summary>As an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="groups">The number of groups, 1 or more: it divides the channels.</param>
    public GroupNormAttribute(string groups)
        : this(1) => Groups = groups;

    /// <summary>The number of groups.</summary>
    public object Groups { get; } = groups;

    /// <summary>What is added to the variance before its root is taken: finite, above 0; a number, or an expression.</summary>
    public object Epsilon { get; set; } = 1e-5;
}

/// <summary>
/// Normalises an image's features by their mean and variance, or a map's channels at each pixel by theirs, then scales and shifts each by trained numbers
/// (Ba, Kiros, Hinton 2016). The shape stays, and training and predicting are one.
/// </summary>
public sealed class LayerNormAttribute : LayerAttribute
{
    /// <summary>What is added to the variance before its root is taken: finite, above 0; a number, or an expression.</summary>
    public object Epsilon { get; set; } = 1e-5;
}

/// <summary>
/// Mixes groups of channels: the first channel of each group, then the second of each, and so on (Zhang et al. 2018, section 3.1). The shape stays.
/// </summary>
/// <param name="groups">The number of groups, 1 or more: it divides the channels.</param>
public sealed class ChannelShuffleAttribute(int groups) : LayerAttribute
{
    /// <summary>As an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="groups">The number of groups, 1 or more: it divides the channels.</param>
    public ChannelShuffleAttribute(string groups)
        : this(1) => Groups = groups;

    /// <summary>The number of groups.</summary>
    public object Groups { get; } = groups;
}

/// <summary>
/// Some of a map's channels, or of a vector's features, one after the other: C x H x W -> count x H x W. A branch that begins with one has its part of what arrives at the group.
/// </summary>
/// <param name="first">The first of them, from 0 on.</param>
/// <param name="count">How many, 1 or more; first + count is at most the channels.</param>
public sealed class ChannelSliceAttribute(int first, int count) : LayerAttribute
{
    /// <summary>As expressions say (<see cref="BlockAttribute"/>).</summary>
    /// <param name="first">The first of them, from 0 on.</param>
    /// <param name="count">How many, 1 or more; first + count is at most the channels.</param>
    public ChannelSliceAttribute(string first, string count)
        : this(0, 1) => (First, Count) = (first, count);

    /// <summary>The first channel that is kept.</summary>
    public object First { get; } = first;

    /// <summary>The number of channels that are kept.</summary>
    public object Count { get; } = count;
}

/// <summary>
/// The largest of each <c>pieces</c> neighbouring channels (Goodfellow et al. 2013): C x H x W -> C / pieces x H x W, or a vector's features likewise.
/// </summary>
/// <param name="pieces">The number of channels that become one, 1 or more: it divides the channels.</param>
public sealed class MaxoutAttribute(int pieces) : LayerAttribute
{
    /// <summary>As an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="pieces">The number of channels that become one, 1 or more: it divides the channels.</param>
    public MaxoutAttribute(string pieces)
        : this(1) => Pieces = pieces;

    /// <summary>The number of channels that become one.</summary>
    public object Pieces { get; } = pieces;
}
