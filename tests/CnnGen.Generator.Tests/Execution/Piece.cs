using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// What a kernel is given of the executor's memory: a double for each float of a buffer's copy, or of several copies where it takes them all. What lies outside
/// is an error and not another buffer's number.
/// </summary>
internal readonly struct Piece(double[] memory, int start, int length)
{
    public int Length => length;

    public ref double this[int index]
    {
        get
        {
            if ((uint)index >= (uint)length)
                throw new PlanFault($"float {index} of {length}");
            return ref memory[start + index];
        }
    }

    /// <summary>Floats side by side.</summary>
    public Span<double> Run(int first, int count)
    {
        if (first < 0 || count < 0 || first + count > length)
            throw new PlanFault($"floats {first} to {first + count} of {length}");
        return memory.AsSpan(start + first, count);
    }

    public Piece From(int offset) => offset < 0 || offset > length ? throw new PlanFault($"float {offset} of {length}") : new Piece(memory, start + offset, length - offset);
}

/// <summary>One image's tensor in a piece of memory.</summary>
internal readonly struct Map(Piece piece, Storage storage)
{
    public int Channels => storage.Channels;

    public int Height => storage.Height;

    public int Width => storage.Width;

    /// <summary>An element of the map.</summary>
    public ref double this[int channel, int row, int column] => ref Contains(row, column)
        ? ref piece[Place(channel, row, column)]
        : ref Outside(channel, row, column);

    /// <summary>An element of the map or of the zeros around it.</summary>
    public double WithHalo(int channel, int row, int column) => piece[PlaceWithHalo(channel, row, column)];

    /// <summary>Elements of a row of a plane, or of the zeros beside it; they lie side by side.</summary>
    public Span<double> Columns(int channel, int row, int firstColumn, int count)
    {
        PlaceWithHalo(channel, row, firstColumn + count - 1);
        return piece.Run(PlaceWithHalo(channel, row, firstColumn), count);
    }

    /// <summary>Some channels of a pixel, or of one of the zeros around the map; they lie side by side.</summary>
    public Span<double> Lanes(int firstChannel, int row, int column, int count) => piece.Run(PlaceWithHalo(firstChannel, row, column), count);

    /// <summary>A float of a row of planes, whether or not it is an element: kernels take whole vectors.</summary>
    public double Floats(int channel, int row, int column) => piece[Place(channel, row, column)];

    public bool Contains(int row, int column) => (uint)row < (uint)storage.Height && (uint)column < (uint)storage.Width;

    /// <summary>Whether there are floats of the map or around it.</summary>
    public bool HasHalo(int row, int column) =>
        row >= -storage.Halo.Top && row < storage.Height + storage.Halo.Bottom && column >= -storage.Halo.Left && column < storage.Width + storage.Halo.Right;

    /// <summary>Where an element lies.</summary>
    public int Place(int channel, int row, int column) =>
        storage.Origin + (channel * storage.ChannelStride) + (row * storage.RowStride) + (column * storage.PixelStride);

    private int PlaceWithHalo(int channel, int row, int column) =>
        HasHalo(row, column) ? Place(channel, row, column) : throw new PlanFault(Text(channel, row, column) + " with its halo");

    private ref double Outside(int channel, int row, int column) => throw new PlanFault(Text(channel, row, column));

    private string Text(int channel, int row, int column) => $"element ({channel}, {row}, {column}) of {storage.Channels}x{storage.Height}x{storage.Width}";
}

/// <summary>A kernel reads or writes what it wasn't given.</summary>
internal sealed class PlanFault(string what) : Exception($"A kernel takes {what}.");
