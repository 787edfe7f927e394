using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Planning.Kernels;

/// <summary>
/// One image's loss and its gradient by the outputs (by the logits, for cross-entropy: softmax and the logarithm are one stable function).
/// Arguments: outputs, targets, gradient, loss (of a double), scale.
/// </summary>
internal sealed record LossKernel(LossKind Loss, int Length, float Weight = 1, bool IsFirst = true) : Kernel
{
    public override string Name => Text($"{Loss}_{Length}");

    public override string Comment => Loss == LossKind.CrossEntropy
        ? Text($"Cross-entropy of softmax over {Length} logits.")
        : Text($"Half the squared error over {Length} outputs.");
}
