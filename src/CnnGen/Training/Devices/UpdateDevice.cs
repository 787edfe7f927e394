namespace CnnGen.Runtime;

/// <summary>
/// The memory of a device that has a store's parameters, and what is done to it between two batches' gradients: an optimiser's step, clipping, accumulation, an average. Optimisers don't know it: where their numbers lie on one,
/// <see cref="ElementwiseUpdate"/> and <see cref="OptimizerState"/> hand each operation on to it.
/// </summary>
internal abstract class UpdateDevice
{
    /// <summary>The numbers of a parameter that an update has: what its rule writes, and whether the parameter is frozen.</summary>
    public const int Numbers = 12;

    /// <summary>The place of the last of them, 1 of a parameter that is frozen and 0 of others.</summary>
    public const int Frozen = Numbers - 1;

    private readonly List<MovableFloats> _residents = [];

    /// <summary>The store's version when its numbers and the device's were last made alike.</summary>
    public long Version { get; set; } = -1;

    /// <summary>Whether the device has taken steps since, which the store doesn't have.</summary>
    public bool IsAhead { get; set; }

    /// <summary>Whether it has failed: what lay there is gone.</summary>
    public abstract bool IsLost { get; }

    /// <summary>Its name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>All parameters, the trained ones first.</summary>
    public abstract DeviceFloats Values { get; }

    /// <summary>The gradients of the trained ones.</summary>
    public abstract DeviceFloats Gradients { get; }

    /// <summary>Memory for a number beside each parameter, zeroed.</summary>
    /// <param name="hasStatistics">Whether beside running statistics too, or beside trained parameters alone.</param>
    public abstract DeviceFloats Allocate(bool hasStatistics);

    /// <summary>One pass over weights, gradients and what is kept beside them.</summary>
    /// <param name="kind">What is done to each.</param>
    /// <param name="numbers">For each trained parameter, in the order of the store's memory, <see cref="Numbers"/> numbers.</param>
    /// <param name="first">The first number that is kept for each; null where none is.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    public abstract void Update(UpdateKind kind, ReadOnlySpan<float> numbers, DeviceFloats? first, DeviceFloats? second, DeviceFloats? third);

    /// <summary>Sums of squares, one for each trained parameter in the order of the store's memory, in a fixed order.</summary>
    /// <param name="values">Numbers beside trained parameters.</param>
    public abstract double[] SumSquares(DeviceFloats values);

    /// <summary>Multiplies all gradients.</summary>
    public abstract void ScaleGradients(float factor);

    /// <summary>Brings each gradient to [-bound, bound].</summary>
    public abstract void ClipGradients(float bound);

    /// <summary>Adds a part of the gradients to sums.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="part">What gradients are multiplied by.</param>
    /// <param name="isFirst">Whether the sums are nothing yet.</param>
    public abstract void AddGradients(DeviceFloats sums, float part, bool isFirst);

    /// <summary>average += part * (values - average), over all parameters.</summary>
    public abstract void Average(DeviceFloats average, float part);

    /// <summary>Muon's step for one matrix whose momentum is up to date: takes rate times its orthogonalised direction off it.</summary>
    /// <param name="segment">The parameter, in the order of the store's memory.</param>
    /// <param name="momentum">The momenta.</param>
    /// <param name="part">What of the momentum is in the direction; the rest is the gradient's.</param>
    /// <param name="iterations">Newton-Schulz steps.</param>
    /// <param name="shrinking">What the weights are multiplied by first.</param>
    /// <param name="rate">The rate.</param>
    public abstract void Orthogonalize(int segment, DeviceFloats momentum, float part, int iterations, float shrinking, float rate);

    /// <summary>Takes one step of an optimiser there.</summary>
    /// <exception cref="NotSupportedException">The optimiser is none of the library's.</exception>
    public void Step(Optimizer optimizer, ParameterStore parameters, float learningRate)
    {
        Check(optimizer);
        using (parameters.Hold())
        {
            for (var one = optimizer; one != null; one = one.Inner)
                one.StateOf(parameters).Enter(this);
            try
            {
                optimizer.Step(parameters, learningRate);
            }
            finally
            {
                for (var one = optimizer; one != null; one = one.Inner)
                    one.StateOf(parameters).Leave();

                // The step has marked the store, whose numbers are still those of before.
                (Version, IsAhead) = (parameters.Version, true);
                ParametersChanged();
            }
        }
    }

    /// <summary>Sees that an optimiser's steps can be taken on a device.</summary>
    /// <exception cref="NotSupportedException">It is none of the library's.</exception>
    public void Check(Optimizer optimizer)
    {
        for (var one = optimizer; one != null; one = one.Inner)
        {
            if (!one.IsOfLibrary)
            {
                throw new NotSupportedException(
                    $"{one.GetType().Name} is no optimiser of the library's, and changes parameters on the CPU, but they are on {Name}. What takes its steps there: "
                        + "Sgd, Adagrad, RmsProp, Adam, AdamW, Nadam, Lion, Lars, Lamb, Muon, Lookahead.");
            }
        }
    }

    /// <summary>Brings home all that lies on the device, before its memory is freed.</summary>
    public void BringHome()
    {
        foreach (var resident in _residents.ToArray())
            resident.BringHome();
    }

    /// <summary>What predictions there have made of the parameters has to be made anew.</summary>
    protected abstract void ParametersChanged();

    internal void Add(MovableFloats resident) => _residents.Add(resident);

    internal void Remove(MovableFloats resident) => _residents.Remove(resident);
}

/// <summary>A number beside each parameter, on a device.</summary>
internal abstract class DeviceFloats : IDisposable
{
    /// <summary>Copies numbers that lie as the store's do to the device.</summary>
    public abstract void Upload(ReadOnlySpan<float> numbers);

    /// <summary>Copies them back.</summary>
    public abstract void Download(Span<float> numbers);

    /// <summary>Takes the numbers of others on the same device.</summary>
    public abstract void CopyFrom(DeviceFloats other);

    /// <summary>Frees the memory.</summary>
    public abstract void Dispose();
}
