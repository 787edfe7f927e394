namespace CnnGen.Generator.Planning.Cpu.Layouts;

/// <summary>How a tensor lies in memory.</summary>
internal enum StorageKind
{
    /// <summary>H x W x C: a pixel's channels are neighbours. Kernels vectorise over channels.</summary>
    Pixels,

    /// <summary>C x H x W: a row's pixels are neighbours. Kernels vectorise over the width.</summary>
    Planar,

    /// <summary>Features one after the other.</summary>
    Vector,
}

/// <summary>Zeros that physically surround a map, so that a convolution needs no test at the edges.</summary>
internal readonly record struct Halo(int Top, int Left, int Bottom, int Right)
{
    public Halo Union(Halo other) => new(
        Math.Max(Top, other.Top),
        Math.Max(Left, other.Left),
        Math.Max(Bottom, other.Bottom),
        Math.Max(Right, other.Right));
}

/// <summary>Where each element of one image's tensor lies. All strides are in floats.</summary>
internal sealed record Storage
{
    private Storage()
    {
    }

    /// <summary>Floats in the widest vector: every instruction set sees the same memory, so lanes round up to this.</summary>
    public const int Lanes = 16;

    /// <summary>Pixel strides that are a multiple of this many floats (4 KiB) overflow the L1 cache's ways.</summary>
    private const int AliasingStride = 1024;

    public StorageKind Kind { get; private init; }

    public int Channels { get; private init; }

    public int Height { get; private init; }

    public int Width { get; private init; }

    public Halo Halo { get; private init; }

    public int PixelStride { get; private init; }

    public int RowStride { get; private init; }

    public int ChannelStride { get; private init; }

    /// <summary>Floats that one image takes, a multiple of <see cref="Lanes"/>.</summary>
    public int Length { get; private init; }

    /// <summary>The first element of the first pixel inside the halo.</summary>
    public int Origin => (Halo.Top * RowStride) + (Halo.Left * PixelStride);

    /// <summary>Whether the elements of one image lie in one run without gaps.</summary>
    public bool IsContiguous => Kind switch
    {
        StorageKind.Vector => true,
        StorageKind.Pixels => Halo == default && PixelStride == Channels,
        _ => Halo == default && PixelStride == 1 && RowStride == Width && ChannelStride == Width * Height,
    };

    public static int RoundUp(int value, int multiple = Lanes) => checked((value + multiple - 1) / multiple * multiple);

    public static Storage Pixels(TensorShape shape, Halo halo)
    {
        var pixelStride = RoundUp(shape.Channels);
        if (pixelStride % AliasingStride == 0)
            pixelStride += Lanes;
        var rowStride = checked((halo.Left + shape.Width + halo.Right) * pixelStride);
        return new Storage
        {
            Kind = StorageKind.Pixels,
            Channels = shape.Channels,
            Height = shape.Height,
            Width = shape.Width,
            Halo = halo,
            PixelStride = pixelStride,
            RowStride = rowStride,
            ChannelStride = 1,
            Length = checked((halo.Top + shape.Height + halo.Bottom) * rowStride),
        };
    }

    public static Storage Planar(TensorShape shape, Halo halo)
    {
        // Rows have room for whole vectors, which kernels store; the lanes past the width are zeroed by the store.
        var rowStride = RoundUp(halo.Left + Math.Max(RoundUp(shape.Width), shape.Width + halo.Right));
        var planeStride = checked((halo.Top + shape.Height + halo.Bottom) * rowStride);
        return new Storage
        {
            Kind = StorageKind.Planar,
            Channels = shape.Channels,
            Height = shape.Height,
            Width = shape.Width,
            Halo = halo,
            PixelStride = 1,
            RowStride = rowStride,
            ChannelStride = planeStride,
            Length = checked(shape.Channels * planeStride),
        };
    }

    /// <summary>Planes without gaps, as callers have images.</summary>
    public static Storage Planes(TensorShape shape) => new()
    {
        Kind = StorageKind.Planar,
        Channels = shape.Channels,
        Height = shape.Height,
        Width = shape.Width,
        Halo = default,
        PixelStride = 1,
        RowStride = shape.Width,
        ChannelStride = shape.Height * shape.Width,
        Length = checked((int)shape.Length),
    };

    /// <summary>Pixels without gaps, as callers have images whose channels stand last.</summary>
    public static Storage Interleaved(TensorShape shape) => Interleaved(shape, StorageKind.Pixels);

    /// <summary>
    /// The same, read as planes are, whose rows and columns have gaps then: for kernels that take single elements, in the order in which weights for planes lie.
    /// </summary>
    public static Storage InterleavedPlanes(TensorShape shape) => Interleaved(shape, StorageKind.Planar);

    private static Storage Interleaved(TensorShape shape, StorageKind kind) => new()
    {
        Kind = kind,
        Channels = shape.Channels,
        Height = shape.Height,
        Width = shape.Width,
        Halo = default,
        PixelStride = shape.Channels,
        RowStride = checked(shape.Width * shape.Channels),
        ChannelStride = 1,
        Length = checked((int)shape.Length),
    };

    /// <summary>Some of the channels, whose first one the pointer is moved to.</summary>
    public Storage Slice(int channels) => this with { Channels = channels };

    public static Storage Vector(int features) => new()
    {
        Kind = StorageKind.Vector,
        Channels = features,
        Height = 1,
        Width = 1,
        Halo = default,
        PixelStride = RoundUp(features),
        RowStride = RoundUp(features),
        ChannelStride = 1,
        Length = RoundUp(features),
    };

    /// <summary>The same map with another halo.</summary>
    public Storage WithHalo(Halo halo) => Kind switch
    {
        StorageKind.Pixels => Pixels(TensorShape.Map(Channels, Height, Width), halo),
        StorageKind.Planar => Planar(TensorShape.Map(Channels, Height, Width), halo),
        _ => this,
    };
}
