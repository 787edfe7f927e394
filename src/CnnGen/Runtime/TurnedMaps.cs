using System.Buffers;

namespace CnnGen.Runtime;

/// <summary>Maps in another layout than somebody has them in: a copy in borrowed memory, or the maps themselves where both layouts are one. Of spans with no whole maps, which are faults, none is made.</summary>
internal readonly ref struct TurnedMaps
{
    private readonly float[]? _rented;
    private readonly Span<float> _original;
    private readonly ImageShape _shape;
    private readonly Layout _to;

    private TurnedMaps(float[]? rented, Span<float> original, ReadOnlySpan<float> source, ImageShape shape, Layout to)
    {
        (_rented, _shape, _to) = (rented, shape, to);
        _original = original;
        Source = rented == null ? source : rented.AsSpan(0, source.Length);
    }

    /// <summary>The maps to read.</summary>
    public ReadOnlySpan<float> Source { get; }

    /// <summary>Memory for the maps to be computed.</summary>
    public Span<float> Target => _rented == null ? _original : _rented.AsSpan(0, _original.Length);

    /// <summary>Maps to read.</summary>
    /// <param name="maps">One after the other.</param>
    /// <param name="shape">The shape of each.</param>
    /// <param name="from">How they lie.</param>
    /// <param name="to">How they are wanted.</param>
    public static TurnedMaps Of(ReadOnlySpan<float> maps, ImageShape shape, Layout from, Layout to)
    {
        if (!AreTurned(maps.Length, shape, from, to))
            return new TurnedMaps(null, default, maps, shape, to);
        var rented = ArrayPool<float>.Shared.Rent(maps.Length);
        Turn(maps, rented.AsSpan(0, maps.Length), shape, to);
        return new TurnedMaps(rented, default, maps, shape, to);
    }

    /// <summary>Room for maps that are to be computed; <see cref="Finish"/> puts them where they are wanted.</summary>
    /// <param name="maps">Where they are wanted.</param>
    /// <param name="shape">The shape of each.</param>
    /// <param name="from">How they are computed.</param>
    /// <param name="to">How they are wanted.</param>
    public static TurnedMaps For(Span<float> maps, ImageShape shape, Layout from, Layout to) =>
        new(AreTurned(maps.Length, shape, from, to) ? ArrayPool<float>.Shared.Rent(maps.Length) : null, maps, maps, shape, to);

    public void Finish()
    {
        if (_rented != null)
            Turn(Target, _original, _shape, _to);
    }

    public void Dispose()
    {
        if (_rented != null)
            ArrayPool<float>.Shared.Return(_rented);
    }

    private static bool AreTurned(int length, ImageShape shape, Layout from, Layout to) =>
        from != to && length > 0 && shape.Channels > 1 && shape.IsMap && length % shape.Length == 0;

    private static void Turn(ReadOnlySpan<float> maps, Span<float> turned, ImageShape shape, Layout to)
    {
        if (to == Layout.ChannelsLast)
            ChannelOrder.ToChannelsLast(maps, turned, shape);
        else
            ChannelOrder.ToChannelsFirst(maps, turned, shape);
    }
}
