namespace CnnGen;

/// <summary>max(x, 0) of each element; the shape stays.</summary>
public sealed class ReLUAttribute : LayerAttribute;

/// <summary>x where x is positive and slope * x elsewhere; the shape stays.</summary>
/// <param name="slope">The slope below zero: finite, 0 or more.</param>
public sealed class LeakyReLUAttribute(double slope = 0.01) : LayerAttribute
{
    /// <summary>The slope that an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="slope">The slope below zero: finite, 0 or more.</param>
    public LeakyReLUAttribute(string slope)
        : this() => Slope = slope;

    /// <summary>The slope below zero.</summary>
    public object Slope { get; } = slope;
}

/// <summary>x where x is positive and alpha * (exp(x) - 1) elsewhere (Clevert et al. 2015, equation 15); the shape stays.</summary>
/// <param name="alpha">What it approaches below zero, negated: finite, above 0.</param>
public sealed class ELUAttribute(double alpha = 1) : LayerAttribute
{
    /// <summary>The alpha that an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="alpha">What it approaches below zero, negated: finite, above 0.</param>
    public ELUAttribute(string alpha)
        : this() => Alpha = alpha;

    /// <summary>What it approaches below zero, negated.</summary>
    public object Alpha { get; } = alpha;
}

/// <summary>1 / (1 + exp(-x)) of each element; the shape stays.</summary>
public sealed class SigmoidAttribute : LayerAttribute;

/// <summary>The hyperbolic tangent of each element; the shape stays.</summary>
public sealed class TanhAttribute : LayerAttribute;

/// <summary>exp(x) / sum of exp(x) over a vector's features, or over a map's channels at each pixel; the shape stays.</summary>
public sealed class SoftmaxAttribute : LayerAttribute;
