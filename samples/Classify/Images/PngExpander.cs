namespace ClassifySample.Images;

/// <summary>Turns the rows of a PNG's pass into 8-bit grey or RGB, blended with black where they are transparent.</summary>
internal readonly ref struct PngExpander
{
    private readonly PngHeader _header;
    private readonly ReadOnlySpan<byte> _palette;
    private readonly ReadOnlySpan<byte> _transparency;

    public PngExpander(PngHeader header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> transparency)
    {
        _header = header;
        _palette = palette;
        _transparency = transparency;
    }

    /// <exception cref="ImageException">A pixel is no colour of the palette.</exception>
    public void Expand(ReadOnlySpan<byte> line, PngPass pass, int row, Span<byte> pixels)
    {
        Span<int> samples = stackalloc int[4];
        var y = pass.Y + (row * pass.StepY);
        for (var column = 0; column < pass.Columns; column++)
        {
            for (var s = 0; s < _header.Samples; s++)
                samples[s] = Sample(line, (column * _header.Samples) + s);
            var x = pass.X + (column * pass.StepX);
            var pixel = pixels.Slice(((y * _header.Width) + x) * _header.Channels, _header.Channels);
            if (_header.ColorType == 3)
                FromPalette(samples[0], x, y, pixel);
            else
                FromSamples(samples, pixel);
        }
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

    private void FromPalette(int index, int x, int y, Span<byte> pixel)
    {
        if (index >= _palette.Length / 3)
            throw new ImageException($"the pixel in column {x} of row {y} has colour {index}, but the palette has {_palette.Length / 3} colours");
        var alpha = index < _transparency.Length ? _transparency[index] : 255;
        for (var c = 0; c < 3; c++)
            pixel[c] = Blend(_palette[(3 * index) + c], 255, alpha, 255);
    }

    private void FromSamples(ReadOnlySpan<int> samples, Span<byte> pixel)
    {
        var most = (1 << _header.BitDepth) - 1;
        var alpha = _header.ColorType is 4 or 6 ? samples[_header.Samples - 1] : IsTransparentColor(samples) ? 0 : most;
        for (var c = 0; c < pixel.Length; c++)
            pixel[c] = Blend(samples[c], most, alpha, most);
    }

    /// <summary>Whether the pixel has the one colour that tRNS names, at the file's own depth.</summary>
    private bool IsTransparentColor(ReadOnlySpan<int> samples)
    {
        if (_transparency.IsEmpty)
            return false;
        for (var s = 0; s < _header.Samples; s++)
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
}
