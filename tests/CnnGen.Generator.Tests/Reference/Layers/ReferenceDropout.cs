using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>In training, each element times its mask (0, or 1 / (1 - rate)); nothing when predicting.</summary>
internal sealed class ReferenceDropout(Node node, PassMode mode) : ReferenceLayer
{
    public override Tensor[] Forward(Tensor[][] inputs) => Masked(inputs[0]);

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients) => [Masked(outputGradients)];

    private Tensor[] Masked(Tensor[] tensors)
    {
        var mask = (DropoutMask)((_, _, _) => 1);
        if (mode.IsTraining)
        {
            mask = mode.Mask
                ?? throw new ArgumentException($"{node.Name} needs a dropout mask in training.");
        }

        return tensors.Select((tensor, image) =>
            new Tensor(tensor.Shape, tensor.Data.Select((x, i) => x * mask(node, image, i)).ToArray())).ToArray();
    }
}
