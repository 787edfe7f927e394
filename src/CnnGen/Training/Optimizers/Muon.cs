using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"), by the rule and with the defaults of PyTorch's <c>torch.optim.Muon</c> (2.9). A tensor of two
/// dimensions or more is a matrix w of filters x rest; with its gradient g, momentum m and rate r:
/// <code>
/// m = momentum * m + (1 - momentum) * g
/// u = (1 - momentum) * g + momentum * m        or, without Nesterov's variant:  u = m
/// o = u with all singular values brought to about 1, by iterations of Newton and Schulz
/// w = w * (1 - r * weightDecay) - r * s * o    s = sqrt(max(1, filters / rest)), or 0.2 * sqrt(max(filters, rest)) to match AdamW's steps
/// </code>
/// The iteration, from x = u / max(|u|, 1e-7), transposed where it has more rows than columns: a = x x', x = 3.4445 x + (-4.7750 a + 2.0315 a a) x.
/// </summary>
/// <remarks>
/// What is no matrix (biases, norms) goes to an inner optimiser, whose rate moves with this one's by the schedule. PyTorch's takes matrices alone and iterates in 16 bits; here a
/// convolution's kernels are matrices too, and all is done in 32 bits. Groups may be given to either; those of this one count for both where the inner one has none. The momentum
/// takes as much memory as the parameters, beside what the inner optimiser keeps. The result is the same bits for every number of threads and on every machine.
/// </remarks>
public sealed class Muon : Optimizer
{
    /// <summary>Makes the optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, above 0.</param>
    /// <param name="momentum">The part of the momentum that is left after a step, in [0, 1).</param>
    /// <param name="nesterov">Whether to look ahead.</param>
    /// <param name="weightDecay">Times the rate, the part of a weight that a step takes off it; finite, 0 or more.</param>
    /// <param name="iterations">The iterations of Newton and Schulz, from 1 to 99.</param>
    /// <param name="matchAdamW">Whether steps are as long as AdamW's, so that its rate and weight decay suit.</param>
    /// <param name="inner">Trains what is no matrix; null is <c>new AdamW()</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="inner"/> is within another optimiser already, or not one of the library's, which alone can leave matrices to this one.</exception>
    public Muon(
        double learningRate = 1e-3,
        double momentum = 0.95,
        bool nesterov = true,
        double weightDecay = 0.1,
        int iterations = 5,
        bool matchAdamW = false,
        Optimizer? inner = null)
        : base(CheckPositive(learningRate, nameof(learningRate)))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, 99);
        Momentum = CheckPart(momentum, nameof(momentum));
        Nesterov = nesterov;
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
        Iterations = iterations;
        MatchAdamW = matchAdamW;
        inner ??= new AdamW();
        for (var one = inner; one != null; one = one.Inner)
        {
            if (!one.IsOfLibrary)
                throw new ArgumentException($"{one.GetType().Name} is no optimiser of the library's: it would change matrices too. Give one of these.", nameof(inner));
        }

        Inner = Adopt(inner);
    }

    /// <summary>The part of the momentum that is left after a step.</summary>
    public double Momentum { get; }

    /// <summary>Whether a step looks ahead.</summary>
    public bool Nesterov { get; }

    /// <summary>Times the rate, the part of a weight that a step takes off it.</summary>
    public double WeightDecay { get; }

    /// <summary>The iterations of Newton and Schulz.</summary>
    public int Iterations { get; }

    /// <summary>Whether steps are as long as AdamW's.</summary>
    public bool MatchAdamW { get; }

    internal override Optimizer Inner { get; }

    internal override IReadOnlyList<string> StateNames => ["momentum_buffer"];

    private protected override double DefaultWeightDecay => WeightDecay;

    private protected override bool Takes(Parameter parameter) => parameter.IsMatrix;

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            CheckRate(learningRate, nameof(learningRate));
            var innerRate = (float)((double)Inner.LearningRate * learningRate / LearningRate);
            CheckRate(innerRate, nameof(learningRate));
            var state = Begin(parameters, learningRate);
            ElementwiseUpdate.Run(new Rule { Momentum = (float)Momentum, Rest = (float)(1 - Momentum) }, parameters, state);
            for (var i = 0; i < state.Segments.Length; i++)
            {
                var segment = state.Segments[i];
                if (segment.IsFrozen)
                    continue;
                var (rows, columns) = Orthogonalizer.Size(state.Trained[i]);
                var scale = MatchAdamW ? 0.2 * Math.Sqrt(Math.Max(rows, columns)) : Math.Sqrt(Math.Max(1, rows / (double)columns));
                Move(i, parameters, state, (float)(1 - ((double)segment.Rate * segment.WeightDecay)), (float)(segment.Rate * scale));
            }

            Inner.Step(parameters, innerRate);
        }

        parameters.MarkChanged();
    }

    /// <summary>Takes a matrix's orthogonalised direction off it.</summary>
    private void Move(int matrix, ParameterStore parameters, OptimizerState state, float shrinking, float rate)
    {
        var part = Nesterov ? (float)Momentum : 1;
        if (state.Device is { } device)
        {
            device.Orthogonalize(matrix, state.OnDevice(0)!, part, Iterations, shrinking, rate);
            return;
        }

        var workspace = state.Workspace as Orthogonalizer ?? new Orthogonalizer(parameters);
        state.Workspace = workspace;
        workspace.Load(matrix, state[0], part);
        workspace.Iterate(Iterations);
        workspace.Apply(matrix, shrinking, rate);
    }

    private struct Rule : IUpdateRule
    {
        public float Momentum;
        public float Rest;

        public readonly UpdateKind Kind => UpdateKind.MuonMomentum;

        public readonly void Write(Span<float> numbers) => (numbers[0], numbers[1]) = (Momentum, Rest);

        public readonly void Set(float rate, float weightDecay)
        {
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third) =>
            first = Vector.FusedMultiplyAdd(new Vector<float>(Momentum), first, new Vector<float>(Rest) * gradient);
    }
}
