namespace CnnGen.Images.Tests.Gif;

/// <summary>Writes GIF of one picture. Written from the standard, apart from the reader.</summary>
internal sealed record TestGif(int Width, int Height, int Bits)
{
    public bool IsInterlaced { get; init; }

    public int Left { get; init; }

    public int Top { get; init; }

    public int CanvasWidth { get; init; }

    public int CanvasHeight { get; init; }

    public int Transparent { get; init; } = -1;

    public byte[] Write(ReadOnlySpan<byte> indices, ReadOnlySpan<byte> colors)
    {
        var file = new List<byte>();
        file.AddRange("GIF89a"u8);
        Short(file, CanvasWidth == 0 ? Width : CanvasWidth);
        Short(file, CanvasHeight == 0 ? Height : CanvasHeight);
        file.AddRange([(byte)(0x80 | (Bits - 1)), 0, 0]);
        file.AddRange(colors[..(3 << Bits)]);
        if (Transparent >= 0)
            file.AddRange([0x21, 0xF9, 4, 1, 0, 0, (byte)Transparent, 0]);
        file.Add(0x2C);
        Short(file, Left);
        Short(file, Top);
        Short(file, Width);
        Short(file, Height);
        file.Add((byte)(IsInterlaced ? 0x40 : 0));
        var ordered = new List<byte>();
        foreach (var y in Rows())
            ordered.AddRange(indices.Slice(y * Width, Width));
        var least = Math.Max(2, Bits);
        file.Add((byte)least);
        var packed = Pack(ordered, least);
        for (var i = 0; i < packed.Count; i += 255)
        {
            var length = Math.Min(255, packed.Count - i);
            file.Add((byte)length);
            file.AddRange(packed.GetRange(i, length));
        }

        file.AddRange([0, 0x3B]);
        return [.. file];
    }

    private IEnumerable<int> Rows()
    {
        foreach (var (first, step) in IsInterlaced ? [(0, 8), (4, 8), (2, 4), (1, 2)] : new[] { (0, 1) })
        {
            for (var y = first; y < Height; y += step)
                yield return y;
        }
    }

    private static List<byte> Pack(List<byte> values, int least)
    {
        var (bytes, bits, count) = (new List<byte>(), 0, 0);
        var (clear, size) = (1 << least, least + 1);
        var codes = new Dictionary<string, int>();
        void Put(int code)
        {
            bits |= code << count;
            for (count += size; count >= 8; count -= 8, bits >>= 8)
                bytes.Add((byte)bits);
        }

        int CodeOf(string text) => text.Length == 1 ? text[0] : codes[text];
        Put(clear);
        var text = "";
        foreach (var value in values)
        {
            var longer = text + (char)value;
            if (longer.Length == 1 || codes.ContainsKey(longer))
            {
                text = longer;
                continue;
            }

            Put(CodeOf(text));
            var next = clear + 2 + codes.Count;
            if (next < 4096)
            {
                codes[longer] = next;
                if (next == 1 << size && size < 12)
                    size++;
            }
            else
            {
                Put(clear);
                codes.Clear();
                size = least + 1;
            }

            text = ((char)value).ToString();
        }

        Put(CodeOf(text));

        // The reader has one code more than the writer when the end comes.
        if (clear + 2 + codes.Count == 1 << size && size < 12)
            size++;
        Put(clear + 1);
        if (count > 0)
            bytes.Add((byte)bits);
        return bytes;
    }

    private static void Short(List<byte> file, int value) => file.AddRange([(byte)value, (byte)(value >> 8)]);
}
