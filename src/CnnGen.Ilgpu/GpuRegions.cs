using ILGPU;

namespace CnnGen.Ilgpu;

/// <summary>Where regions lie in a map: what emitted kernels ask about them, by the formulas of the CPU's. A region is x1, y1, x2, y2 in pixels of the image; kernels ask along one axis at a time.</summary>
public static class GpuRegions
{
    /// <summary>Far beyond any map, and within what sums of a few of them hold.</summary>
    private const float Farthest = 1 << 24;

    /// <summary>Whether there is nothing in a region, or one of its numbers is none.</summary>
    /// <param name="regions">All regions.</param>
    /// <param name="at">The region's first number.</param>
    public static bool IsEmpty(ArrayView<float> regions, int at)
    {
        float left = regions[at], top = regions[at + 1], right = regions[at + 2], bottom = regions[at + 3];
        return !(right > left && bottom > top && left >= -float.MaxValue && top >= -float.MaxValue && right <= float.MaxValue && bottom <= float.MaxValue);
    }

    /// <summary>The first row (or column) of a part of whole ones, as far as the map has it (Girshick 2015, section 2.1).</summary>
    /// <param name="from">Where the region begins in the map.</param>
    /// <param name="to">Where it ends there; both ends are among its rows.</param>
    /// <param name="part">The part.</param>
    /// <param name="parts">The parts along this axis.</param>
    /// <param name="length">The map's rows.</param>
    public static int PartStart(float from, float to, int part, int parts, int length)
    {
        int first = Rounded(from);
        long size = Math.Max(Rounded(to) - first + 1, 1);
        return Math.Min(length, Math.Max(0, first + (int)(part * size / parts)));
    }

    /// <summary>The first row behind a part.</summary>
    /// <inheritdoc cref="PartStart"/>
    public static int PartEnd(float from, float to, int part, int parts, int length)
    {
        int first = Rounded(from);
        long size = Math.Max(Rounded(to) - first + 1, 1);
        return Math.Min(length, Math.Max(0, first + (int)(((part + 1) * size + parts - 1) / parts)));
    }

    /// <summary>The samples along one axis of a part: as many as it has elements, rounded up, but no more than four times the map's, which tell nothing new of it.</summary>
    /// <param name="size">The part's length, which may be no number where a region is as large as a float can say.</param>
    /// <param name="length">The map's.</param>
    public static int Samples(float size, int length)
    {
        if (!(size > 1f))
            return 1;
        float bounded = size > 4f * length ? 4f * length : size;
        int whole = (int)bounded;
        return whole < bounded ? whole + 1 : whole;
    }

    /// <summary>Where a sample of a part lies, from 0 to the place of the map's last element; -1 outside the map (He et al. 2017, section 3).</summary>
    /// <param name="start">Where the part begins.</param>
    /// <param name="size">The part's length.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="samples">All of them along this axis.</param>
    /// <param name="length">The map's elements.</param>
    public static float Sample(float start, float size, int sample, int samples, int length)
    {
        float at = start + (sample + 0.5f) * size / samples;

        // False of what is no number.
        if (!(at >= -1f && at <= length))
            return -1f;
        return at < 0f ? 0f : at > length - 1 ? length - 1 : at;
    }

    /// <summary>What an element counts in the mean of a part's samples: of each that lies closer than 1, what is missing to 1.</summary>
    /// <param name="start">Where the part begins.</param>
    /// <param name="size">The part's length.</param>
    /// <param name="samples">The samples along this axis.</param>
    /// <param name="length">The map's elements.</param>
    /// <param name="element">The element.</param>
    public static float Share(float start, float size, int samples, int length, int element)
    {
        float sum = 0f;
        for (int sample = 0; sample < samples; sample++)
        {
            float at = Sample(start, size, sample, samples, length);
            float distance = MathF.Abs(at - element);
            if (at >= 0f && distance < 1f)
                sum += 1f - distance;
        }

        return sum / samples;
    }

    /// <summary>The nearest whole number, of halves the one further from 0.</summary>
    private static int Rounded(float coordinate)
    {
        float bounded = coordinate > Farthest ? Farthest : coordinate < -Farthest ? -Farthest : coordinate;
        int whole = (int)bounded;
        float rest = bounded - whole;
        return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
    }
}
