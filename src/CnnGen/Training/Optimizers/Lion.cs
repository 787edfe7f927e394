using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2). For a weight w with gradient g, momentum m and rate r:
/// <code>
/// c = beta1 * m + (1 - beta1) * g
/// w = w * (1 - r * weightDecay) - r * sign(c)        sign(0) = 0, sign(NaN) = NaN
/// m = beta2 * m + (1 - beta2) * g
/// </code>
/// </summary>
/// <remarks>
/// PyTorch has none; the defaults are the paper's. Every weight moves by the whole rate, which is therefore 3 to 10 times smaller than Adam's, and the weight decay as much larger. The
/// momentum takes as much memory as the parameters. The result is the same bits for every number of threads and on every machine.
/// </remarks>
public sealed class Lion : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="beta1">The part of the momentum in the step's direction, in [0, 1).</param>
    /// <param name="beta2">The part of the momentum that is left after a step, in [0, 1).</param>
    /// <param name="weightDecay">Times the rate, the part of a weight that a step takes off it; finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Lion(double learningRate = 1e-4, double beta1 = 0.9, double beta2 = 0.99, double weightDecay = 0)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Beta1 = CheckPart(beta1, nameof(beta1));
        Beta2 = CheckPart(beta2, nameof(beta2));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
    }

    /// <summary>The part of the momentum in the step's direction.</summary>
    public double Beta1 { get; }

    /// <summary>The part of the momentum that is left after a step.</summary>
    public double Beta2 { get; }

    /// <summary>Times the rate, the part of a weight that a step takes off it.</summary>
    public double WeightDecay { get; }

    internal override IReadOnlyList<string> StateNames => ["exp_avg"];

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            var rule = new Rule { Beta1 = (float)Beta1, Rest1 = (float)(1 - Beta1), Beta2 = (float)Beta2, Rest2 = (float)(1 - Beta2) };
            ElementwiseUpdate.Run(rule, parameters, state);
        }

        parameters.MarkChanged();
    }

    private struct Rule : IUpdateRule
    {
        public float Beta1;
        public float Rest1;
        public float Beta2;
        public float Rest2;
        private float _rate;
        private float _shrinking;

        public readonly UpdateKind Kind => UpdateKind.Lion;

        public void Set(float rate, float weightDecay) => (_rate, _shrinking) = (rate, (float)(1 - ((double)rate * weightDecay)));

        public readonly void Write(Span<float> numbers) =>
            (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) = (_rate, _shrinking, Beta1, Rest1, Beta2, Rest2);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            var direction = Vector.FusedMultiplyAdd(new Vector<float>(Beta1), first, new Vector<float>(Rest1) * gradient);
            var rate = new Vector<float>(_rate);
            var signed = rate | (direction & new Vector<float>(-0f));
            var move = Vector.ConditionalSelect(Vector.Equals(direction, Vector<float>.Zero), Vector<float>.Zero, signed);

            // NaN has no sign, and must not pass for a step like any other: it is to show in the weight.
            move = Vector.ConditionalSelect(Vector.Equals(direction, direction), move, direction);
            value = (value * new Vector<float>(_shrinking)) - move;
            first = Vector.FusedMultiplyAdd(new Vector<float>(Beta2), first, new Vector<float>(Rest2) * gradient);
        }
    }
}
