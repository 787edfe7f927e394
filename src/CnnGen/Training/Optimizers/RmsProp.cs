using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// RMSprop (Tieleman, Hinton 2012, lecture 6.5; centred: Graves 2013, equations 38 to 45), by the rule and with the defaults of PyTorch's <c>torch.optim.RMSprop</c>. For a weight w with
/// gradient g, mean square s, mean m, velocity v and rate r:
/// <code>
/// g' = g + weightDecay * w
/// s  = alpha * s + (1 - alpha) * g'^2
/// d  = sqrt(s) + epsilon        or, centred:  m = alpha * m + (1 - alpha) * g',  d = sqrt(max(s - m^2, 0)) + epsilon
/// v  = momentum * v + g' / d
/// w  = w - r * v
/// </code>
/// </summary>
/// <remarks>
/// The mean squares take as much memory as the parameters, as do the means (centred) and the velocities (with momentum). PyTorch takes the root of s - m^2 as it is, which is NaN where
/// rounding makes it negative. The result is the same bits for every number of threads and on every machine.
/// </remarks>
public sealed class RmsProp : Optimizer
{
    private readonly string[] _stateNames;

    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="alpha">The part of the mean square that is left after a step, in [0, 1).</param>
    /// <param name="epsilon">Keeps the divisor from 0, finite, above 0.</param>
    /// <param name="weightDecay">The part of a weight that is added to its gradient (L2 penalty), finite, 0 or more.</param>
    /// <param name="momentum">The part of the velocity that is left after a step, in [0, 1).</param>
    /// <param name="centered">Whether to divide by the deviation instead of the root of the mean square.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RmsProp(double learningRate = 0.01, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Alpha = CheckPart(alpha, nameof(alpha));
        Epsilon = CheckPositive(epsilon, nameof(epsilon));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
        Momentum = CheckPart(momentum, nameof(momentum));
        Centered = centered;
        _stateNames = (Centered, Momentum > 0) switch
        {
            (false, false) => ["square_avg"],
            (true, false) => ["square_avg", "grad_avg"],
            (false, true) => ["square_avg", "momentum_buffer"],
            (true, true) => ["square_avg", "grad_avg", "momentum_buffer"],
        };
    }

    /// <summary>The part of the mean square that is left after a step.</summary>
    public double Alpha { get; }

    /// <summary>Keeps the divisor from 0.</summary>
    public double Epsilon { get; }

    /// <summary>The part of a weight that is added to its gradient.</summary>
    public double WeightDecay { get; }

    /// <summary>The part of the velocity that is left after a step.</summary>
    public double Momentum { get; }

    /// <summary>Whether the divisor is the deviation.</summary>
    public bool Centered { get; }

    internal override IReadOnlyList<string> StateNames => _stateNames;

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            var rule = new Rule
            {
                Alpha = (float)Alpha,
                Beta = (float)(1 - Alpha),
                Epsilon = (float)Epsilon,
                Momentum = (float)Momentum,
                IsCentered = Centered,
                HasMomentum = Momentum > 0,
            };
            ElementwiseUpdate.Run(rule, parameters, state);
        }

        parameters.MarkChanged();
    }

    private struct Rule : IUpdateRule
    {
        public float Alpha;
        public float Beta;
        public float Epsilon;
        public float Momentum;
        public bool IsCentered;
        public bool HasMomentum;
        private float _negativeRate;
        private float _weightDecay;

        public readonly UpdateKind Kind => UpdateKind.RmsProp;

        public void Set(float rate, float weightDecay) => (_negativeRate, _weightDecay) = (-rate, weightDecay);

        public readonly void Write(Span<float> numbers) =>
            (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]) =
                (_negativeRate, _weightDecay, Alpha, Beta, Epsilon, Momentum, IsCentered ? 1 : 0, HasMomentum ? 1 : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            var (alpha, beta) = (new Vector<float>(Alpha), new Vector<float>(Beta));
            gradient = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, gradient);
            first = Vector.FusedMultiplyAdd(alpha, first, beta * gradient * gradient);
            var square = first;
            if (IsCentered)
            {
                second = Vector.FusedMultiplyAdd(alpha, second, beta * gradient);
                square = Vector.Max(Vector.FusedMultiplyAdd(-second, second, first), Vector<float>.Zero);
            }

            var direction = gradient / (Vector.SquareRoot(square) + new Vector<float>(Epsilon));
            if (HasMomentum)
            {
                ref var velocity = ref IsCentered ? ref third : ref second;
                direction = velocity = Vector.FusedMultiplyAdd(new Vector<float>(Momentum), velocity, direction);
            }

            value = Vector.FusedMultiplyAdd(new Vector<float>(_negativeRate), direction, value);
        }
    }
}
