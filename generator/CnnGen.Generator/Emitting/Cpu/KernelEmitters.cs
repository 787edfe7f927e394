using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Which emitter prints which kernel.</summary>
internal static class KernelEmitters
{
    /// <summary>Prints a kernel's method under the name that it is given, and the methods that only it calls; what others may call too is added to the parts.</summary>
    public static void Emit(CodeWriter writer, VectorIsa isa, Kernel kernel, string name, PartList parts)
    {
        switch (kernel)
        {
            case ConvPixelsKernel k: ConvPixelsEmitter.Emit(writer, isa, k, name, parts); break;
            case ConvPlanarKernel k: ConvPlanarEmitter.Emit(writer, isa, k, name); break;
            case WinogradKernel k: WinogradEmitter.Emit(writer, isa, k, name, parts); break;
            case WinogradInputsKernel k: WinogradEmitter.Emit(writer, isa, k, name, parts); break;
            case WinogradProductsKernel k: WinogradProductEmitter.Emit(writer, isa, k, name, parts); break;
            case WinogradOutputsKernel k: WinogradEmitter.Emit(writer, isa, k, name, parts); break;
            case WinogradWeightsKernel k: WinogradWeightsEmitter.Emit(writer, isa, k, name, parts); break;
            case DepthwiseKernel k: DepthwiseEmitter.Emit(writer, isa, k, name); break;
            case DepthwiseWeightGradientKernel k: DepthwiseEmitter.Emit(writer, isa, k, name); break;
            case DepthwiseInputGradientKernel k: DepthwiseEmitter.Emit(writer, isa, k, name); break;
            case ProductKernel k: ProductEmitter.Emit(writer, isa, k, name, parts); break;
            case Im2ColKernel k: Im2ColEmitter.Emit(writer, k, name); break;
            case Col2ImKernel k: Im2ColEmitter.Emit(writer, isa, k, name); break;
            case WeightGradientPixelsKernel k: WeightGradientEmitter.Emit(writer, isa, k, name, parts); break;
            case WinogradWeightGradientKernel k: WinogradGradientEmitter.Emit(writer, isa, k, name, parts); break;
            case WinogradGradientPointsKernel k: WinogradGradientEmitter.Emit(writer, isa, k, name, parts); break;
            case WinogradGradientSumsKernel k: WinogradGradientEmitter.Emit(writer, isa, k, name, parts); break;
            case ProductWeightGradientKernel k: WeightGradientEmitter.Emit(writer, isa, k, name, parts); break;
            case WeightGradientPlanarKernel k: WeightGradientPlanarEmitter.Emit(writer, isa, k, name); break;
            case BiasGradientKernel k: GradientEmitter.Emit(writer, isa, k, name); break;
            case RowSumKernel k: GradientEmitter.Emit(writer, isa, k, name); break;
            case TransposeWeightsKernel k: GradientEmitter.Emit(writer, isa, k, name); break;
            case ClearBetweenGroupsKernel k: GradientEmitter.Emit(writer, k, name); break;
            case PoolKernel k: PoolEmitter.Emit(writer, isa, k, name); break;
            case PoolGradientKernel k: PoolEmitter.Emit(writer, isa, k, name); break;
            case CopyKernel k: MoveEmitter.Emit(writer, isa, k, name); break;
            case ConstantsKernel k: ChannelEmitter.Emit(writer, k, name); break;
            case RandomPoolKernel k: ChannelEmitter.Emit(writer, k, name); break;
            case RoIKernel k: RoIEmitter.Emit(writer, isa, k, name); break;
            case RoIGradientKernel k: RoIEmitter.Emit(writer, isa, k, name); break;
            case LocalProductKernel k: LocalEmitter.Emit(writer, isa, k, name); break;
            case LocalInputGradientKernel k: LocalEmitter.Emit(writer, isa, k, name); break;
            case LocalWeightGradientKernel k: LocalEmitter.Emit(writer, isa, k, name); break;
            case ShuffleKernel k: ChannelEmitter.Emit(writer, k, name); break;
            case PartsKernel k: ChannelEmitter.Emit(writer, isa, k, name); break;
            case MaxoutKernel k: ChannelEmitter.Emit(writer, isa, k, name); break;
            case StandardizeKernel k: ChannelEmitter.Emit(writer, isa, k, name); break;
            case ResampleKernel k: ResampleEmitter.Emit(writer, isa, k, name); break;
            case PointwiseKernel k: PointwiseEmitter.Emit(writer, isa, k, name); break;
            case PixelSumKernel k: PointwiseEmitter.Emit(writer, isa, k, name); break;
            case SoftmaxKernel k: MoveEmitter.Emit(writer, isa, k, name); break;
            case LocalResponseNormKernel k: MoveEmitter.Emit(writer, isa, k, name); break;
            case DropoutKernel k: MoveEmitter.Emit(writer, isa, k, name); break;
            case BatchNormSumsKernel k: BatchNormEmitter.Emit(writer, isa, k, name); break;
            case BatchNormSquaresKernel k: BatchNormEmitter.Emit(writer, isa, k, name); break;
            case FoldNormKernel k: BatchNormEmitter.Emit(writer, k, name); break;
            case FoldWeightsKernel k: BatchNormEmitter.Emit(writer, isa, k, name); break;
            case BatchNormGradientSumsKernel k: BatchNormEmitter.Emit(writer, isa, k, name); break;
            case ClearHaloKernel k: HaloEmitter.Emit(writer, isa, k, name); break;
            case LossKernel k: EmitLoss(writer, isa, k, name); break;
            default: throw new InvalidOperationException($"No emitter for {kernel.GetType().Name}.");
        }
    }

    private static void EmitLoss(CodeWriter writer, VectorIsa isa, LossKernel kernel, string name)
    {
        var classes = kernel.Loss == LossKind.ClassesAndBoxes
            ? $"{Literal.Number(kernel.Classes / LossKernel.BoxLength)}, {Literal.Number(kernel.Pixels)}"
            : Literal.Number(kernel.Classes) + (kernel.Pixels > 1 ? ", " + Literal.Number(kernel.Pixels) : "");
        var weights = $"[{string.Join(", ", kernel.Settings.ClassWeights.Select(Literal.Float))}]";
        var (method, number) = kernel.Loss switch
        {
            LossKind.CrossEntropy when kernel.Pixels > 1 => ("PixelCrossEntropy", $", {Literal.Float(kernel.Settings.LabelSmoothing)}, {weights}"),
            LossKind.Hinge when kernel.Pixels > 1 => ("PixelHinge", ""),
            LossKind.CrossEntropy when kernel.Settings.ClassWeights.Count > 0 => ("WeightedCrossEntropy", $", {Literal.Float(kernel.Settings.LabelSmoothing)}, {weights}"),
            LossKind.CrossEntropy when kernel.Settings.LabelSmoothing > 0 => ("SmoothedCrossEntropy", ", " + Literal.Float(kernel.Settings.LabelSmoothing)),
            LossKind.ClassesAndBoxes => ("LabelBoxes", ""),
            LossKind.Huber => ("Huber", ", " + Literal.Float(kernel.Settings.HuberDelta)),
            var loss => (loss.ToString(), ""),
        };
        using (writer.Method($"public static void {name}(float* outputs, float* targets, float* gradient, double* loss, float scale)"))
        {
            var (sum, weight) = (kernel.IsFirst ? "=" : "+=", kernel.Weight == 1 ? "" : Literal.Float(kernel.Weight) + " * ");
            writer.Line($"*loss {sum} {weight}{isa.RuntimeKernels}.{method}(outputs, targets, gradient, {classes}, {weight}scale{number});");
        }

        writer.Line();
    }
}
