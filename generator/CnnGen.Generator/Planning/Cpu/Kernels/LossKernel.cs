namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// One image's loss and its gradient by the outputs (by the logits, for the cross-entropies: softmax or sigmoid and the logarithm are one stable function).
/// Arguments: outputs, targets, gradient, loss (of a double), scale.
/// </summary>
/// <param name="Loss">What is computed.</param>
/// <param name="Settings">Its numbers.</param>
/// <param name="Length">The numbers of one image's outputs, planes one after the other.</param>
/// <param name="Weight">What it counts in the sum of all losses.</param>
/// <param name="IsFirst">Whether it stores the image's loss, to which the others add theirs.</param>
/// <param name="Pixels">The pixels at each of which classes are compared.</param>
internal sealed record LossKernel(LossKind Loss, LossSettings Settings, int Length, float Weight = 1, bool IsFirst = true, int Pixels = 1) : Kernel
{
    /// <summary>The numbers of a class's box.</summary>
    public const int BoxLength = 4;

    public int Classes => Length / Pixels;

    public override string Name => Pixels == 1 ? Text($"{Loss}_{Length}") : Text($"{Loss}_{Classes}x{Pixels}");

    public override string Comment => Loss switch
    {
        LossKind.CrossEntropy when Pixels > 1 => Text($"Cross-entropy of softmax over {Classes} logits at each of {Pixels} pixels{Smoothed}{Weighted}."),
        LossKind.Hinge when Pixels > 1 => Text($"Hinge loss over {Classes} outputs at each of {Pixels} pixels."),
        LossKind.CrossEntropy when Settings.ClassWeights.Count > 0 => Text($"Cross-entropy of softmax over {Length} logits{Smoothed}{Weighted}."),
        LossKind.CrossEntropy when Settings.LabelSmoothing > 0 => Text($"Cross-entropy of softmax over {Length} logits, labels smoothed by {Settings.LabelSmoothing}."),
        LossKind.CrossEntropy => Text($"Cross-entropy of softmax over {Length} logits."),
        LossKind.BinaryCrossEntropy => Text($"Binary cross-entropy of {Length} logits."),
        LossKind.Hinge => Text($"Hinge loss over {Length} outputs."),
        LossKind.AbsoluteError => Text($"The absolute error over {Length} outputs."),
        LossKind.ClassesAndBoxes => Text($"Huber loss of the labels' boxes, of {Classes / BoxLength} classes at each of {Pixels} places."),
        LossKind.Huber => Text($"Huber loss over {Length} outputs, linear beyond {Settings.HuberDelta}."),
        _ => Text($"Half the squared error over {Length} outputs."),
    };

    private string Smoothed => Settings.LabelSmoothing > 0 ? Text($", labels smoothed by {Settings.LabelSmoothing}") : "";

    private string Weighted => Settings.ClassWeights.Count > 0 ? ", classes weighted" : "";
}
