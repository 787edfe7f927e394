namespace CnnGen.Generator.Operations.Rewrites;

/// <summary>What a target's kernels can do to an element before they store it.</summary>
internal interface IFusionRules
{
    bool CanFuse(Computation computation, Epilogue after, Tensor result);
}

/// <summary>
/// Joins operations whose intermediate tensor nobody else reads: pointwise operations with one another, and with the kernels before them; poolings that tile with convolutions.
/// </summary>
internal sealed class Fusion
{
    /// <summary>Bounds of what one kernel does to an element: more would not stay in registers.</summary>
    private const int MostOperands = 6;

    private const int MostInstructions = 48;

    private readonly IFusionRules _rules;

    private Fusion(IFusionRules rules) => _rules = rules;

    public static IReadOnlyList<Operation> Apply(IReadOnlyList<Operation> operations, IFusionRules rules, bool fusesPools)
    {
        var fusion = new Fusion(rules);
        operations = JoinPointwise(operations);
        if (fusesPools)
            operations = PoolFirst(operations);
        operations = fusion.IntoComputations(operations);
        return fusesPools ? fusion.PoolsIntoComputations(operations) : operations;
    }

    /// <summary>A chain of pointwise operations is one expression.</summary>
    private static IReadOnlyList<Operation> JoinPointwise(IReadOnlyList<Operation> operations)
    {
        var readers = new Readers(operations);
        var joined = new Dictionary<Operation, Pointwise>();
        var gone = new HashSet<Operation>();
        foreach (var operation in operations)
        {
            if (operation is not Pointwise later)
                continue;
            var current = later;
            foreach (var operand in later.Operands)
            {
                if (readers.Only(operand) != later
                    || !later.IsFull(operand)
                    || readers.Producer(operand) is not Pointwise producer
                    || producer.ForImageGradients != later.ForImageGradients)
                {
                    continue;
                }

                var earlier = joined.TryGetValue(producer, out var other) ? other : producer;
                if (Join(earlier, current) is not { } both)
                    continue;
                current = both;
                gone.Add(producer);
            }

            if (current != later)
                joined[later] = current;
        }

        return [.. operations.Where(operation => !gone.Contains(operation)).Select(operation => joined.TryGetValue(operation, out var both) ? both : operation)];
    }

    private static Pointwise? Join(Pointwise earlier, Pointwise later)
    {
        // Broadcasting looks at the shape of the result: those of both have to be alike.
        if (earlier.Result.Shape.Length != later.Result.Shape.Length)
            return null;
        List<Tensor> operands = [.. earlier.Operands, .. later.Operands];
        var expression = later.Expression.Renumber(index => later.Operands[index] == earlier.Result
            ? earlier.Expression
            : new Expression.Operand(earlier.Operands.Count + index));
        var (compact, read) = Pointwise.Compact(expression, operands);
        if (read.Count > MostOperands || compact.Size > MostInstructions)
            return null;
        var both = new Pointwise(earlier.Label, compact, read, later.Result) { ForImageGradients = later.ForImageGradients, IsBackward = later.IsBackward };
        both.DoAlso(earlier.Layers.Concat(later.Layers));
        return both;
    }

    /// <summary>A maximum of what rises is that of the maximum: there are fewer elements behind a pooling than before it.</summary>
    private static IReadOnlyList<Operation> PoolFirst(IReadOnlyList<Operation> operations)
    {
        var readers = new Readers(operations);
        var replaced = new Dictionary<Operation, IReadOnlyList<Operation>>();
        foreach (var operation in operations)
        {
            if (operation is not Pool { Function: PoolFunction.Max } pool
                || readers.Only(pool.Input) != pool
                || readers.Producer(pool.Input) is not Pointwise { Operands: [var source] } activation
                || !activation.IsFull(source)
                || activation.Expression.FitsRegisters
                || !activation.Expression.Rises()
                || pool.Tiling is null)
            {
                continue;
            }

            var pooled = new Tensor(pool.Result.Name, pool.Result.Shape, TensorRole.Image, pool.Result);
            replaced.Add(activation, []);
            replaced.Add(pool,
            [
                new Pool(pool.Label, pool.Function, pool.Window, source, pooled),
                new Pointwise(activation.Label, activation.Expression, [pooled], pool.Result),
            ]);
        }

        return [.. operations.SelectMany(operation => replaced.TryGetValue(operation, out var others) ? others : [operation])];
    }

    /// <summary>A pointwise operation behind a kernel that nothing else reads is done before the kernel stores.</summary>
    private IReadOnlyList<Operation> IntoComputations(IReadOnlyList<Operation> operations)
    {
        var readers = new Readers(operations);
        var gone = new HashSet<Operation>();
        for (var i = operations.Count - 1; i >= 0; i--)
        {
            // Of several kernels whose results are added, the last one adds: the others' are there then.
            if (operations[i] is not Computation computation
                || readers.Only(computation.Result) is not Pointwise pointwise
                || gone.Contains(pointwise)
                || pointwise.ForImageGradients != computation.ForImageGradients
                || !pointwise.IsFull(computation.Result)
                || !pointwise.Expression.FitsRegisters)
            {
                continue;
            }

            List<Tensor> others = [.. pointwise.Operands.Where(operand => operand != computation.Result)];
            if (others.Any(operand => !pointwise.IsFull(operand) || operand.Shape.IsVector != computation.ComputedShape.IsVector || !IsThere(operand, i)))
                continue;
            var each = pointwise.Expression.Renumber(index => pointwise.Operands[index] == computation.Result
                ? computation.After.Each
                : new Expression.Operand(1 + computation.After.Operands.Count + others.IndexOf(pointwise.Operands[index])));
            var after = new Epilogue(each, [.. computation.After.Operands, .. others]);
            if (!_rules.CanFuse(computation, after, pointwise.Result))
                continue;
            computation.Fuse(after, pointwise.Result, pointwise.Layers);
            gone.Add(pointwise);
        }

        return [.. operations.Where(operation => !gone.Contains(operation))];

        bool IsThere(Tensor operand, int position) =>
            readers.Producer(operand) is { } producer && readers.PositionOf(producer) < position && (producer is not LoadImage);
    }

    private IReadOnlyList<Operation> PoolsIntoComputations(IReadOnlyList<Operation> operations)
    {
        var readers = new Readers(operations);
        var gone = new HashSet<Operation>();
        foreach (var operation in operations)
        {
            if (operation is not Convolution convolution
                || convolution.After.Operands.Count > 0
                || readers.Only(convolution.Result) is not Pool { Tiling: { } tiling } pool)
            {
                continue;
            }

            var after = convolution.After with { Pool = tiling };
            if (!_rules.CanFuse(convolution, after, pool.Result))
                continue;
            convolution.Fuse(after, pool.Result, pool.Layers);
            gone.Add(pool);
        }

        return [.. operations.Where(operation => !gone.Contains(operation))];
    }
}

/// <summary>Leaves out what nobody reads.</summary>
internal static class Pruning
{
    public static IReadOnlyList<Operation> Apply(IReadOnlyList<Operation> operations)
    {
        var read = new HashSet<Tensor>();
        var kept = new List<Operation>();
        for (var i = operations.Count - 1; i >= 0; i--)
        {
            // What has no result hands something to the caller; what a parameter's gradient is added to, the optimiser reads.
            var operation = operations[i];
            var isWanted = operation.Results.Count == 0
                || operation.Results.Any(result => result.Role == TensorRole.ParameterGradient || read.Contains(result))
                || operation is Loss or BatchStatistics;
            if (!isWanted)
                continue;
            kept.Add(operation);
            read.UnionWith(operation.Inputs);
        }

        kept.Reverse();
        return kept;
    }
}
