using System.Globalization;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Changes a model's parameters by their gradients.</summary>
public abstract class Optimizer
{
    private readonly ConditionalWeakTable<ParameterStore, OptimizerState> _states = new();
    private readonly IReadOnlyList<ParameterGroup> _groups = [];
    private bool? _isOfLibrary;

    /// <summary>Makes an optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, 0 or more. A schedule scales it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is negative or not finite.</exception>
    protected Optimizer(double learningRate)
    {
        CheckRate((float)learningRate, nameof(learningRate));
        LearningRate = (float)learningRate;
    }

    /// <summary>The learning rate, which a <see cref="LearningRateSchedule"/> scales: its highest one.</summary>
    public float LearningRate { get; }

    /// <summary>
    /// Parameters that are trained otherwise than the rest: frozen, at a part of the rate, with another weight decay, after a warm-up of their own. A parameter that several groups
    /// name has what all of them say (<see cref="ParameterGroup"/>). An optimiser of one's own has to see to its groups itself; those of the library do.
    /// </summary>
    /// <exception cref="ArgumentNullException">The list, or a group of it, is null.</exception>
    public IReadOnlyList<ParameterGroup> Groups
    {
        get => _groups;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Groups));
            foreach (var group in value)
                ArgumentNullException.ThrowIfNull(group, nameof(Groups));
            _groups = [.. value];
        }
    }

    /// <summary>The optimiser that this one works within, which lends it its groups where it has none.</summary>
    internal Optimizer? Owner { get; private set; }

    /// <summary>The optimiser that works within this one; null where there is none.</summary>
    internal virtual Optimizer? Inner => null;

    /// <summary>What each of the numbers is called that are kept for a parameter between steps; null where the optimiser's state isn't the library's to save.</summary>
    internal virtual IReadOnlyList<string>? StateNames => null;

    /// <summary>Whether it has <see cref="StateNames"/>, which are made anew where they are asked for.</summary>
    internal bool IsOfLibrary => _isOfLibrary ??= StateNames != null;

    /// <summary>How many numbers are kept for a parameter within a step.</summary>
    private protected virtual int ScratchCount => 0;

    /// <summary>The default of a parameter's weight decay.</summary>
    private protected virtual double DefaultWeightDecay => 0;

    /// <summary>Changes the trained parameters once, at <see cref="LearningRate"/>.</summary>
    /// <param name="parameters">The parameters, with the gradients of a batch.</param>
    public void Step(ParameterStore parameters) => Step(parameters, LearningRate);

    /// <summary>Changes the trained parameters once, and calls <see cref="ParameterStore.MarkChanged"/> afterwards. What the optimiser remembers between steps (momentum) it keeps for each store.</summary>
    /// <param name="parameters">The parameters, with the gradients of a batch.</param>
    /// <param name="learningRate">The learning rate of this step, finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is negative or not finite.</exception>
    /// <exception cref="ArgumentException">A group of <see cref="Groups"/> names no parameter of the model.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Groups"/> freeze all that there is to train.</exception>
    public abstract void Step(ParameterStore parameters, float learningRate);

    /// <summary>What is kept for a store between steps.</summary>
    internal OptimizerState StateOf(ParameterStore parameters)
    {
        if (!_states.TryGetValue(parameters, out var state))
            return _states.GetValue(parameters, store => new OptimizerState(store, StateNames ?? [], ScratchCount, SegmentsOf(store)));
        if (state.IsRegrouped)
            state.Segments = SegmentsOf(parameters);
        return state;
    }

    /// <summary>Sees that the groups of this optimiser and of those within it suit a store, before any of them changes something.</summary>
    /// <exception cref="ArgumentException">A group names no parameter of the model.</exception>
    /// <exception cref="InvalidOperationException">Groups freeze all that there is to train.</exception>
    internal void CheckGroups(ParameterStore parameters)
    {
        for (var one = this; one is { IsOfLibrary: true }; one = one.Inner)
            _ = one.StateOf(parameters);
    }

    /// <summary>Whether the parameter of a segment is trained by this optimiser, or one within it.</summary>
    internal virtual bool Trains(ParameterStore parameters, int segment) =>
        !IsOfLibrary || !StateOf(parameters).Segments[segment].IsFrozen || (Inner?.Trains(parameters, segment) ?? false);

    /// <summary>Whether this optimiser changes a parameter itself.</summary>
    private protected virtual bool Takes(Parameter parameter) => true;

    /// <summary>Whether it hands a parameter on to the one within it.</summary>
    private protected virtual bool Gives(Parameter parameter) => !Takes(parameter);

    /// <summary>Takes an optimiser into this one.</summary>
    /// <exception cref="ArgumentException">It is within another already.</exception>
    private protected Optimizer Adopt(Optimizer inner)
    {
        if (inner.Owner != null)
            throw new ArgumentException($"This {inner.GetType().Name} is within a {inner.Owner.GetType().Name} already. Make one for each.", nameof(inner));
        inner.Owner = this;

        // What it keeps stays, but this one may take parameters from it, or lend it groups.
        for (var one = inner; one != null; one = one.Inner)
        {
            foreach (var (_, state) in one._states)
                state.IsRegrouped = true;
        }

        return inner;
    }

    /// <summary>Checks a step's arguments, counts it, and gives each segment its rate.</summary>
    private protected OptimizerState Begin(ParameterStore parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        CheckRate(learningRate, nameof(learningRate));
        CheckGroups(parameters);
        var state = StateOf(parameters);
        state.Begin(learningRate);
        return state;
    }

    private protected static void CheckRate(float value, string name)
    {
        if (!(value >= 0 && float.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number, 0 or more."));
    }

    private protected static double CheckPositive(double value, string name)
    {
        // As a float: that is what is computed with.
        if (!((float)value > 0 && float.IsFinite((float)value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number above 0."));
        return value;
    }

    private protected static double CheckNotNegative(double value, string name)
    {
        CheckRate((float)value, name);
        return value;
    }

    private protected static double CheckPart(double value, string name)
    {
        if (!((float)value is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be at least 0 and less than 1."));
        return value;
    }

    /// <summary>Whether all optimisers around this one hand a parameter on.</summary>
    private bool IsGiven(Parameter parameter) => Owner == null || (Owner.Gives(parameter) && Owner.IsGiven(parameter));

    private ParameterSegment[] SegmentsOf(ParameterStore parameters)
    {
        var source = this;
        while (source._groups.Count == 0 && source.Owner != null)
            source = source.Owner;
        return ParameterSegment.Of(parameters, source._groups, DefaultWeightDecay, parameter => !Takes(parameter) || !IsGiven(parameter));
    }
}
