namespace CnnGen.Generator.Operations;

/// <summary>
/// Makes the backward pass: walks the operations backwards and lets each add those that compute its inputs' gradients. What several readers contribute to a gradient is added in the
/// order in which their operations come here, which is fixed, so that the sum has the same bits on any number of threads.
/// </summary>
internal sealed class Differentiation
{
    private readonly IReadOnlyList<Operation> _forward;
    private readonly Dictionary<Tensor, Operation> _producers = [];
    private readonly Dictionary<Tensor, int> _readers = [];
    private readonly Dictionary<Tensor, List<Tensor>> _contributions = [];
    private readonly Dictionary<Tensor, Tensor?> _sums = [];
    private readonly Dictionary<Tensor, Tensor> _parameterGradients = [];
    private readonly HashSet<Tensor> _fromParameters = [];
    private readonly HashSet<Tensor> _fromImage = [];
    private readonly HashSet<Operation> _passedThrough = [];
    private readonly List<Operation> _backward = [];

    private Differentiation(IReadOnlyList<Operation> forward, Gradients wanted)
    {
        (_forward, Wanted) = (forward, wanted);
        foreach (var operation in forward)
        {
            foreach (var result in operation.Results)
                _producers[result] = operation;
            foreach (var input in operation.Inputs.Distinct())
                _readers[input] = _readers.TryGetValue(input, out var count) ? count + 1 : 1;
            if (operation is LoadImage)
                _fromImage.UnionWith(operation.Results);
            if (operation.Inputs.Any(input => _fromImage.Contains(input)))
                _fromImage.UnionWith(operation.Results);
            if (operation.Inputs.Any(input => Trains(input) || _fromParameters.Contains(input)))
                _fromParameters.UnionWith(operation.Results);
        }
    }

    public Gradients Wanted { get; }

    /// <summary>The operations with those of the backward pass after them.</summary>
    public static IReadOnlyList<Operation> Of(IReadOnlyList<Operation> forward, Gradients wanted)
    {
        var differentiation = new Differentiation(forward, wanted);
        for (var i = forward.Count - 1; i >= 0; i--)
            forward[i].Differentiate(differentiation);
        return [.. forward, .. differentiation._backward];
    }

    /// <summary>Whether anybody wants a tensor's gradient, for its own sake or for that of what it depends on.</summary>
    public bool Reaches(Tensor tensor) => _fromParameters.Contains(tensor) || (Wanted.Image && _fromImage.Contains(tensor));

    public bool Trains(Tensor tensor) => Wanted.Parameters && tensor is ParameterTensor { Spec.IsTrained: true };

    /// <summary>The gradient by a tensor, with what all its readers contribute; null where it has none.</summary>
    public Tensor? Of(Tensor tensor)
    {
        if (_sums.TryGetValue(tensor, out var known))
            return known;
        Tensor? sum = null;
        if (_contributions.TryGetValue(tensor, out var contributions))
        {
            sum = contributions[0];
            if (contributions.Count > 1)
            {
                var expression = Enumerable.Range(1, contributions.Count - 1)
                    .Aggregate(Expression.X, (total, i) => new Expression.Add(total, new Expression.Operand(i)));
                sum = NewGradient(tensor, "Sum");
                Add(Pointwise.Compact(LabelOf(tensor), expression, contributions, sum), tensor);
            }
        }

        _sums.Add(tensor, sum);
        return sum;
    }

    /// <summary>A further part of a tensor's gradient.</summary>
    public void Contribute(Tensor to, Tensor gradient)
    {
        if (!_contributions.TryGetValue(to, out var contributions))
            _contributions.Add(to, contributions = []);
        contributions.Add(gradient);
    }

    public Tensor NewGradient(Tensor of, string suffix = "") => new(of.Name + "Gradient" + suffix, of.Shape, TensorRole.Image, of);

    /// <summary>Adds an operation of the backward pass.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="of">The tensor whose gradient it serves, or null where it serves a parameter's.</param>
    public void Add(Operation operation, Tensor? of)
    {
        operation.ForImageGradients |= !Wanted.IsKept && of is not null && !_fromParameters.Contains(of);
        operation.IsBackward = true;
        _backward.Add(operation);
    }

    /// <summary>The gradient by a parameter, which all its readers add to.</summary>
    public Tensor ParameterGradient(Tensor parameter)
    {
        if (!_parameterGradients.TryGetValue(parameter, out var gradient))
            _parameterGradients.Add(parameter, gradient = new Tensor(parameter.Name + "Gradient", parameter.Shape, TensorRole.ParameterGradient, parameter));
        return gradient;
    }

    public void AddParameterGradient(Tensor parameter, Func<Tensor, Operation> operation)
    {
        if (Trains(parameter))
            Add(operation(ParameterGradient(parameter)), null);
    }

    /// <summary>
    /// The derivative, written with the result, of the activation that alone computes what a maximum alone reads, and the activation's operand; the activation's own gradient
    /// then needs no computing. Null where there is no such activation.
    /// </summary>
    public (Expression Derivative, Tensor Source)? ThroughMaximum(Tensor pooled)
    {
        if (_readers[pooled] != 1
            || !_producers.TryGetValue(pooled, out var producer)
            || producer is not Pointwise { Operands: [var source] } activation
            || !activation.IsFull(source)
            || activation.Expression.ByResult() is not { } derivative
            || !Reaches(source))
        {
            return null;
        }

        _passedThrough.Add(activation);
        return (derivative, source);
    }

    /// <summary>Whether the gradient has been passed to an activation's operand already.</summary>
    public bool WasPassedThrough(Operation activation) => _passedThrough.Contains(activation);

    public string LabelOf(Tensor tensor) => _producers.TryGetValue(tensor, out var producer) ? producer.Label : _forward[0].Label;
}

/// <summary>Which gradients a pass wants.</summary>
/// <param name="Image">Those by the image.</param>
/// <param name="Parameters">Those by the parameters that train.</param>
internal sealed record Gradients(bool Image, bool Parameters = true)
{
    /// <summary>Whether gradients by what layers compute, the image's among them, are kept for whoever asks, and pass rectifiers by rules.</summary>
    public bool IsKept { get; init; }
}
