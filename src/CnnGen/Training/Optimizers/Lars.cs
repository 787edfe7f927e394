using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// LARS, layer-wise adaptive rates for large batches (You, Gitman, Ginsburg 2017, algorithm 1). For a tensor w with gradient g, velocity v and rate r:
/// <code>
/// l = trust * |w| / (|g| + weightDecay * |w|)        1 where |w| or the divisor is 0, and for tensors of one dimension
/// v = momentum * v + r * l * (g + weightDecay * w)
/// w = w - v
/// </code>
/// </summary>
/// <remarks>
/// PyTorch has none; momentum and trust are the paper's. Biases and the parameters of norms (tensors of one dimension) take the plain step, as is usual; the paper scales them too. The
/// velocities take as much memory as the parameters. The result is the same bits for every number of threads and on every machine.
/// </remarks>
public sealed class Lars : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="momentum">The part of the velocity that is left after a step, in [0, 1).</param>
    /// <param name="weightDecay">The part of a weight that is added to its gradient (L2 penalty), finite, 0 or more.</param>
    /// <param name="trust">The part of a tensor's length that a step of rate 1 moves it by, finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Lars(double learningRate, double momentum = 0.9, double weightDecay = 0, double trust = 0.001)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Momentum = CheckPart(momentum, nameof(momentum));
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
        Trust = CheckPositive(trust, nameof(trust));
    }

    /// <summary>The part of the velocity that is left after a step.</summary>
    public double Momentum { get; }

    /// <summary>The part of a weight that is added to its gradient.</summary>
    public double WeightDecay { get; }

    /// <summary>The part of a tensor's length that a step of rate 1 moves it by.</summary>
    public double Trust { get; }

    internal override IReadOnlyList<string> StateNames => ["momentum_buffer"];

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            var segments = state.Segments;
            var values = state.SquaresOfValues(0);
            var gradients = state.SquaresOfGradients(1);
            for (var i = 0; i < segments.Length; i++)
            {
                var length = Math.Sqrt(values[i]);
                var divisor = Math.Sqrt(gradients[i]) + (segments[i].WeightDecay * length);
                if (segments[i].IsMatrix && length > 0 && divisor > 0)
                    segments[i].Rate = (float)(segments[i].Rate * Trust * length / divisor);
            }

            ElementwiseUpdate.Run(new Rule { Momentum = (float)Momentum }, parameters, state);
        }

        parameters.MarkChanged();
    }

    private struct Rule : IUpdateRule
    {
        public float Momentum;
        private float _rate;
        private float _weightDecay;

        public readonly UpdateKind Kind => UpdateKind.Lars;

        public void Set(float rate, float weightDecay) => (_rate, _weightDecay) = (rate, weightDecay);

        public readonly void Write(Span<float> numbers) => (numbers[0], numbers[1], numbers[2]) = (_rate, _weightDecay, Momentum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            gradient = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, gradient);
            first = Vector.FusedMultiplyAdd(new Vector<float>(Momentum), first, new Vector<float>(_rate) * gradient);
            value -= first;
        }
    }
}
