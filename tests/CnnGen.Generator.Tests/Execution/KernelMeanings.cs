using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Execution.Meanings;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>What each kernel record means, in double precision over the memory that a call is given: a line for each. Nothing of it is the emitters'.</summary>
internal static class KernelMeanings
{
    private static readonly Dictionary<Type, Meaning> s_meanings = new()
    {
        [typeof(ConvPixelsKernel)] = Of<ConvPixelsKernel>(ConvolutionMeanings.Pixels, ConvolutionMeanings.PixelUnits),
        [typeof(ConvPlanarKernel)] = Of<ConvPlanarKernel>(ConvolutionMeanings.Planar),
        [typeof(DepthwiseKernel)] = Of<DepthwiseKernel>(ConvolutionMeanings.Depthwise, kernel => kernel.Units),
        [typeof(ProductKernel)] = Of<ProductKernel>(ConvolutionMeanings.Product, kernel => kernel.Blocks.BlockCount),
        [typeof(Im2ColKernel)] = Of<Im2ColKernel>(ConvolutionMeanings.Im2Col),
        [typeof(Col2ImKernel)] = Of<Col2ImKernel>(ConvolutionMeanings.Col2Im),
        [typeof(WinogradKernel)] = Of<WinogradKernel>(WinogradMeanings.Convolution, kernel => kernel.Units),
        [typeof(WinogradInputsKernel)] = Of<WinogradInputsKernel>(WinogradBatchMeanings.Inputs),
        [typeof(WinogradProductsKernel)] = Of<WinogradProductsKernel>(WinogradBatchMeanings.Products, kernel => kernel.Units),
        [typeof(WinogradOutputsKernel)] = Of<WinogradOutputsKernel>(WinogradBatchMeanings.Outputs),
        [typeof(WinogradWeightsKernel)] = Of<WinogradWeightsKernel>(WinogradMeanings.Weights, kernel => kernel.Units),
        [typeof(WinogradWeightGradientKernel)] = Of<WinogradWeightGradientKernel>(WinogradGradientMeanings.Whole),
        [typeof(WinogradGradientPointsKernel)] = Of<WinogradGradientPointsKernel>(WinogradGradientMeanings.Points),
        [typeof(WinogradGradientSumsKernel)] = Of<WinogradGradientSumsKernel>(WinogradGradientMeanings.Sums, kernel => kernel.Units),
        [typeof(WeightGradientPixelsKernel)] = Of<WeightGradientPixelsKernel>(GradientMeanings.Pixels),
        [typeof(WeightGradientPlanarKernel)] = Of<WeightGradientPlanarKernel>(GradientMeanings.Planar),
        [typeof(DepthwiseWeightGradientKernel)] = Of<DepthwiseWeightGradientKernel>(GradientMeanings.Depthwise),
        [typeof(DepthwiseInputGradientKernel)] = Of<DepthwiseInputGradientKernel>(GradientMeanings.DepthwiseInput),
        [typeof(ProductWeightGradientKernel)] = Of<ProductWeightGradientKernel>(GradientMeanings.Product, kernel => kernel.Units),
        [typeof(BiasGradientKernel)] = Of<BiasGradientKernel>(GradientMeanings.Bias),
        [typeof(RowSumKernel)] = Of<RowSumKernel>(GradientMeanings.Rows),
        [typeof(TransposeWeightsKernel)] = Of<TransposeWeightsKernel>(GradientMeanings.Transpose, kernel => kernel.Units),
        [typeof(ClearBetweenGroupsKernel)] = Of<ClearBetweenGroupsKernel>(GradientMeanings.ClearBetweenGroups),
        [typeof(LocalProductKernel)] = Of<LocalProductKernel>(LocalMeanings.Product),
        [typeof(LocalInputGradientKernel)] = Of<LocalInputGradientKernel>(LocalMeanings.InputGradient),
        [typeof(LocalWeightGradientKernel)] = Of<LocalWeightGradientKernel>(LocalMeanings.WeightGradient, kernel => kernel.Units),
        [typeof(PoolKernel)] = Of<PoolKernel>(PoolMeanings.Pool, kernel => kernel.Output.Height),
        [typeof(PoolGradientKernel)] = Of<PoolGradientKernel>(PoolMeanings.Gradient),
        [typeof(PartsKernel)] = Of<PartsKernel>(PoolMeanings.Parts),
        [typeof(RandomPoolKernel)] = Of<RandomPoolKernel>(PoolMeanings.Random),
        [typeof(CopyKernel)] = Of<CopyKernel>(MoveMeanings.Copy, kernel => kernel.Units),
        [typeof(ResampleKernel)] = Of<ResampleKernel>(MoveMeanings.Resample),
        [typeof(ClearHaloKernel)] = Of<ClearHaloKernel>(MoveMeanings.ClearHalo),
        [typeof(DropoutKernel)] = Of<DropoutKernel>(MoveMeanings.Dropout),
        [typeof(SoftmaxKernel)] = Of<SoftmaxKernel>(MoveMeanings.Softmax),
        [typeof(LocalResponseNormKernel)] = Of<LocalResponseNormKernel>(MoveMeanings.LocalResponseNorm),
        [typeof(ConstantsKernel)] = Of<ConstantsKernel>(ChannelMeanings.Constants),
        [typeof(ShuffleKernel)] = Of<ShuffleKernel>(ChannelMeanings.Shuffle),
        [typeof(MaxoutKernel)] = Of<MaxoutKernel>(ChannelMeanings.Maxout),
        [typeof(StandardizeKernel)] = Of<StandardizeKernel>(ChannelMeanings.Standardize),
        [typeof(PointwiseKernel)] = Of<PointwiseKernel>(PointwiseMeanings.Pointwise, kernel => kernel.Units),
        [typeof(PixelSumKernel)] = Of<PixelSumKernel>(PointwiseMeanings.Sum),
        [typeof(BatchNormSumsKernel)] = Of<BatchNormSumsKernel>(NormMeanings.Sums),
        [typeof(BatchNormSquaresKernel)] = Of<BatchNormSquaresKernel>(NormMeanings.Squares),
        [typeof(BatchNormGradientSumsKernel)] = Of<BatchNormGradientSumsKernel>(NormMeanings.GradientSums),
        [typeof(FoldNormKernel)] = Of<FoldNormKernel>(NormMeanings.Fold, _ => 1),
        [typeof(FoldWeightsKernel)] = Of<FoldWeightsKernel>(NormMeanings.FoldWeights, kernel => kernel.Blocks * kernel.Rows),
        [typeof(LossKernel)] = Of<LossKernel>(LossMeaning.Of),
    };

    /// <summary>Kernels of networks that are not drawn, since regions come with their images: <c>RegionTests</c> compiles them.</summary>
    public static IReadOnlyList<Type> WithoutMeaning { get; } = [typeof(RoIKernel), typeof(RoIGradientKernel)];

    private sealed record Meaning(Action<Kernel, KernelArguments> Run, Func<Kernel, int>? Units);

    /// <summary>The records that there is a meaning for, and whether the meaning is of units.</summary>
    public static IReadOnlyDictionary<Type, bool> Known => s_meanings.ToDictionary(entry => entry.Key, entry => entry.Value.Units is not null);

    /// <summary>The independent units of a call, as the meaning cuts it.</summary>
    public static int UnitsOf(Kernel kernel) => s_meanings[kernel.GetType()].Units?.Invoke(kernel) ?? 1;

    public static void Run(Kernel kernel, KernelArguments arguments)
    {
        s_meanings[kernel.GetType()].Run(kernel, arguments);
        if (arguments.HasMore)
            throw new InvalidOperationException($"{kernel.Name} is given arguments that its meaning doesn't take.");
    }

    private static Meaning Of<TKernel>(Action<TKernel, KernelArguments> run, Func<TKernel, int>? units = null)
        where TKernel : Kernel => new((kernel, arguments) => run((TKernel)kernel, arguments), units is null ? null : kernel => units((TKernel)kernel));
}
