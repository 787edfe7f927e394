using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// LAMB, Adam with layer-wise rates for large batches (You et al. 2020, algorithm 2, with the bias corrections of its version 1). For a tensor w with gradient g, moments m and v,
/// rate r and step t from 1:
/// <code>
/// m = beta1 * m + (1 - beta1) * g
/// v = beta2 * v + (1 - beta2) * g^2
/// u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weightDecay * w
/// w = w - r * |w| / |u| * u        without the quotient where |w| or |u| is 0, and for tensors of one dimension
/// </code>
/// </summary>
/// <remarks>
/// PyTorch has none; the defaults are the paper's. Biases and the parameters of norms (tensors of one dimension) take Adam's step, as is usual; the paper scales them too. What is
/// kept takes three times the memory of the parameters. The result is the same bits for every number of threads and on every machine.
/// </remarks>
public sealed class Lamb : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="beta1">The part of the first moment that is left after a step, in [0, 1).</param>
    /// <param name="beta2">The part of the second moment that is left after a step, in [0, 1).</param>
    /// <param name="epsilon">Keeps the divisor from 0, finite, above 0.</param>
    /// <param name="weightDecay">The part of a weight in its step's direction, finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Lamb(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-6, double weightDecay = 0.01)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Beta1 = CheckPart(beta1, nameof(beta1));
        Beta2 = CheckPart(beta2, nameof(beta2));
        Epsilon = CheckPositive(epsilon, nameof(epsilon));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
    }

    /// <summary>The part of the first moment that is left after a step.</summary>
    public double Beta1 { get; }

    /// <summary>The part of the second moment that is left after a step.</summary>
    public double Beta2 { get; }

    /// <summary>Keeps the divisor from 0.</summary>
    public double Epsilon { get; }

    /// <summary>The part of a weight in its step's direction.</summary>
    public double WeightDecay { get; }

    internal override IReadOnlyList<string> StateNames => ["exp_avg", "exp_avg_sq"];

    private protected override int ScratchCount => 1;

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            var moments = new MomentRule
            {
                Beta1 = (float)Beta1,
                Rest1 = (float)(1 - Beta1),
                Beta2 = (float)Beta2,
                Rest2 = (float)(1 - Beta2),
                Epsilon = (float)Epsilon,
                MomentFactor = (float)(1 / (1 - Math.Pow(Beta1, state.Steps))),
                RootFactor = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, state.Steps))),
            };
            ElementwiseUpdate.Run(moments, parameters, state);

            // The direction's length shows when all of it is there: a second pass takes the step.
            var segments = state.Segments;
            var values = state.SquaresOfValues(0);
            var directions = state.SquaresOf(2, 1);
            for (var i = 0; i < segments.Length; i++)
            {
                if (segments[i].IsMatrix && values[i] > 0 && directions[i] > 0)
                    segments[i].Rate = (float)(segments[i].Rate * Math.Sqrt(values[i]) / Math.Sqrt(directions[i]));
            }

            ElementwiseUpdate.Run(default(StepRule), parameters, state, from: 2);
        }

        parameters.MarkChanged();
    }

    private struct MomentRule : IUpdateRule
    {
        public float Beta1;
        public float Rest1;
        public float Beta2;
        public float Rest2;
        public float Epsilon;
        public float MomentFactor;
        public float RootFactor;
        private float _weightDecay;

        public readonly UpdateKind Kind => UpdateKind.LambDirection;

        public void Set(float rate, float weightDecay) => _weightDecay = weightDecay;

        public readonly void Write(Span<float> numbers) =>
            (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]) = (_weightDecay, Beta1, Rest1, Beta2, Rest2, Epsilon, MomentFactor, RootFactor);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            first = Vector.FusedMultiplyAdd(new Vector<float>(Beta1), first, new Vector<float>(Rest1) * gradient);
            second = Vector.FusedMultiplyAdd(new Vector<float>(Beta2), second, new Vector<float>(Rest2) * gradient * gradient);
            var divisor = Vector.FusedMultiplyAdd(Vector.SquareRoot(second), new Vector<float>(RootFactor), new Vector<float>(Epsilon));
            third = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, first * new Vector<float>(MomentFactor) / divisor);
        }
    }

    private struct StepRule : IUpdateRule
    {
        private float _negativeRate;

        public readonly UpdateKind Kind => UpdateKind.LambStep;

        public void Set(float rate, float weightDecay) => _negativeRate = -rate;

        public readonly void Write(Span<float> numbers) => numbers[0] = _negativeRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third) =>
            value = Vector.FusedMultiplyAdd(new Vector<float>(_negativeRate), first, value);
    }
}
