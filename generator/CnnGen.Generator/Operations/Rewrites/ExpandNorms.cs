namespace CnnGen.Generator.Operations.Rewrites;

/// <summary>Makes of batch norms what a pass computes by its statistics.</summary>
internal static class ExpandNorms
{
    /// <summary>
    /// By running statistics a norm is factors and addends that follow from parameters. Where a convolution or a product stands alone before it, they become part of its weights and bias.
    /// </summary>
    /// <param name="operations">The pass.</param>
    /// <param name="folds">False where the pass is to be differentiated: a convolution of folded weights has no gradient of its own.</param>
    public static IReadOnlyList<Operation> ByRunningStatistics(IReadOnlyList<Operation> operations, bool folds = true)
    {
        if (!operations.Any(operation => operation is BatchNormalization))
            return operations;
        var readers = new Readers(operations);
        var results = new List<Operation>();
        foreach (var operation in operations)
        {
            if (operation is not BatchNormalization norm)
            {
                results.Add(operation);
                continue;
            }

            var folded = Folded(norm);
            var before = folds && readers.Only(norm.Input) == norm ? readers.Producer(norm.Input) : null;
            switch (before)
            {
                case Convolution { Norm: null } convolution:
                    convolution.Fold(folded, norm.Result);
                    break;
                case Product { Norm: null } product:
                    product.Fold(folded, norm.Result);
                    break;
                default:
                    results.AddRange(WithoutFolding(norm, folded));
                    break;
            }
        }

        return results;
    }

    /// <summary>By the batch's statistics, which depend on the input; by running ones where the norm is frozen.</summary>
    public static IReadOnlyList<Operation> ByBatchStatistics(IReadOnlyList<Operation> operations) =>
    [
        .. operations.SelectMany(operation =>
        {
            if (operation is not BatchNormalization norm)
                return (IReadOnlyList<Operation>)[operation];
            if (norm.Statistics == Statistics.Running)
                return WithoutFolding(norm, Folded(norm));
            var coefficients = new BatchCoefficients(
                Channels(norm, "Means", TensorRole.WideChannels),
                Channels(norm, "InverseDeviations", TensorRole.WideChannels),
                Channels(norm, "Scales"),
                Channels(norm, "Shifts"));
            return
            [
                new BatchStatistics(norm.Label, norm.Input, norm.Parameters, coefficients),
                new BatchNormalized(norm.Label, norm.Input, norm.Parameters, coefficients, norm.Result),
            ];
        }),
    ];

    /// <summary>Once gradients are made, normalising by given statistics is factors and addends.</summary>
    public static IReadOnlyList<Operation> AsPointwise(IReadOnlyList<Operation> operations) =>
    [
        .. operations.Select(operation => operation is BatchNormalized norm
            ? new Pointwise(norm.Label, BatchNormalized.Expression, norm.Inputs, norm.Result)
            : operation),
    ];

    private static FoldedNorm Folded(BatchNormalization norm) => new(norm.Label, norm.Parameters, Channels(norm, "Scales"), Channels(norm, "Shifts"));

    private static IReadOnlyList<Operation> WithoutFolding(BatchNormalization norm, FoldedNorm folded) =>
    [
        new RunningCoefficients(norm.Label, folded),
        new Pointwise(norm.Label, BatchNormalized.Expression, [norm.Input, folded.Scales, folded.Shifts], norm.Result),
    ];

    private static Tensor Channels(BatchNormalization norm, string part, TensorRole role = TensorRole.Channels) =>
        new(Tensor.NameOf(norm.Label) + part, TensorShape.Vector(norm.Input.Shape.Channels), role);
}
