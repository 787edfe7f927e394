using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private void PlanProduct(Product product)
    {
        var weights = Weights(product.Weight, product.Bias, product.Norm, packing =>
        {
            var blocks = LaneBlocks.ForRows(product.Units, product.Input.Shape.Channels);
            return new FoldWeightsKernel(blocks.BlockCount, packing.Length / blocks.TotalLanes, blocks.BlockLanes);
        });
        var depth = product.Input.Shape.Channels;
        var result = Write(product.Result);
        var kernel = new ProductKernel(
            depth,
            LaneBlocks.ForRows(product.Units, depth),
            StorageOf(product.Input).Length,
            StorageOf(product.Result).Length,
            EpilogueOf(product.After, weights.HasBias));
        Multiply(kernel, [Read(product.Input), .. weights.Arguments, result, .. OperandsOf(product.After)]);
    }

    private void PlanInputGradient(ProductInputGradient gradient)
    {
        var (units, depth) = (gradient.Gradient.Shape.Channels, gradient.Input.Shape.Channels);
        var target = WeightPacking.Dense(depth, units, [new Digit(units, 1)]);
        var source = WeightPacking.Dense(units, depth, [new Digit(depth, 1)]);
        var transposed = Transposed(new TransposeWeightsKernel(source, target, 1, units, depth, false), gradient.Weight, target.Length);
        var result = Write(gradient.Result);
        Multiply(
            new ProductKernel(
                units,
                LaneBlocks.ForRows(depth, units),
                StorageOf(gradient.Gradient).Length,
                StorageOf(gradient.Result).Length,
                EpilogueOf(gradient.After, false)),
            [Read(gradient.Gradient), transposed, result, .. OperandsOf(gradient.After)]);
    }

    private void PlanWeightGradient(ProductWeightGradient gradient)
    {
        var (units, depth) = (gradient.Gradient.Shape.Channels, gradient.Input.Shape.Channels);
        var isFirst = _summed.Add(gradient.Result);
        var kernel = new ProductWeightGradientKernel(
            depth, LaneBlocks.ForRows(units, depth), StorageOf(gradient.Input).Length, StorageOf(gradient.Gradient).Length, Adds: !isFirst);
        _program.AtEnd(new Region.Units(
            Once(kernel, Read(gradient.Input), Read(gradient.Gradient), Read(gradient.Result), new Argument.Value(RunTimeValue.Count))));
    }

    private void PlanBiasGradient(ProductBiasGradient gradient)
    {
        var isFirst = _summed.Add(gradient.Result);
        _program.AtEnd(new Region.Once([
            Once(
                new RowSumKernel(StorageOf(gradient.Gradient).Length, Adds: !isFirst),
                Read(gradient.Gradient),
                Read(gradient.Result),
                new Argument.Value(RunTimeValue.Count))]));
    }

    /// <summary>The parameters' gradients that something has been stored in.</summary>
    private readonly HashSet<Tensor> _summed = [];

    /// <summary>
    /// A product over all rows of the chunk at once, or, where its weights are many, over all rows of the batch: they then are read once for all.
    /// </summary>
    private void Multiply(ProductKernel kernel, Argument[] arguments)
    {
        if (kernel.IsWide)
            _program.Whole(new Region.Units(StepOf(StepScope.Rows, new Call(kernel, [.. arguments, new Argument.Value(RunTimeValue.Count)]))));
        else
            _program.Add(StepOf(StepScope.Rows, new Call(kernel, [.. arguments, new Argument.Value(RunTimeValue.Rows)])));
    }

    /// <summary>What a kernel multiplies by and adds.</summary>
    private readonly record struct LayerWeights(Argument Weight, Argument? Bias)
    {
        public bool HasBias => Bias is not null;

        public Argument[] Arguments => Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>The layer's parameters, or, where a batch norm is folded into them, what follows from both: computed once for each change of the parameters.</summary>
    private LayerWeights Weights(Tensor weight, Tensor? bias, FoldedNorm? norm, Func<PackedWeights, FoldWeightsKernel> fold)
    {
        if (norm is null)
            return new LayerWeights(Read(weight), bias is null ? null : Read(bias));
        var (scales, shifts) = PlanRunningCoefficients(norm, bias);
        var packing = _parameters[(ParameterTensor)weight].Packing!;
        var folded = new Argument.Buffer(_program.Buffer(Name + "Folded", packing.Length, BufferKind.Shared));
        Prepare(fold(packing), Read(weight), scales, folded);
        return new LayerWeights(folded, shifts);
    }
}
