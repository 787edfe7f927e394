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

/// <summary>x * min(max(x + 3, 0), 6) / 6 of each element (Howard et al. 2019, section 5.2); the shape stays.</summary>
public sealed class HardSwishAttribute : LayerAttribute;

/// <summary>min(max(x, 0), 6) of each element (Sandler et al. 2018); the shape stays.</summary>
public sealed class ReLU6Attribute : LayerAttribute;

/// <summary>
/// x where x is positive and weight[c] * x elsewhere, a trained slope for each channel of a map or feature of a vector that starts at 0.25
/// (He et al. 2015, equation 1); the shape stays.
/// </summary>
public sealed class PReLUAttribute : LayerAttribute;

/// <summary>
/// 1.0507 * x where x is positive and 1.0507 * 1.67326 * (exp(x) - 1) elsewhere (Klambauer et al. 2017, equation 2); the shape stays.
/// </summary>
public sealed class SELUAttribute : LayerAttribute;

/// <summary>x times the probability that a standard normal variable is below x (Hendrycks, Gimpel 2016); the shape stays.</summary>
public sealed class GELUAttribute : LayerAttribute
{
    /// <summary>Whether the probability is approximated by (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2, as in BERT and GPT-2: a <see cref="bool"/>, or an expression.</summary>
    public object Approximate { get; set; } = false;
}

/// <summary>x / (1 + exp(-x)) of each element, also called Swish (Elfwing et al. 2017; Ramachandran et al. 2017); the shape stays.</summary>
public sealed class SiLUAttribute : LayerAttribute;

/// <summary>x * tanh(ln(1 + exp(x))) of each element (Misra 2019); the shape stays.</summary>
public sealed class MishAttribute : LayerAttribute;

/// <summary>ln(1 + exp(beta * x)) / beta of each element (Dugas et al. 2000); the shape stays.</summary>
/// <param name="beta">How sharply it bends at 0: finite, above 0.</param>
public sealed class SoftplusAttribute(double beta = 1) : LayerAttribute
{
    /// <summary>As sharp as an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="beta">How sharply it bends at 0: finite, above 0.</param>
    public SoftplusAttribute(string beta)
        : this() => Beta = beta;

    /// <summary>How sharply it bends at 0.</summary>
    public object Beta { get; } = beta;
}

/// <summary>x / (1 + |x|) of each element (Bergstra et al. 2009); the shape stays.</summary>
public sealed class SoftsignAttribute : LayerAttribute;

/// <summary>min(max(x + 3, 0), 6) / 6 of each element (Howard et al. 2019, section 5.2); the shape stays.</summary>
public sealed class HardSigmoidAttribute : LayerAttribute;

/// <summary>1 / (1 + exp(-x)) of each element; the shape stays.</summary>
public sealed class SigmoidAttribute : LayerAttribute;

/// <summary>The hyperbolic tangent of each element; the shape stays.</summary>
public sealed class TanhAttribute : LayerAttribute;

/// <summary>exp(x) / sum of exp(x) over a vector's features, or over a map's channels at each pixel; the shape stays.</summary>
public sealed class SoftmaxAttribute : LayerAttribute;

/// <summary>
/// The logarithm of the softmax, x - ln(sum of exp(x)), over a vector's features, or over a map's channels at each pixel; the shape stays.
/// </summary>
public sealed class LogSoftmaxAttribute : LayerAttribute;
