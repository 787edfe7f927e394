namespace CnnGen.Generator.Planning.Kernels;

/// <summary>
/// One image's loss and its gradient by the outputs (by the logits, for the cross-entropies: softmax or sigmoid and the logarithm are one stable function).
/// Arguments: outputs, targets, gradient, loss (of a double), scale.
/// </summary>
internal sealed record LossKernel(LossKind Loss, LossSettings Settings, int Length, float Weight = 1, bool IsFirst = true) : Kernel
{
    public override string Name => Text($"{Loss}_{Length}");

    public override string Comment => Loss switch
    {
        LossKind.CrossEntropy when Settings.LabelSmoothing > 0 => Text($"Cross-entropy of softmax over {Length} logits, labels smoothed by {Settings.LabelSmoothing}."),
        LossKind.CrossEntropy => Text($"Cross-entropy of softmax over {Length} logits."),
        LossKind.BinaryCrossEntropy => Text($"Binary cross-entropy of {Length} logits."),
        LossKind.Hinge => Text($"Hinge loss over {Length} outputs."),
        LossKind.AbsoluteError => Text($"The absolute error over {Length} outputs."),
        LossKind.Huber => Text($"Huber loss over {Length} outputs, linear beyond {Settings.HuberDelta}."),
        _ => Text($"Half the squared error over {Length} outputs."),
    };
}
