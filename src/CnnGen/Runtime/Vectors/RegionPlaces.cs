namespace CnnGen.Runtime;

/// <summary>What a layer takes of each region of a map.</summary>
/// <param name="Height">Rows of parts, 1 or more.</param>
/// <param name="Width">Columns of parts, 1 or more.</param>
/// <param name="Scale">What a region's numbers are multiplied with to be the map's.</param>
public readonly record struct RegionParts(int Height, int Width, float Scale)
{
    /// <summary>The parts of one region.</summary>
    public int Count => Height * Width;
}

/// <summary>Where the samples of a region's parts lie.</summary>
/// <param name="Ratio">Samples along each axis of a part; 0 for as many as a part has elements, rounded up.</param>
/// <param name="IsAligned">Whether coordinates are those of pixels' edges, and not of their middles.</param>
public readonly record struct RegionSampling(int Ratio, bool IsAligned);

/// <summary>A region as callers give it: x1, y1, x2, y2 in pixels of the image.</summary>
internal readonly record struct RegionBox(float Left, float Top, float Right, float Bottom)
{
    /// <summary>The numbers of a region.</summary>
    public const int Length = 4;

    /// <summary>Whether there is nothing in it: it fills up the regions of an image that has fewer. One with a number that is none, or infinite, is empty too.</summary>
    public bool IsEmpty => !(Right > Left && Bottom > Top && float.IsFinite(Left) && float.IsFinite(Top) && float.IsFinite(Right) && float.IsFinite(Bottom));

    public static RegionBox At(ReadOnlySpan<float> numbers) => new(numbers[0], numbers[1], numbers[2], numbers[3]);

    public RegionBox Scaled(float scale) => new(Left * scale, Top * scale, Right * scale, Bottom * scale);
}

/// <summary>Whole rows and columns that a region covers (Girshick 2015, section 2.1), both ends among them.</summary>
internal readonly record struct RegionCells(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Far beyond any map, and within what sums of a few of them hold.</summary>
    private const float Farthest = 1 << 24;

    public static RegionCells Of(RegionBox box, float scale)
    {
        var scaled = box.Scaled(scale);
        return new(Round(scaled.Left), Round(scaled.Top), Round(scaled.Right), Round(scaled.Bottom));
    }

    /// <summary>Rows and columns of one part, as far as they are in the map; the last two are the first that are not in it.</summary>
    public RegionCells Part(RegionParts parts, int part, MapStrides map)
    {
        var (top, bottom) = Axis(Top, Bottom, part / parts.Width, parts.Height, map.Height);
        var (left, right) = Axis(Left, Right, part % parts.Width, parts.Width, map.Width);
        return new(left, top, right, bottom);
    }

    private static (int First, int End) Axis(int first, int last, int part, int parts, int length)
    {
        long size = Math.Max(last - first + 1, 1);
        return ((int)Math.Clamp(first + (part * size / parts), 0, length), (int)Math.Clamp(first + ((((part + 1) * size) + parts - 1) / parts), 0, length));
    }

    private static int Round(float coordinate) => (int)Math.Clamp(MathF.Round(coordinate, MidpointRounding.AwayFromZero), -Farthest, Farthest);
}

/// <summary>The samples of a region's parts (He et al. 2017, section 3).</summary>
internal readonly record struct RegionGrid(float Top, float Left, float PartHeight, float PartWidth, int Rows, int Columns)
{
    /// <summary>The samples of one part.</summary>
    public int Count => Rows * Columns;

    public static RegionGrid Of(RegionBox box, RegionParts parts, RegionSampling sampling, MapStrides map)
    {
        var scaled = box.Scaled(parts.Scale);
        var offset = sampling.IsAligned ? 0.5f : 0f;
        var least = sampling.IsAligned ? 0f : 1f;
        var height = Math.Max(scaled.Bottom - scaled.Top, least) / parts.Height;
        var width = Math.Max(scaled.Right - scaled.Left, least) / parts.Width;
        return new RegionGrid(scaled.Top - offset, scaled.Left - offset, height, width, Samples(height, map.Height), Samples(width, map.Width));

        // More samples than a few times the map's elements tell nothing new of it, and a region may be as large as a float can say, or scaled to more than that: then its size may be no number.
        int Samples(float size, int length) => sampling.Ratio > 0 ? sampling.Ratio : size > 1 ? (int)Math.Min(MathF.Ceiling(size), 4f * length) : 1;
    }

    /// <summary>What the samples of a part read, from one of them on, as many as there is room for; those outside the map are left out.</summary>
    /// <returns>How many read anything.</returns>
    public int Read(RegionParts parts, int part, int first, MapStrides map, Span<RegionTaps> taps)
    {
        var found = 0;
        for (var sample = first; sample < Math.Min(Count, first + taps.Length); sample++)
        {
            if (TrySample(parts, part, sample, map, out taps[found]))
                found++;
        }

        return found;
    }

    /// <summary>What a sample reads; false for one that lies outside the map.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="part">The part.</param>
    /// <param name="sample">The sample, row by row.</param>
    /// <param name="map">Where the map's elements lie.</param>
    /// <param name="taps">The elements around, and what each counts in the mean of the part's samples.</param>
    private bool TrySample(RegionParts parts, int part, int sample, MapStrides map, out RegionTaps taps)
    {
        var y = Top + (part / parts.Width * PartHeight) + (((sample / Columns) + 0.5f) * PartHeight / Rows);
        var x = Left + (part % parts.Width * PartWidth) + (((sample % Columns) + 0.5f) * PartWidth / Columns);
        taps = default;

        // Of regions as large as a float can say, it may be no number.
        if (!(y >= -1 && y <= map.Height && x >= -1 && x <= map.Width))
            return false;
        var (top, bottom, down) = Split(y, map.Height);
        var (left, right, over) = Split(x, map.Width);
        var share = 1f / Count;
        taps = new RegionTaps(
            (top * map.Row) + (left * map.Pixel),
            (top * map.Row) + (right * map.Pixel),
            (bottom * map.Row) + (left * map.Pixel),
            (bottom * map.Row) + (right * map.Pixel),
            (1 - down) * (1 - over) * share,
            (1 - down) * over * share,
            down * (1 - over) * share,
            down * over * share);
        return true;
    }

    /// <summary>The two elements that a coordinate lies between, and the second one's part; beyond the middle of the last one, that one alone.</summary>
    private static (int Low, int High, float Share) Split(float at, int length)
    {
        at = Math.Max(at, 0);
        var low = Math.Min((int)at, length - 1);
        return low == length - 1 ? (low, low, 0) : (low, low + 1, at - low);
    }
}

/// <summary>The four elements around a sample: how far from the channel's first they lie, and what each counts.</summary>
internal readonly record struct RegionTaps(nint At0, nint At1, nint At2, nint At3, float Weight0, float Weight1, float Weight2, float Weight3);
