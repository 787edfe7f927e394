using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Adagrad (Duchi, Hazan, Singer 2011), by the rule and with the defaults of PyTorch's <c>torch.optim.Adagrad</c>. For a weight w with gradient g, sum s, rate r and step t from 1:
/// <code>
/// g' = g + weightDecay * w
/// s  = s + g'^2
/// w  = w - r / (1 + (t - 1) * rateDecay) * g' / (sqrt(s) + epsilon)
/// </code>
/// </summary>
/// <remarks>The sums take as much memory as the parameters. The result is the same bits for every number of threads and on every machine.</remarks>
public sealed class Adagrad : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="rateDecay">How fast the rate falls with the steps, finite, 0 or more.</param>
    /// <param name="weightDecay">The part of a weight that is added to its gradient (L2 penalty), finite, 0 or more.</param>
    /// <param name="epsilon">Keeps the divisor from 0, finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adagrad(double learningRate = 0.01, double rateDecay = 0, double weightDecay = 0, double epsilon = 1e-10)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        RateDecay = CheckNotNegative(rateDecay, nameof(rateDecay));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
        Epsilon = CheckPositive(epsilon, nameof(epsilon));
    }

    /// <summary>How fast the rate falls with the steps.</summary>
    public double RateDecay { get; }

    /// <summary>The part of a weight that is added to its gradient.</summary>
    public double WeightDecay { get; }

    /// <summary>Keeps the divisor from 0.</summary>
    public double Epsilon { get; }

    internal override IReadOnlyList<string> StateNames => ["sum"];

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            var rule = new Rule { RateFactor = 1 / (1 + ((state.Steps - 1) * RateDecay)), Epsilon = (float)Epsilon };
            ElementwiseUpdate.Run(rule, parameters, state);
        }

        parameters.MarkChanged();
    }

    private struct Rule : IUpdateRule
    {
        public double RateFactor;
        public float Epsilon;
        private float _negativeRate;
        private float _weightDecay;

        public readonly UpdateKind Kind => UpdateKind.Adagrad;

        public void Set(float rate, float weightDecay) => (_negativeRate, _weightDecay) = ((float)(-rate * RateFactor), weightDecay);

        public readonly void Write(Span<float> numbers) => (numbers[0], numbers[1], numbers[2]) = (_negativeRate, _weightDecay, Epsilon);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            gradient = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, gradient);
            first = Vector.FusedMultiplyAdd(gradient, gradient, first);
            var direction = gradient / (Vector.SquareRoot(first) + new Vector<float>(Epsilon));
            value = Vector.FusedMultiplyAdd(new Vector<float>(_negativeRate), direction, value);
        }
    }
}
