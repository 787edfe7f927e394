using CnnGen.Generator.Planning.Ilgpu;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Which emitter prints which kernel.</summary>
internal static class GpuKernelEmitters
{
    public static void Emit(CodeWriter writer, GpuKernel kernel, string name)
    {
        switch (kernel)
        {
            case TiledConvolutionKernel k: GpuTileEmitter.Emit(writer, k, name); break;
            case TiledInputGradientKernel k: GpuTileEmitter.Emit(writer, k, name); break;
            case TiledWeightGradientKernel k: GpuTileEmitter.Emit(writer, k, name); break;
            case GpuWinogradWeightsKernel k: GpuWinogradEmitter.Emit(writer, k, name); break;
            case GpuWinogradInputKernel k: GpuWinogradEmitter.Emit(writer, k, name); break;
            case GpuWinogradOutputKernel k: GpuWinogradEmitter.Emit(writer, k, name); break;
            case DirectConvolutionKernel k: GpuDirectEmitter.Emit(writer, k, name); break;
            case DirectInputGradientKernel k: GpuDirectEmitter.Emit(writer, k, name); break;
            case DirectWeightGradientKernel k: GpuDirectEmitter.Emit(writer, k, name); break;
            case OneImageProductKernel k: GpuDirectEmitter.Emit(writer, k, name); break;
            case GpuPointwiseKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuPixelSumKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuMaskKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuSliceGradientKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuUpsamplingKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuShuffleKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuResponseNormKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuResponseNormGradientKernel k: GpuElementEmitter.Emit(writer, k, name); break;
            case GpuPoolKernel k: GpuPoolEmitter.Emit(writer, k, name); break;
            case GpuPoolGradientKernel k: GpuPoolEmitter.Emit(writer, k, name); break;
            case GpuSoftmaxKernel k: GpuOutputEmitter.Emit(writer, k, name); break;
            case GpuSoftmaxGradientKernel k: GpuOutputEmitter.Emit(writer, k, name); break;
            case GpuLossKernel k: GpuOutputEmitter.Emit(writer, k, name); break;
            case GpuChannelSumsKernel k: GpuSumEmitter.Emit(writer, k, name); break;
            case GpuPartsKernel k: GpuSumEmitter.Emit(writer, k, name); break;
            case GpuMeansKernel k: GpuSumEmitter.Emit(writer, k, name); break;
            case GpuNormCoefficientsKernel k: GpuSumEmitter.Emit(writer, k, name); break;
            case GpuNormGradientKernel k: GpuSumEmitter.Emit(writer, k, name); break;
            case GpuFoldNormKernel k: GpuSumEmitter.Emit(writer, k, name); break;
            case GpuFoldWeightsKernel k: GpuSumEmitter.Emit(writer, k, name); break;
            case GpuConstantsKernel k: GpuChannelEmitter.Emit(writer, k, name); break;
            case GpuStandardizationKernel k: GpuChannelEmitter.Emit(writer, k, name); break;
            case GpuStandardizationGradientKernel k: GpuChannelEmitter.Emit(writer, k, name); break;
            case GpuLargestChannelKernel k: GpuChannelEmitter.Emit(writer, k, name); break;
            case GpuLargestChannelGradientKernel k: GpuChannelEmitter.Emit(writer, k, name); break;
            case GpuResamplingKernel k: GpuResamplingEmitter.Emit(writer, k, name); break;
            case GpuLargestOfPartsKernel k: GpuPartsEmitter.Emit(writer, k, name); break;
            case GpuLargestOfPartsGradientKernel k: GpuPartsEmitter.Emit(writer, k, name); break;
            case GpuRandomPoolKernel k: GpuRandomPoolEmitter.Emit(writer, k, name); break;
            case GpuRandomPoolGradientKernel k: GpuRandomPoolEmitter.Emit(writer, k, name); break;
            case GpuRegionPoolKernel k: GpuRegionEmitter.Emit(writer, k, name); break;
            case GpuRegionPoolGradientKernel k: GpuRegionEmitter.Emit(writer, k, name); break;
            case GpuLocalProductKernel k: GpuLocalEmitter.Emit(writer, k, name); break;
            case GpuLocalInputGradientKernel k: GpuLocalEmitter.Emit(writer, k, name); break;
            case GpuLocalWeightGradientKernel k: GpuLocalEmitter.Emit(writer, k, name); break;
            case GpuLocalBiasGradientKernel k: GpuLocalEmitter.Emit(writer, k, name); break;
            default: throw new InvalidOperationException($"No emitter for {kernel.GetType().Name}.");
        }
    }
}
