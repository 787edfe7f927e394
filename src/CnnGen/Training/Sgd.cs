using System.Globalization;
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
public sealed unsafe class Sgd : Optimizer
{
    /// <summary>Floats to a chunk, 5 microseconds of work or more: less is not worth another thread.</summary>
    private const int Grain = 64 * 1024;

    private readonly ConditionalWeakTable<ParameterStore, PinnedBuffer> _velocities = new();

    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, 0 or more.</param>
    /// <param name="momentum">The part of the velocity that is left after a step, in [0, 1).</param>
    /// <param name="nesterov">Whether to look ahead; needs momentum.</param>
    /// <param name="weightDecay">The part of a weight that is added to its gradient (L2 penalty), finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="nesterov"/> without momentum.</exception>
    public Sgd(double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
        : base(learningRate)
    {
        if (!((float)momentum is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), string.Create(CultureInfo.InvariantCulture, $"momentum is {(float)momentum}, but must be at least 0 and less than 1."));
        CheckRate((float)weightDecay, nameof(weightDecay));
        if (nesterov && (float)momentum == 0)
            throw new ArgumentException("Nesterov's variant needs momentum: give one above 0, such as 0.9.", nameof(nesterov));
        Momentum = (float)momentum;
        Nesterov = nesterov;
        WeightDecay = (float)weightDecay;
    }

    /// <summary>The part of the velocity that is left after a step.</summary>
    public float Momentum { get; }

    /// <summary>Whether a step looks ahead.</summary>
    public bool Nesterov { get; }

    /// <summary>The part of a weight that is added to its gradient.</summary>
    public float WeightDecay { get; }

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        CheckRate(learningRate, nameof(learningRate));
        var velocities = Momentum == 0 ? default : _velocities.GetValue(parameters, static store => new PinnedBuffer(store.TrainedLength)).Span;
        using (parameters.Hold())
        fixed (float* values = parameters.Values, gradients = parameters.Gradients, velocity = velocities)
        {
            var update = new Update
            {
                Values = values,
                Gradients = gradients,
                Velocities = velocity,
                NegativeRate = -learningRate,
                Momentum = Momentum,
                WeightDecay = WeightDecay,
                Nesterov = Nesterov,
            };
            WorkerTeam.Run(Momentum == 0 ? &Plain : &WithMomentum, &update, parameters.TrainedLength, Grain);
        }

        parameters.MarkChanged();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain(void* argument, int worker, int from, int to)
    {
        ref readonly var update = ref *(Update*)argument;
        float* values = update.Values, gradients = update.Gradients;
        var negativeRate = new Vector<float>(update.NegativeRate);
        var weightDecay = new Vector<float>(update.WeightDecay);
        var i = from;
        for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = Vector.Load(values + i);
            var gradient = Vector.FusedMultiplyAdd(weightDecay, value, Vector.Load(gradients + i));
            Vector.FusedMultiplyAdd(negativeRate, gradient, value).Store(values + i);
        }

        for (; i < to; i++)
        {
            var gradient = MathF.FusedMultiplyAdd(update.WeightDecay, values[i], gradients[i]);
            values[i] = MathF.FusedMultiplyAdd(update.NegativeRate, gradient, values[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WithMomentum(void* argument, int worker, int from, int to)
    {
        ref readonly var update = ref *(Update*)argument;
        float* values = update.Values, gradients = update.Gradients, velocities = update.Velocities;
        var negativeRate = new Vector<float>(update.NegativeRate);
        var momentum = new Vector<float>(update.Momentum);
        var weightDecay = new Vector<float>(update.WeightDecay);
        var nesterov = update.Nesterov;
        var i = from;
        for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = Vector.Load(values + i);
            var gradient = Vector.FusedMultiplyAdd(weightDecay, value, Vector.Load(gradients + i));
            var velocity = Vector.FusedMultiplyAdd(momentum, Vector.Load(velocities + i), gradient);
            velocity.Store(velocities + i);
            var direction = nesterov ? Vector.FusedMultiplyAdd(momentum, velocity, gradient) : velocity;
            Vector.FusedMultiplyAdd(negativeRate, direction, value).Store(values + i);
        }

        for (; i < to; i++)
        {
            var gradient = MathF.FusedMultiplyAdd(update.WeightDecay, values[i], gradients[i]);
            var velocity = MathF.FusedMultiplyAdd(update.Momentum, velocities[i], gradient);
            velocities[i] = velocity;
            var direction = nesterov ? MathF.FusedMultiplyAdd(update.Momentum, velocity, gradient) : velocity;
            values[i] = MathF.FusedMultiplyAdd(update.NegativeRate, direction, values[i]);
        }
    }

    private struct Update
    {
        public float* Values;
        public float* Gradients;
        public float* Velocities;
        public float NegativeRate;
        public float Momentum;
        public float WeightDecay;
        public bool Nesterov;
    }
}
