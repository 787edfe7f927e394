using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>What the kernels of this target can do before they store: expressions on registers over tensors that lie as the result does, and poolings that tile.</summary>
internal sealed class FusionRules(TensorLayout layout) : IFusionRules
{
    private const int MostOperands = 3;

    public bool CanFuse(Computation computation, Epilogue after, Tensor result) =>
        after.Each.FitsRegisters
        && after.Operands.Count <= MostOperands
        && after.Operands.All(operand => layout.StorageOf(operand) == layout.StorageOf(result))
        && (AtZeros(after.Each) == 0 || !HasUnusedLanes(layout.StorageOf(result)))
        && computation switch
        {
            Convolution convolution => LiesAs(layout.FormOf(convolution.Weight).Form, result)
                && (after.Pool is not { } pool || CanPool(convolution, pool)),
            ConvolutionInputGradient gradient => layout.FormOf(gradient.Weight).Form is var form
                && form != ConvolutionForm.Depthwise
                && !PassPlanner.IsByColumns(gradient.Spec, form)
                && layout.StorageOf(result).Kind == layout.FormOf(gradient.Weight).Input,
            Product or ProductInputGradient => after.Pool is null && layout.StorageOf(result).Length == layout.StorageOf(computation.Result).Length,
            _ => false,
        };

    /// <summary>
    /// Whether pixels or vectors have lanes without a channel. They are zeros and have to stay so: a gradient may take the place of what is computed, and where
    /// a transposed convolution reads a map,
    /// the gradient by its weights takes the map's lanes for a gradient's.
    /// </summary>
    private static bool HasUnusedLanes(Storage storage) => storage.Kind != StorageKind.Planar && storage.Channels % Storage.Lanes != 0;

    /// <summary>What an expression on registers makes of zeros.</summary>
    private static double AtZeros(Expression expression) => expression switch
    {
        Expression.Constant e => e.Value,
        Expression.Add e => AtZeros(e.Left) + AtZeros(e.Right),
        Expression.Subtract e => AtZeros(e.Left) - AtZeros(e.Right),
        Expression.Multiply e => AtZeros(e.Left) * AtZeros(e.Right),
        Expression.MultiplyAdd e => (AtZeros(e.Left) * AtZeros(e.Right)) + AtZeros(e.Addend),
        Expression.Maximum e => Math.Max(AtZeros(e.Left), AtZeros(e.Right)),
        Expression.Minimum e => Math.Min(AtZeros(e.Left), AtZeros(e.Right)),
        Expression.SelectGreater e => AtZeros(e.Left) > AtZeros(e.Right) ? AtZeros(e.IfGreater) : AtZeros(e.Otherwise),
        _ => 0,
    };

    private bool LiesAs(ConvolutionForm form, Tensor result) => layout.StorageOf(result).Kind == ConvolutionPlanning.OutputKind(form);

    private bool CanPool(Convolution convolution, TilingPool pool) => layout.FormOf(convolution.Weight).Form switch
    {
        ConvolutionForm.Planar => pool.Size is { Width: 2, Height: <= 3 },
        ConvolutionForm.Pixels => layout.WinogradOf(convolution.Spec, convolution.Weight, convolution.Input, convolution.ComputedShape) is null
            ? pool.Count <= 4
            : pool.Size == Size2.Square(2),
        _ => false,
    };
}
