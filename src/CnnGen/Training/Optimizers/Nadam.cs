using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Adam with Nesterov's momentum (Dozat 2016), by the rule and with the defaults of PyTorch's <c>torch.optim.NAdam</c>. For a weight w with gradient g, moments m and v, rate r and step
/// t from 1:
/// <code>
/// g'   = g + weightDecay * w
/// u(t) = beta1 * (1 - 0.5 * 0.96^(t * momentumDecay)),  p(t) = u(1) * ... * u(t)
/// m    = beta1 * m + (1 - beta1) * g'
/// v    = beta2 * v + (1 - beta2) * g'^2
/// w    = w - r * ((1 - u(t)) / (1 - p(t)) * g' + u(t + 1) / (1 - p(t + 1)) * m) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// </code>
/// </summary>
/// <remarks>The moments take twice the memory of the parameters. The result is the same bits for every number of threads and on every machine.</remarks>
public sealed class Nadam : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="beta1">The part of the first moment that is left after a step, in [0, 1).</param>
    /// <param name="beta2">The part of the second moment that is left after a step, in [0, 1).</param>
    /// <param name="epsilon">Keeps the divisor from 0, finite, above 0.</param>
    /// <param name="weightDecay">The part of a weight that is added to its gradient (L2 penalty), finite, 0 or more.</param>
    /// <param name="momentumDecay">How fast the momentum rises to <paramref name="beta1"/>, finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Nadam(double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Beta1 = CheckPart(beta1, nameof(beta1));
        Beta2 = CheckPart(beta2, nameof(beta2));
        Epsilon = CheckPositive(epsilon, nameof(epsilon));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
        MomentumDecay = CheckNotNegative(momentumDecay, nameof(momentumDecay));
    }

    /// <summary>The part of the first moment that is left after a step.</summary>
    public double Beta1 { get; }

    /// <summary>The part of the second moment that is left after a step.</summary>
    public double Beta2 { get; }

    /// <summary>Keeps the divisor from 0.</summary>
    public double Epsilon { get; }

    /// <summary>The part of a weight that is added to its gradient.</summary>
    public double WeightDecay { get; }

    /// <summary>How fast the momentum rises.</summary>
    public double MomentumDecay { get; }

    internal override IReadOnlyList<string> StateNames => ["exp_avg", "exp_avg_sq"];

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            var (now, next) = (MomentumAt(state.Steps), MomentumAt(state.Steps + 1));
            state.Product *= now;
            var rule = new Rule
            {
                Beta1 = (float)Beta1,
                Rest1 = (float)(1 - Beta1),
                Beta2 = (float)Beta2,
                Rest2 = (float)(1 - Beta2),
                Epsilon = (float)Epsilon,
                RootFactor = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, state.Steps))),
                GradientFactor = (1 - now) / (1 - state.Product),
                MomentFactor = next / (1 - (state.Product * next)),
            };
            ElementwiseUpdate.Run(rule, parameters, state);
        }

        parameters.MarkChanged();
    }

    private double MomentumAt(long step) => Beta1 * (1 - (0.5 * Math.Pow(0.96, step * MomentumDecay)));

    private struct Rule : IUpdateRule
    {
        public float Beta1;
        public float Rest1;
        public float Beta2;
        public float Rest2;
        public float Epsilon;
        public float RootFactor;
        public double GradientFactor;
        public double MomentFactor;
        private float _gradientRate;
        private float _momentRate;
        private float _weightDecay;

        public readonly UpdateKind Kind => UpdateKind.Nadam;

        public void Set(float rate, float weightDecay) =>
            (_gradientRate, _momentRate, _weightDecay) = ((float)(rate * GradientFactor), (float)(rate * MomentFactor), weightDecay);

        public readonly void Write(Span<float> numbers)
        {
            (numbers[0], numbers[1], numbers[2]) = (_gradientRate, _weightDecay, _momentRate);
            (numbers[3], numbers[4], numbers[5], numbers[6]) = (Beta1, Rest1, Beta2, Rest2);
            (numbers[7], numbers[8]) = (Epsilon, RootFactor);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            gradient = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, gradient);
            first = Vector.FusedMultiplyAdd(new Vector<float>(Beta1), first, new Vector<float>(Rest1) * gradient);
            second = Vector.FusedMultiplyAdd(new Vector<float>(Beta2), second, new Vector<float>(Rest2) * gradient * gradient);
            var divisor = Vector.FusedMultiplyAdd(Vector.SquareRoot(second), new Vector<float>(RootFactor), new Vector<float>(Epsilon));
            var sum = Vector.FusedMultiplyAdd(new Vector<float>(_gradientRate), gradient, new Vector<float>(_momentRate) * first);
            value -= sum / divisor;
        }
    }
}
