using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>One image's numbers in double precision, in C x H x W order.</summary>
internal sealed class Tensor
{
    public Tensor(TensorShape shape)
        : this(shape, new double[shape.Length])
    {
    }

    public Tensor(TensorShape shape, double[] data)
    {
        if (data.Length != shape.Length)
            throw new ArgumentException($"{data.Length} numbers for a tensor of {shape}, which has {shape.Length}.", nameof(data));
        Shape = shape;
        Data = data;
    }

    public TensorShape Shape { get; }

    public double[] Data { get; }

    public double this[int channel, int row, int column]
    {
        get => Data[Offset(channel, row, column)];
        set => Data[Offset(channel, row, column)] = value;
    }

    /// <summary>Whether a row and column lie in the map, and not in the padding around it.</summary>
    public bool Contains(int row, int column) =>
        row >= 0 && row < Shape.Height && column >= 0 && column < Shape.Width;

    public void Add(Tensor other)
    {
        if (other.Shape != Shape)
            throw new ArgumentException($"A tensor of {other.Shape} added to one of {Shape}.", nameof(other));
        for (var i = 0; i < Data.Length; i++)
            Data[i] += other.Data[i];
    }

    private int Offset(int channel, int row, int column) =>
        (((channel * Shape.Height) + row) * Shape.Width) + column;
}
