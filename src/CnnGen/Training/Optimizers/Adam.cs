using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Adam (Kingma, Ba 2015, algorithm 1; AMSGrad: Reddi, Kale, Kumar 2018, algorithm 2), by the rule and with the defaults of PyTorch's <c>torch.optim.Adam</c>. For a weight w with
/// gradient g, moments m and v, rate r and step t from 1:
/// <code>
/// g' = g + weightDecay * w
/// m  = beta1 * m + (1 - beta1) * g'
/// v  = beta2 * v + (1 - beta2) * g'^2        AMSGrad: u = max(u, v) takes v's place below
/// w  = w - r / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
/// </code>
/// </summary>
/// <remarks>
/// The moments take twice the memory of the parameters, AMSGrad three times. The result is the same bits for every number of threads and on every machine.
/// <see cref="AdamW"/> takes the weight decay out of the gradient.
/// </remarks>
public sealed class Adam : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="beta1">The part of the first moment that is left after a step, in [0, 1).</param>
    /// <param name="beta2">The part of the second moment that is left after a step, in [0, 1).</param>
    /// <param name="epsilon">Keeps the divisor from 0, finite, above 0.</param>
    /// <param name="weightDecay">The part of a weight that is added to its gradient (L2 penalty), finite, 0 or more.</param>
    /// <param name="amsGrad">Whether to divide by the highest second moment so far.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adam(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsGrad = false)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Beta1 = CheckPart(beta1, nameof(beta1));
        Beta2 = CheckPart(beta2, nameof(beta2));
        Epsilon = CheckPositive(epsilon, nameof(epsilon));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
        AmsGrad = amsGrad;
    }

    /// <summary>The part of the first moment that is left after a step.</summary>
    public double Beta1 { get; }

    /// <summary>The part of the second moment that is left after a step.</summary>
    public double Beta2 { get; }

    /// <summary>Keeps the divisor from 0.</summary>
    public double Epsilon { get; }

    /// <summary>The part of a weight that is added to its gradient.</summary>
    public double WeightDecay { get; }

    /// <summary>Whether the divisor is the highest second moment so far.</summary>
    public bool AmsGrad { get; }

    internal override IReadOnlyList<string> StateNames => AdamRule.StateNames(AmsGrad);

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            ElementwiseUpdate.Run(new AdamRule(state.Steps, Beta1, Beta2, Epsilon, AmsGrad, isDecoupled: false), parameters, state);
        }

        parameters.MarkChanged();
    }
}

/// <summary>
/// Adam with decoupled weight decay (Loshchilov, Hutter 2019, algorithm 2), by the rule and with the defaults of PyTorch's <c>torch.optim.AdamW</c>: as <see cref="Adam"/> without
/// weight decay, but that each step first shrinks the weights:
/// <code>
/// w = w * (1 - r * weightDecay)
/// </code>
/// </summary>
/// <remarks>The moments take twice the memory of the parameters, AMSGrad three times. The result is the same bits for every number of threads and on every machine.</remarks>
public sealed class AdamW : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="beta1">The part of the first moment that is left after a step, in [0, 1).</param>
    /// <param name="beta2">The part of the second moment that is left after a step, in [0, 1).</param>
    /// <param name="epsilon">Keeps the divisor from 0, finite, above 0.</param>
    /// <param name="weightDecay">Times the rate, the part of a weight that a step takes off it; finite, 0 or more.</param>
    /// <param name="amsGrad">Whether to divide by the highest second moment so far.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AdamW(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 1e-2, bool amsGrad = false)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Beta1 = CheckPart(beta1, nameof(beta1));
        Beta2 = CheckPart(beta2, nameof(beta2));
        Epsilon = CheckPositive(epsilon, nameof(epsilon));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
        AmsGrad = amsGrad;
    }

    /// <summary>The part of the first moment that is left after a step.</summary>
    public double Beta1 { get; }

    /// <summary>The part of the second moment that is left after a step.</summary>
    public double Beta2 { get; }

    /// <summary>Keeps the divisor from 0.</summary>
    public double Epsilon { get; }

    /// <summary>Times the rate, the part of a weight that a step takes off it.</summary>
    public double WeightDecay { get; }

    /// <summary>Whether the divisor is the highest second moment so far.</summary>
    public bool AmsGrad { get; }

    internal override IReadOnlyList<string> StateNames => AdamRule.StateNames(AmsGrad);

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            ElementwiseUpdate.Run(new AdamRule(state.Steps, Beta1, Beta2, Epsilon, AmsGrad, isDecoupled: true), parameters, state);
        }

        parameters.MarkChanged();
    }
}

/// <summary>The step of <see cref="Adam"/> and <see cref="AdamW"/>.</summary>
internal struct AdamRule(long step, double beta1, double beta2, double epsilon, bool amsGrad, bool isDecoupled) : IUpdateRule
{
    private readonly float _beta1 = (float)beta1;
    private readonly float _rest1 = (float)(1 - beta1);
    private readonly float _beta2 = (float)beta2;
    private readonly float _rest2 = (float)(1 - beta2);
    private readonly float _epsilon = (float)epsilon;
    private readonly double _firstCorrection = 1 - Math.Pow(beta1, step);
    private readonly float _rootFactor = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
    private readonly bool _isAmsGrad = amsGrad;
    private readonly bool _isDecoupled = isDecoupled;
    private float _negativeRate;
    private float _weightDecay;
    private float _shrinking;

    public static string[] StateNames(bool amsGrad) => amsGrad ? ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] : ["exp_avg", "exp_avg_sq"];

    public readonly UpdateKind Kind => UpdateKind.Adam;

    public void Set(float rate, float weightDecay)
    {
        _negativeRate = (float)(-rate / _firstCorrection);
        _weightDecay = _isDecoupled ? 0 : weightDecay;
        _shrinking = _isDecoupled ? (float)(1 - ((double)rate * weightDecay)) : 1;
    }

    public readonly void Write(Span<float> numbers)
    {
        (numbers[0], numbers[1], numbers[2]) = (_negativeRate, _weightDecay, _shrinking);
        (numbers[3], numbers[4], numbers[5], numbers[6]) = (_beta1, _rest1, _beta2, _rest2);
        (numbers[7], numbers[8], numbers[9]) = (_epsilon, _rootFactor, _isAmsGrad ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
    {
        gradient = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, gradient);
        first = Vector.FusedMultiplyAdd(new Vector<float>(_beta1), first, new Vector<float>(_rest1) * gradient);
        second = Vector.FusedMultiplyAdd(new Vector<float>(_beta2), second, new Vector<float>(_rest2) * gradient * gradient);
        if (_isAmsGrad)
            third = Vector.Max(third, second);
        var divisor = Vector.FusedMultiplyAdd(Vector.SquareRoot(_isAmsGrad ? third : second), new Vector<float>(_rootFactor), new Vector<float>(_epsilon));
        value = Vector.FusedMultiplyAdd(new Vector<float>(_negativeRate), first / divisor, value * new Vector<float>(_shrinking));
    }
}
