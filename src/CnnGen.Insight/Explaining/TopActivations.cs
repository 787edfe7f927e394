namespace CnnGen.Insight;

/// <summary>Where a feature map was excited.</summary>
/// <param name="Image">The image's number in the order in which images were added, from 0.</param>
/// <param name="Value">The activation.</param>
/// <param name="Y">The row of the map.</param>
/// <param name="X">The column of the map.</param>
public readonly record struct Excitement(int Image, float Value, int Y, int X);

/// <summary>
/// The strongest activations of each feature map of a layer over a data set, of each image the strongest one only (Zeiler, Fergus 2014, figure 2). Images stream by once; what is kept are bounded heaps, and what is found is
/// exact: the same as of sorting all. Of equal activations the earlier image counts, and in an image the first one, row by row.
/// </summary>
public sealed class TopActivations
{
    private readonly Excitement[] _heaps;
    private readonly int[] _sizes;

    /// <summary>Begins.</summary>
    /// <param name="shape">The layer's shape: C x H x W.</param>
    /// <param name="most">How many for each map, 1 to 1024.</param>
    /// <exception cref="ArgumentException">A dimension is below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is out of its range.</exception>
    public TopActivations(ImageShape shape, int most = 9)
    {
        if (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1)
            throw new ArgumentException($"The shape {shape} has a dimension below 1.", nameof(shape));
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, 1024);
        (Shape, Most) = (shape, most);
        _heaps = new Excitement[checked(shape.Channels * most)];
        _sizes = new int[shape.Channels];
    }

    /// <summary>The layer's shape.</summary>
    public ImageShape Shape { get; }

    /// <summary>How many are kept for each map.</summary>
    public int Most { get; }

    /// <summary>The images that have streamed by.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the next images.</summary>
    /// <param name="activations">count x C x H x W floats; what is no number (NaN) is passed over.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">There are not as many floats.</exception>
    public void Add(ReadOnlySpan<float> activations, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (activations.Length != Math.BigMul(count, Shape.Length))
            throw new ArgumentException(FormattableString.Invariant($"{count} images of {Shape} have {Math.BigMul(count, Shape.Length)} activations, but {activations.Length} were given."), nameof(activations));
        var plane = Shape.Height * Shape.Width;
        for (var image = 0; image < count; image++)
        {
            for (var channel = 0; channel < Shape.Channels; channel++)
            {
                var map = activations.Slice(((image * Shape.Channels) + channel) * plane, plane);
                var best = -1;
                for (var i = 0; i < map.Length; i++)
                {
                    if (best < 0 ? !float.IsNaN(map[i]) : map[i] > map[best])
                        best = i;
                }

                if (best >= 0)
                    Offer(channel, new Excitement(Count + image, map[best], best / Shape.Width, best % Shape.Width));
            }
        }

        Count += count;
    }

    /// <summary>The strongest activations of a map, the strongest first: <see cref="Most"/>, or as many as there were images.</summary>
    /// <param name="channel">The map, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such map.</exception>
    public Excitement[] Of(int channel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, Shape.Channels);
        var found = _heaps.AsSpan(channel * Most, _sizes[channel]).ToArray();
        Array.Sort(found, (a, b) => IsWeaker(a, b) ? 1 : IsWeaker(b, a) ? -1 : 0);
        return found;
    }

    private static bool IsWeaker(Excitement a, Excitement b) => a.Value < b.Value || (a.Value == b.Value && a.Image > b.Image);

    /// <summary>The weakest of those that are kept lies at the root.</summary>
    private void Offer(int channel, Excitement next)
    {
        var heap = _heaps.AsSpan(channel * Most, Most);
        var size = _sizes[channel];
        if (size < Most)
        {
            var at = size;
            for (; at > 0 && IsWeaker(next, heap[(at - 1) / 2]); at = (at - 1) / 2)
                heap[at] = heap[(at - 1) / 2];
            heap[at] = next;
            _sizes[channel]++;
            return;
        }

        if (!IsWeaker(heap[0], next))
            return;
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= Most)
                break;
            if (child + 1 < Most && IsWeaker(heap[child + 1], heap[child]))
                child++;
            if (!IsWeaker(heap[child], next))
                break;
            heap[place] = heap[child];
            place = child;
        }

        heap[place] = next;
    }
}
