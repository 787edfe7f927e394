namespace CnnGen.Generator.Layers;

/// <summary>
/// The parts of a map that adaptive poolings take, as many as the result has pixels: part i of n along an axis has the elements from floor(i L / n) to
/// ceil((i + 1) L / n), so that neighbours share some where n does not divide L. The library's <c>ChannelKernels.LargestOfParts</c> takes the same ones.
/// </summary>
internal static class MapParts
{
    /// <summary>The elements of one part along an axis.</summary>
    public static (int First, int End) Of(int index, int parts, int length) =>
        ((int)((long)index * length / parts), (int)((((index + 1L) * length) + parts - 1) / parts));

    /// <summary>The parts as the windows of a pooling; null where they differ in size.</summary>
    public static Window? AsWindows(TensorShape map, Size2 parts)
    {
        if (map.Height % parts.Height != 0 || map.Width % parts.Width != 0)
            return null;
        var size = new Size2(map.Height / parts.Height, map.Width / parts.Width);
        return new Window(size, size, Size2.Zero, Size2.One, Rounding.Exact);
    }

    /// <summary>A window as large as the largest part, at steps that neighbours have at most.</summary>
    public static Window Largest(TensorShape map, Size2 parts)
    {
        return new Window(
            new Size2(Along(map.Height, parts.Height), Along(map.Width, parts.Width)),
            new Size2(Step(map.Height, parts.Height), Step(map.Width, parts.Width)),
            Size2.Zero,
            Size2.One,
            Rounding.Floor);

        static int Step(int length, int count) => (int)((length + (long)count - 1) / count);

        static int Along(int length, int count) => Enumerable.Range(0, count).Max(i => Of(i, count, length) is var (first, end) ? end - first : 0);
    }
}
