using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>What dropout multiplies an element with: 0, or 1 / (1 - rate).</summary>
/// <param name="node">The dropout layer's node.</param>
/// <param name="image">The image's place in the batch.</param>
/// <param name="element">The element's place in C x H x W order.</param>
internal delegate double DropoutMask(Node node, int image, int element);

/// <summary>What one training step computes, before any optimiser.</summary>
/// <param name="Loss">The mean over the batch.</param>
/// <param name="Outputs">The network's output for each image (after the softmax), as training computes it.</param>
/// <param name="ParameterGradients">The gradients of <paramref name="Loss"/> by full name (<c>conv1.weight</c>), in logical layout.</param>
/// <param name="ImageGradients">The gradients of <paramref name="Loss"/> to each image, in C x H x W order.</param>
/// <param name="RunningStatistics">The running statistics after the step, by full name (<c>bn1.running_mean</c>).</param>
internal sealed record TrainingResult(
    double Loss,
    double[][] Outputs,
    IReadOnlyDictionary<string, double[]> ParameterGradients,
    double[][] ImageGradients,
    IReadOnlyDictionary<string, double[]> RunningStatistics);
