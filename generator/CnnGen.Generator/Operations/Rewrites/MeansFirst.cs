namespace CnnGen.Generator.Operations.Rewrites;

/// <summary>
/// The mean of what a 1x1 convolution computes is what it computes of the mean, bias included, since both are linear: where nobody else reads its result, the convolution has as many
/// times fewer pixels to work on as the pooling leaves out (DenseNet's transitions: a quarter is left).
/// </summary>
internal sealed class MeansFirst
{
    /// <summary>With fewer filters the convolution costs no more than the pooling of what it reads.</summary>
    private const int LeastFilters = 16;

    /// <summary>By the pooling's result, the mean that the convolution reads.</summary>
    private readonly Dictionary<Tensor, Tensor> _means = [];

    /// <param name="operations">All operations of the network: a pass that leaves readers out exchanges no more than the others.</param>
    public MeansFirst(IReadOnlyList<Operation> operations)
    {
        foreach (var (convolution, pool) in Pairs(operations))
        {
            var (channels, pooled) = (convolution.Input.Shape.Channels, pool.Result.Shape);
            _means.Add(pool.Result, new Tensor(pool.Result.Name + "OfInput", TensorShape.Map(channels, pooled.Height, pooled.Width)));
        }
    }

    /// <summary>The operations with the poolings before the convolutions.</summary>
    public IReadOnlyList<Operation> Apply(IReadOnlyList<Operation> operations) => Exchange(operations, keepsBoth: false);

    /// <summary>The operations in both orders: a pass that wants what the convolution computes has the one of the declaration.</summary>
    public IReadOnlyList<Operation> WithBoth(IReadOnlyList<Operation> operations) => Exchange(operations, keepsBoth: true);

    private IReadOnlyList<Operation> Exchange(IReadOnlyList<Operation> operations, bool keepsBoth)
    {
        var replaced = new Dictionary<Operation, IReadOnlyList<Operation>>();
        foreach (var (convolution, pool) in Pairs(operations))
        {
            if (!_means.TryGetValue(pool.Result, out var mean))
                continue;
            IReadOnlyList<Operation> declared = keepsBoth ? [convolution, pool] : [];
            replaced.Add(convolution, []);
            replaced.Add(pool,
            [
                .. declared,
                new Pool(pool.Label, pool.Function, pool.Window, convolution.Input, mean),
                new Convolution(convolution.Label, convolution.Spec, mean, convolution.Weight, convolution.Bias, pool.Result),
            ]);
        }

        return replaced.Count == 0 ? operations
            : [.. operations.SelectMany(operation => replaced.TryGetValue(operation, out var others) ? others : [operation])];
    }

    private static IEnumerable<(Convolution Convolution, Pool Pool)> Pairs(IReadOnlyList<Operation> operations)
    {
        var readers = new Readers(operations);
        foreach (var operation in operations)
        {
            if (operation is Pool pool
                && IsMean(pool)
                && readers.Only(pool.Input) == pool
                && readers.Producer(pool.Input) is Convolution { Spec: { Groups: 1, Filters: >= LeastFilters, Window: var window } } convolution
                && window.Kernel == Size2.One
                && window.Stride == Size2.One
                && window.Padding == Padding.None)
            {
                yield return (convolution, pool);
            }
        }
    }

    /// <summary>Whether it is a mean of elements of the map alone (zeros beside it would count less bias) that leaves at most half of the pixels.</summary>
    private static bool IsMean(Pool pool) =>
        pool.Function != PoolFunction.Max
        && pool.Window.Padding == Padding.None
        && (pool.Function == PoolFunction.AverageInside || pool.Window.Rounding != Rounding.Ceiling)
        && 2 * pool.Result.Shape.Length <= pool.Input.Shape.Length;
}
