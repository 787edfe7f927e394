namespace CnnGen;

/// <summary>max(x, 0) of each element; the shape stays.</summary>
public sealed class ReLUAttribute : LayerAttribute;

/// <summary>x where x is positive and slope * x elsewhere; the shape stays.</summary>
/// <param name="slope">The slope below zero: finite, 0 or more.</param>
public sealed class LeakyReLUAttribute(double slope = 0.01) : LayerAttribute
{
    /// <summary>The slope below zero.</summary>
    public double Slope { get; } = slope;
}

/// <summary>x where x is positive and alpha * (exp(x) - 1) elsewhere (Clevert et al. 2015, equation 15); the shape stays.</summary>
/// <param name="alpha">What it approaches below zero, negated: finite, above 0.</param>
public sealed class ELUAttribute(double alpha = 1) : LayerAttribute
{
    /// <summary>What it approaches below zero, negated.</summary>
    public double Alpha { get; } = alpha;
}

/// <summary>x * min(max(x + 3, 0), 6) / 6 of each element (Howard et al. 2019, section 5.2); the shape stays.</summary>
public sealed class HardSwishAttribute : LayerAttribute;

/// <summary>1 / (1 + exp(-x)) of each element; the shape stays.</summary>
public sealed class SigmoidAttribute : LayerAttribute;

/// <summary>The hyperbolic tangent of each element; the shape stays.</summary>
public sealed class TanhAttribute : LayerAttribute;

/// <summary>exp(x) / sum of exp(x) over a vector's features, or over a map's channels at each pixel; the shape stays.</summary>
public sealed class SoftmaxAttribute : LayerAttribute;
