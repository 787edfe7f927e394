using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>What the products of this target can do before they store: expressions on registers over tensors of the result's shape. A thread has no windows of its result, so that poolings stand alone.</summary>
internal sealed class GpuFusionRules : IFusionRules
{
    private const int MostOperands = 4;

    public bool CanFuse(Computation computation, Epilogue after, Tensor result) =>
        computation is Convolution or ConvolutionInputGradient or Product or ProductInputGradient
        && after.Pool is null
        && after.Each.FitsRegisters
        && after.Operands.Count <= MostOperands
        && after.Operands.All(operand => operand.IsImage && operand.Shape.Length == computation.ComputedShape.Length)
        && result.Shape.Length == computation.ComputedShape.Length;
}
