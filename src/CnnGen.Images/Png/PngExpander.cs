namespace CnnGen.Images.Png;

/// <summary>Turns the rows of a PNG's pass into 8-bit grey or RGB, blended with black where they are transparent.</summary>
internal readonly ref struct PngExpander
{
    private readonly PngHeader _header;
    private readonly ReadOnlySpan<byte> _transparency;

    // Three bytes a colour, blended already.
    private readonly byte[] _colors;

    public PngExpander(PngHeader header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> transparency)
    {
        _header = header;
        _transparency = transparency;
        _colors = header.ColorType == 3 ? palette.ToArray() : [];
        for (var i = 0; i < Math.Min(_colors.Length, 3 * transparency.Length); i++)
            _colors[i] = Blend(_colors[i], 255, transparency[i / 3], 255);
    }

    /// <summary>Writes one row of a pass into the image's row, where the pass has pixels of it.</summary>
    /// <param name="line">The pass's row, unfiltered.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="y">The image's row.</param>
    /// <param name="target">The image's row of Width x Channels bytes.</param>
    /// <exception cref="ImageException">A pixel is no colour of the palette.</exception>
    public void Expand(ReadOnlySpan<byte> line, PngPass pass, int y, Span<byte> target)
    {
        if (_header.ColorType == 3)
            FromPalette(line, pass, y, target);
        else if (_header.ColorType is 4 or 6 || !_transparency.IsEmpty)
            FromTransparent(line, pass, target);
        else if (_header.BitDepth == 8 && pass.StepX == 1)
            line.CopyTo(target);
        else
            FromOpaque(line, pass, target);
    }

    private int Sample(ReadOnlySpan<byte> line, int index)
    {
        var depth = _header.BitDepth;
        if (depth == 16)
            return (line[2 * index] << 8) | line[(2 * index) + 1];
        if (depth == 8)
            return line[index];
        var bit = index * depth;
        return (line[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }

    private void FromPalette(ReadOnlySpan<byte> line, PngPass pass, int y, Span<byte> target)
    {
        for (var column = 0; column < pass.Columns; column++)
        {
            var index = Sample(line, column);
            var x = pass.X + (column * pass.StepX);
            if (index >= _colors.Length / 3)
                throw new ImageException($"the pixel in column {x} of row {y} has colour {index}, but the palette has {_colors.Length / 3} colours");
            _colors.AsSpan(3 * index, 3).CopyTo(target[(3 * x)..]);
        }
    }

    /// <summary>Grey or RGB without transparency: samples are scaled to 8 bits, rounded to the nearest.</summary>
    private void FromOpaque(ReadOnlySpan<byte> line, PngPass pass, Span<byte> target)
    {
        var channels = _header.Channels;
        var most = (1u << _header.BitDepth) - 1;
        for (var column = 0; column < pass.Columns; column++)
        {
            var pixel = target.Slice((pass.X + (column * pass.StepX)) * channels, channels);
            for (var c = 0; c < pixel.Length; c++)
            {
                var sample = (uint)Sample(line, (column * channels) + c);
                pixel[c] = (byte)(most == 65535 ? ((sample * 255) + 32767) / 65535 : most == 255 ? sample : sample * (255 / most));
            }
        }
    }

    private void FromTransparent(ReadOnlySpan<byte> line, PngPass pass, Span<byte> target)
    {
        Span<int> samples = stackalloc int[4];
        samples = samples[.._header.Samples];
        var channels = _header.Channels;
        var most = (1 << _header.BitDepth) - 1;
        var hasAlpha = _header.ColorType is 4 or 6;
        for (var column = 0; column < pass.Columns; column++)
        {
            for (var s = 0; s < samples.Length; s++)
                samples[s] = Sample(line, (column * samples.Length) + s);
            var alpha = hasAlpha ? samples[^1] : IsTransparentColor(samples) ? 0 : most;
            var pixel = target.Slice((pass.X + (column * pass.StepX)) * channels, channels);
            for (var c = 0; c < pixel.Length; c++)
                pixel[c] = most == 255 ? BlendByte(samples[c], alpha) : Blend(samples[c], most, alpha, most);
        }
    }

    /// <summary>Whether the pixel has the one colour that tRNS names, at the file's own depth.</summary>
    private bool IsTransparentColor(ReadOnlySpan<int> samples)
    {
        for (var s = 0; s < samples.Length; s++)
        {
            if (samples[s] != ((_transparency[2 * s] << 8) | _transparency[(2 * s) + 1]))
                return false;
        }

        return true;
    }

    /// <summary>value / most * alpha / mostAlpha of 255, rounded to the nearest.</summary>
    private static byte Blend(int value, int most, int alpha, int mostAlpha)
    {
        var whole = (long)most * mostAlpha;
        return (byte)((((long)value * alpha * 255) + (whole / 2)) / whole);
    }

    private static byte BlendByte(int value, int alpha) => (byte)((((uint)value * (uint)alpha * 255) + (255 * 255 / 2)) / (255 * 255));
}
