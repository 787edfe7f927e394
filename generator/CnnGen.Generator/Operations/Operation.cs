namespace CnnGen.Generator.Operations;

/// <summary>
/// One step of a pass, without a target: what layers lower to, and what rewrites work on. An operation says what it reads and what it computes; how that lies in memory, in which
/// loops and with which instructions is a target's to decide.
/// </summary>
/// <param name="label">The layer that it does the work of.</param>
internal abstract class Operation(string label)
{
    private readonly List<string> _layers = [label];

    /// <summary>The layer whose work it does first: what emitted code names it by.</summary>
    public string Label => _layers[0];

    /// <summary>All layers that it does the work of.</summary>
    public IReadOnlyList<string> Layers => _layers;

    public abstract IReadOnlyList<Tensor> Inputs { get; }

    public abstract IReadOnlyList<Tensor> Results { get; }

    /// <summary>Whether it belongs to the backward pass.</summary>
    public bool IsBackward { get; set; }

    /// <summary>Whether it only matters to the gradient by the images, which a caller may not ask for.</summary>
    public bool ForImageGradients { get; set; }

    /// <summary>Whether it only matters to the scores, which a training step's caller may not ask for.</summary>
    public bool ForScores { get; init; }

    /// <summary>Adds the operations that compute the gradients by its inputs.</summary>
    public virtual void Differentiate(Differentiation to) =>
        throw new InvalidOperationException($"{GetType().Name} has no derivative.");

    /// <summary>Takes over the work of other layers.</summary>
    public void DoAlso(IEnumerable<string> layers) => _layers.AddRange(layers.Except(_layers).ToList());

    /// <summary>What it does beside computing its layers: <c>loss of </c>.</summary>
    protected virtual string Work => "";

    /// <summary>As emitted code says beside its calls: <c>Conv1, ReLU1: 1x28x28 -> 6x28x28</c>.</summary>
    public string Description
    {
        get
        {
            var layers = (IsBackward ? "gradient of " : Work) + string.Join(", ", Layers);
            var input = Inputs.FirstOrDefault(tensor => tensor.IsImage);
            var result = Results.FirstOrDefault(tensor => tensor.IsImage);
            return input is null || result is null ? layers : $"{layers}: {input.Shape} -> {result.Shape}";
        }
    }

    public override string ToString() => $"{GetType().Name} {Label}: {string.Join(", ", Inputs)} -> {string.Join(", ", Results)}";
}

/// <summary>A pooling whose windows tile what a kernel computes: it is taken before anything is stored.</summary>
/// <param name="Function">What it computes; the windows have no padding, so both averages are one.</param>
/// <param name="Size">The windows' size, which is their stride too.</param>
internal readonly record struct TilingPool(PoolFunction Function, Size2 Size)
{
    public int Count => Size.Height * Size.Width;

    public override string ToString() => $"{(Function == PoolFunction.Max ? "max" : "average")} pooling {Size}";
}

/// <summary>
/// What a kernel does to each element that it has computed before it stores it: an expression, and then a pooling that tiles.
/// </summary>
/// <param name="Each">Of operand 0, which is what was computed, and of the elements at the same place of the operands, from 1.</param>
/// <param name="Operands">Further tensors of the result's shape.</param>
/// <param name="Pool">The pooling; without further operands.</param>
internal sealed record Epilogue(Expression Each, IReadOnlyList<Tensor> Operands, TilingPool? Pool = null)
{
    public static Epilogue None { get; } = new(Expression.X, []);

    public bool IsNone => Each == Expression.X && Pool is null;
}

/// <summary>An operation of one tensor that gives one tensor, and whose gradient is one operation.</summary>
internal abstract class Mapping(string label, Tensor input, Tensor result) : Operation(label)
{
    public Tensor Input { get; } = input;

    public Tensor Result { get; } = result;

    public sealed override IReadOnlyList<Tensor> Inputs => [Input];

    public sealed override IReadOnlyList<Tensor> Results => [Result];

    public sealed override void Differentiate(Differentiation to)
    {
        if (to.Of(Result) is not { } gradient || !to.Reaches(Input))
            return;
        var result = to.NewGradient(Input);
        to.Add(GradientBy(gradient, result), Input);
        to.Contribute(Input, result);
    }

    /// <summary>What computes the gradient by the input from that by the result.</summary>
    protected abstract Operation GradientBy(Tensor gradient, Tensor result);
}

/// <summary>An operation whose kernel can do more to each element before it stores it.</summary>
internal abstract class Computation(string label, Tensor result) : Operation(label)
{
    public Tensor Result { get; private set; } = result;

    public Epilogue After { get; private set; } = Epilogue.None;

    public sealed override IReadOnlyList<Tensor> Results => [Result];

    public sealed override IReadOnlyList<Tensor> Inputs => [.. Sources, .. After.Operands];

    /// <summary>What it computes from, the epilogue's operands aside.</summary>
    public abstract IReadOnlyList<Tensor> Sources { get; }

    /// <summary>The channels of what it computes, before a pooling.</summary>
    public abstract TensorShape ComputedShape { get; }

    /// <summary>Computes what a later operation would have made of the result.</summary>
    public void Fuse(Epilogue after, Tensor result, IEnumerable<string> layers)
    {
        (After, Result) = (after, result);
        DoAlso(layers);
    }
}
