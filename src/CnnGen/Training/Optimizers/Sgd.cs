using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Stochastic gradient descent with momentum (Polyak 1964), Nesterov's variant (Sutskever et al. 2013) and weight decay, by the rule of
/// PyTorch's <c>torch.optim.SGD</c> (dampening 0). For a weight w with gradient g, velocity v (0 at first) and rate r:
/// <code>
/// g' = g + weightDecay * w
/// v  = momentum * v + g'
/// w  = w - r * v                        or, Nesterov:  w = w - r * (g' + momentum * v)
/// </code>
/// </summary>
/// <remarks>
/// Weight decay applies to every trained parameter, biases too, as in PyTorch. The steps are elementwise and each product and sum is fused (rounded once), whatever
/// the vector length: the result is the same bits for every number of threads and on every machine. The velocities take as much memory as the parameters; without
/// momentum there are none.
/// </remarks>
public sealed class Sgd : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="momentum">The part of the velocity that is left after a step, in [0, 1).</param>
    /// <param name="nesterov">Whether to look ahead; needs momentum.</param>
    /// <param name="weightDecay">The part of a weight that is added to its gradient (L2 penalty), finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="nesterov"/> without momentum.</exception>
    public Sgd(double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        Momentum = (float)CheckPart(momentum, nameof(momentum));
        WeightDecay = (float)CheckNotNegative(weightDecay, nameof(weightDecay));
        if (nesterov && Momentum == 0)
            throw new ArgumentException("Nesterov's variant needs momentum: give one above 0, such as 0.9.", nameof(nesterov));
        Nesterov = nesterov;
    }

    /// <summary>The part of the velocity that is left after a step.</summary>
    public float Momentum { get; }

    /// <summary>Whether a step looks ahead.</summary>
    public bool Nesterov { get; }

    /// <summary>The part of a weight that is added to its gradient.</summary>
    public float WeightDecay { get; }

    internal override IReadOnlyList<string> StateNames => Momentum == 0 ? [] : ["momentum_buffer"];

    private protected override double DefaultWeightDecay => WeightDecay;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            if (Momentum == 0)
                ElementwiseUpdate.Run(default(PlainRule), parameters, state);
            else
                ElementwiseUpdate.Run(new MomentumRule { Momentum = Momentum, IsNesterov = Nesterov }, parameters, state);
        }

        parameters.MarkChanged();
    }

    private struct PlainRule : IUpdateRule
    {
        private float _negativeRate;
        private float _weightDecay;

        public readonly UpdateKind Kind => UpdateKind.Sgd;

        public void Set(float rate, float weightDecay) => (_negativeRate, _weightDecay) = (-rate, weightDecay);

        public readonly void Write(Span<float> numbers) => (numbers[0], numbers[1]) = (_negativeRate, _weightDecay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            gradient = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, gradient);
            value = Vector.FusedMultiplyAdd(new Vector<float>(_negativeRate), gradient, value);
        }
    }

    private struct MomentumRule : IUpdateRule
    {
        public float Momentum;
        public bool IsNesterov;
        private float _negativeRate;
        private float _weightDecay;

        public readonly UpdateKind Kind => UpdateKind.SgdMomentum;

        public void Set(float rate, float weightDecay) => (_negativeRate, _weightDecay) = (-rate, weightDecay);

        public readonly void Write(Span<float> numbers) => (numbers[0], numbers[1], numbers[2], numbers[3]) = (_negativeRate, _weightDecay, Momentum, IsNesterov ? 1 : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            var momentum = new Vector<float>(Momentum);
            gradient = Vector.FusedMultiplyAdd(new Vector<float>(_weightDecay), value, gradient);
            first = Vector.FusedMultiplyAdd(momentum, first, gradient);
            var direction = IsNesterov ? Vector.FusedMultiplyAdd(momentum, first, gradient) : first;
            value = Vector.FusedMultiplyAdd(new Vector<float>(_negativeRate), direction, value);
        }
    }
}
