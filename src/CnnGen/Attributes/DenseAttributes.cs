namespace CnnGen;

/// <summary>A fully connected layer over a vector: features -> units. A map that arrives is flattened first.</summary>
/// <param name="units">Output features, 1 or more.</param>
public sealed class DenseAttribute(int units) : LayerAttribute
{
    /// <summary>So many outputs as an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="units">Output features, 1 or more.</param>
    public DenseAttribute(string units)
        : this(0) => Units = units;

    /// <summary>Output features.</summary>
    public object Units { get; } = units;

    /// <summary>Whether each unit adds a trained number: a <see cref="bool"/>, or an expression.</summary>
    public object Bias { get; set; } = true;
}

/// <summary>A map's elements as one vector, in C x H x W order. It is implied before a <see cref="DenseAttribute"/> that follows a map.</summary>
public sealed class FlattenAttribute : LayerAttribute;
