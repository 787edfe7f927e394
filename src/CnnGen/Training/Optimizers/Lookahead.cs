using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Lookahead (Zhang, Lucas, Hinton, Ba 2019, algorithm 1) around any optimiser of the library: every so many of its steps, weights s that move slowly are pulled towards the weights w, and w goes on from
/// there:
/// <code>
/// s = s + alpha * (w - s)
/// w = s
/// </code>
/// </summary>
/// <remarks>
/// What the inner optimiser keeps (momentum) stays as it is, which is the paper's first variant. Groups may be given to either; those of the inner one count for its steps if it has
/// some. The slow weights take as much memory as the parameters.
/// </remarks>
public sealed class Lookahead : Optimizer
{
    /// <summary>Makes the optimiser. Its learning rate is the inner one's.</summary>
    /// <param name="inner">What takes the steps; it can't be within another optimiser too.</param>
    /// <param name="steps">The steps from one synchronisation to the next, 1 or more.</param>
    /// <param name="alpha">How far the slow weights go, above 0, up to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="inner"/> is within another optimiser already.</exception>
    public Lookahead(Optimizer inner, int steps = 5, double alpha = 0.5)
        : base((inner ?? throw new ArgumentNullException(nameof(inner))).LearningRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!((float)alpha is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), string.Create(CultureInfo.InvariantCulture, $"alpha is {alpha}, but must be above 0 and at most 1."));
        Inner = Adopt(inner);
        Steps = steps;
        Alpha = alpha;
    }

    /// <summary>The steps from one synchronisation to the next.</summary>
    public int Steps { get; }

    /// <summary>How far the slow weights go.</summary>
    public double Alpha { get; }

    internal override Optimizer Inner { get; }

    internal override IReadOnlyList<string> StateNames => ["slow"];

    private protected override bool Gives(Parameter parameter) => true;

    /// <summary>Without groups of its own the inner one has this one's; else these count for the slow weights alone.</summary>
    internal override bool Trains(ParameterStore parameters, int segment) => Inner.Trains(parameters, segment);

    /// <inheritdoc/>
    public override void Step(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            var state = Begin(parameters, learningRate);
            if (state.Steps == 1)
                state.TakeValues(0);
            Inner.Step(parameters, learningRate);
            if (state.Steps % Steps == 0)
                ElementwiseUpdate.Run(new Rule { Alpha = (float)Alpha }, parameters, state);
        }

        parameters.MarkChanged();
    }

    private struct Rule : IUpdateRule
    {
        public float Alpha;

        public readonly UpdateKind Kind => UpdateKind.Lookahead;

        public readonly void Write(Span<float> numbers) => numbers[0] = Alpha;

        public readonly void Set(float rate, float weightDecay)
        {
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third) =>
            value = first = Vector.FusedMultiplyAdd(new Vector<float>(Alpha), value - first, first);
    }
}
