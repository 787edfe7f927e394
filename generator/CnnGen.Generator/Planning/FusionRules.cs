using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;

namespace CnnGen.Generator.Planning;

/// <summary>What the kernels of this target can do before they store: expressions on registers over tensors that lie as the result does, and poolings that tile.</summary>
internal sealed class FusionRules(TensorLayout layout) : IFusionRules
{
    private const int MostOperands = 3;

    public bool CanFuse(Computation computation, Epilogue after, Tensor result) =>
        after.Each.FitsRegisters
        && after.Operands.Count <= MostOperands
        && after.Operands.All(operand => layout.StorageOf(operand) == layout.StorageOf(result))
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
