namespace CnnGen.Images.Jpeg;

/// <summary>The head of a scan (SOS).</summary>
/// <param name="Components">Those that it brings.</param>
/// <param name="Band">The first coefficient and the last, in zigzag order.</param>
/// <param name="High">The bits that scans before have brought; 0 for the first.</param>
/// <param name="Low">The bits that are still to come.</param>
/// <param name="IsProgressive">Whether it brings a part only.</param>
internal readonly record struct JpegScanHeader(JpegComponent[] Components, (int First, int Last) Band, int High, int Low, bool IsProgressive)
{
    private const int MostBlocks = 10;

    /// <summary>Whether it is the first that brings DC coefficients.</summary>
    public bool BringsDc => Band.First == 0 && High == 0;

    /// <summary>Whether it needs a table for DC coefficients, and one for the others.</summary>
    public (bool Dc, bool Ac) Needs => IsProgressive ? (BringsDc, Band.First > 0) : (true, true);

    /// <exception cref="ImageException">A number is not allowed.</exception>
    public static JpegScanHeader Read(ReadOnlySpan<byte> data, int position, JpegFrame frame)
    {
        var count = data.Length > 0 ? data[0] : 0;
        if (count < 1 || count > frame.Components.Length)
            throw ImageException.At(position, $"a scan of {count} components; 1 to {frame.Components.Length} were expected");
        if (data.Length != 4 + (2 * count))
            throw ImageException.At(position, $"the head of a scan of {count} components has {data.Length} bytes; {4 + (2 * count)} were expected");
        var components = new JpegComponent[count];
        var blocks = 0;
        for (var i = 0; i < count; i++)
        {
            var (id, tables) = (data[1 + (2 * i)], data[2 + (2 * i)]);
            var component = Array.Find(frame.Components, one => one.Id == id)
                ?? throw ImageException.At(position + 1 + (2 * i), $"a scan of component {id}, but the frame has none of that number");
            if (Array.IndexOf(components, component, 0, i) >= 0)
                throw ImageException.At(position + 1 + (2 * i), $"a scan names component {id} twice");
            if (tables >> 4 > 3 || (tables & 15) > 3)
                throw ImageException.At(position + 2 + (2 * i), $"Huffman tables {tables >> 4} and {tables & 15}; 0 to 3 were expected");
            component.Tables = (tables >> 4, tables & 15);
            components[i] = component;
            blocks += component.Horizontal * component.Vertical;
        }

        if (count > 1 && blocks > MostBlocks)
            throw ImageException.At(position, $"an MCU of {blocks} blocks; at most {MostBlocks} are allowed");

        // What these say of a sequential scan has no meaning, and not every writer writes what the standard asks for.
        if (!frame.IsProgressive)
            return new JpegScanHeader(components, (0, 63), 0, 0, false);
        var (first, last, bits) = (data[1 + (2 * count)], data[2 + (2 * count)], data[3 + (2 * count)]);
        var (high, low) = (bits >> 4, bits & 15);
        if (first == 0 ? last != 0 : last < first || last > 63 || count > 1)
            throw ImageException.At(position, $"a progressive scan of coefficients {first} to {last} of {count} components; 0 by itself, or a part of 1 to 63 of one component, was expected");
        if (low > 13 || (high != 0 && high != low + 1))
            throw ImageException.At(position, $"a progressive scan of bits {high} to {low}; one bit below those that came before was expected");
        return new JpegScanHeader(components, (first, last), high, low, true);
    }
}
