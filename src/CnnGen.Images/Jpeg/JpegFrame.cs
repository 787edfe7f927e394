using CnnGen.Images.Decoding;

namespace CnnGen.Images.Jpeg;

/// <summary>A JPEG's frame: its size, its components and how they are coded.</summary>
internal sealed class JpegFrame
{
    private JpegFrame(int width, int height, bool isProgressive, JpegComponent[] components)
    {
        (Width, Height, IsProgressive, Components) = (width, height, isProgressive, components);
        var (horizontal, vertical) = Most(components);
        Mcus = ((int)(((long)width + (8 * horizontal) - 1) / (8 * horizontal)), (int)(((long)height + (8 * vertical) - 1) / (8 * vertical)));
        foreach (var component in components)
            component.Fit(width, height, horizontal, vertical);
    }

    public int Width { get; }

    public int Height { get; }

    public bool IsProgressive { get; }

    public JpegComponent[] Components { get; }

    /// <summary>MCUs of a row and of a column.</summary>
    public (int Wide, int High) Mcus { get; }

    /// <summary>Channels of the decoded image.</summary>
    public int Channels => Components.Length == 1 ? 1 : 3;

    /// <summary>Reads SOF0, SOF1 or SOF2.</summary>
    /// <exception cref="ImageException">A number is not allowed, or the picture is larger than the bounds.</exception>
    public static JpegFrame Read(ReadOnlySpan<byte> data, int position, bool isProgressive, RowSink sink)
    {
        if (data.Length < 6)
            throw ImageException.At(position, $"the frame's header has {data.Length} bytes; at least 9 were expected");
        if (data[0] != 8)
            throw ImageException.At(position, $"samples of {data[0]} bits, which are not read; those of 8 are");
        var (height, width, count) = ((data[1] << 8) | data[2], (data[3] << 8) | data[4], data[5]);
        if (height == 0 || width == 0)
            throw ImageException.At(position + 1, $"the frame's header says {width} x {height} pixels; both must be from 1 to 65535");
        if (count is not (1 or 3 or 4))
            throw ImageException.At(position + 5, $"{count} components; 1 (grey), 3 (YCbCr or RGB) or 4 (CMYK) were expected");
        if (data.Length != 6 + (3 * count))
            throw ImageException.At(position, $"the frame's header has {data.Length} bytes, but for {count} components {6 + (3 * count)} were expected");
        sink.CheckPixels(width, height);

        var components = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var one = data.Slice(6 + (3 * i), 3);
            var (horizontal, vertical) = (one[1] >> 4, one[1] & 15);
            if (horizontal is < 1 or > 4 || vertical is < 1 or > 4)
                throw ImageException.At(position + 7 + (3 * i), $"component {i + 1} is sampled {horizontal} x {vertical}; both must be from 1 to 4");
            if (one[2] > 3)
                throw ImageException.At(position + 8 + (3 * i), $"component {i + 1} has quantisation table {one[2]}; 0 to 3 were expected");
            foreach (var other in components.AsSpan(0, i))
            {
                if (other.Id == one[0])
                    throw ImageException.At(position + 6 + (3 * i), $"two components have the number {one[0]}");
            }

            // The blocks of a component that is alone come one by one, whatever its sampling.
            components[i] = count == 1 ? new JpegComponent(one[0], 1, 1, one[2]) : new JpegComponent(one[0], horizontal, vertical, one[2]);
        }

        var (mostHorizontal, mostVertical) = Most(components);
        foreach (var component in components)
        {
            if (mostHorizontal % component.Horizontal != 0 || mostVertical % component.Vertical != 0)
            {
                throw ImageException.At(
                    position + 6, $"a component is sampled {component.Horizontal} x {component.Vertical} beside {mostHorizontal} x {mostVertical}, which is no whole multiple and is not read");
            }
        }

        return new JpegFrame(width, height, isProgressive, components);
    }

    /// <summary>Bytes of all coefficients.</summary>
    public long CoefficientMemory()
    {
        var sum = 0L;
        foreach (var component in Components)
            sum += 128L * component.PaddedBlocks.Wide * component.PaddedBlocks.High;
        return sum;
    }

    /// <summary>How often the finest component is sampled.</summary>
    private static (int Horizontal, int Vertical) Most(JpegComponent[] components)
    {
        var (horizontal, vertical) = (1, 1);
        foreach (var component in components)
            (horizontal, vertical) = (Math.Max(horizontal, component.Horizontal), Math.Max(vertical, component.Vertical));
        return (horizontal, vertical);
    }
}
