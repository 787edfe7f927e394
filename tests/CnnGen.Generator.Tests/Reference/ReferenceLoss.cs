using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>The losses, mean over the batch, and their gradients; the cross-entropies' go to what the last layer reads.</summary>
internal static class ReferenceLoss
{
    /// <summary>The loss of one output; adds its gradient times the weight.</summary>
    public static double Compute(Network network, Node output, double weight, Tensor[][] outputs, Tensor[] targets, Tensor[][] gradients)
    {
        if (network.Loss == LossKind.ClassesAndBoxes)
            return ClassesAndBoxes(network, output, weight, outputs, targets, gradients);
        var source = network.Loss switch
        {
            LossKind.CrossEntropy when output.Layer is SoftmaxLayer => output.Inputs[0],
            LossKind.BinaryCrossEntropy when output.Layer is ActivationLayer { Function: ActivationKind.Sigmoid } => output.Inputs[0],
            LossKind.CrossEntropy or LossKind.BinaryCrossEntropy => throw new ArgumentException($"{network.Loss} doesn't suit {output.Layer.Kind}, the last layer of {network.Name}."),
            _ => output.Index,
        };
        double loss = 0;
        for (var image = 0; image < targets.Length; image++)
        {
            var x = outputs[source][image];
            var (value, gradient) = network.Loss switch
            {
                LossKind.CrossEntropy => CrossEntropy(x, Wanted(targets[image], network.LossSettings)),
                LossKind.BinaryCrossEntropy => BinaryCrossEntropy(x.Data, targets[image].Data),
                LossKind.Hinge => Hinge(x, targets[image]),
                LossKind.HalfSquaredError => OfErrors(x.Data, targets[image].Data, e => (e * e / 2, e)),
                LossKind.AbsoluteError => OfErrors(x.Data, targets[image].Data, e => (Math.Abs(e), Math.Sign(e))),
                LossKind.Huber => Huber(x.Data, targets[image].Data, network.LossSettings.HuberDelta),
                var other => throw new NotSupportedException($"The reference interpreter doesn't know the loss {other}."),
            };
            loss += value / targets.Length;
            for (var i = 0; i < gradient.Length; i++)
                gradients[source][image].Data[i] += weight * gradient[i] / targets.Length;
        }

        return loss;
    }

    /// <summary>Girshick 2015, section 2.3: the cross-entropy of the softmax that the output begins with, and the boxes of the wanted classes, of which class 0 has none; the mean over regions or pixels.</summary>
    private static double ClassesAndBoxes(Network network, Node output, double weight, Tensor[][] outputs, Tensor[] targets, Tensor[][] gradients)
    {
        var (logits, boxes) = (network.Nodes[output.Inputs[0]].Inputs[0], output.Inputs[1]);
        double loss = 0;
        for (var image = 0; image < targets.Length; image++)
        {
            var (x, y, target) = (outputs[logits][image], outputs[boxes][image], targets[image]);
            var (classes, places) = (x.Shape.Channels, x.Shape.Height * x.Shape.Width);
            var (value, gradient) = CrossEntropy(x, new Tensor(x.Shape, target.Data[..(classes * places)]));
            for (var i = 0; i < gradient.Length; i++)
                gradients[logits][image].Data[i] += weight * gradient[i] / targets.Length;
            for (var row = 0; row < x.Shape.Height; row++)
            for (var column = 0; column < x.Shape.Width; column++)
            for (var c = 1; c < classes; c++)
            for (var number = 0; number < 4; number++)
            {
                var share = target[c, row, column] / places;
                var error = y[(4 * c) + number, row, column] - target[classes + (4 * c) + number, row, column];
                value += share * (Math.Abs(error) <= 1 ? error * error / 2 : Math.Abs(error) - 0.5);
                gradients[boxes][image][(4 * c) + number, row, column] += weight * share * Math.Clamp(error, -1, 1) / targets.Length;
            }

            loss += value / targets.Length;
        }

        return loss;
    }

    /// <summary>The targets smoothed at each pixel, and each class's weighed.</summary>
    private static Tensor Wanted(Tensor target, LossNumbers numbers)
    {
        var wanted = new Tensor(target.Shape);
        for (var row = 0; row < target.Shape.Height; row++)
        {
            for (var column = 0; column < target.Shape.Width; column++)
            {
                double sum = 0;
                for (var c = 0; c < target.Shape.Channels; c++)
                    sum += target[c, row, column];
                for (var c = 0; c < target.Shape.Channels; c++)
                {
                    var smoothed = ((1 - (double)numbers.LabelSmoothing) * target[c, row, column]) + (numbers.LabelSmoothing * sum / target.Shape.Channels);
                    wanted[c, row, column] = (numbers.ClassWeights.Count == 0 ? 1 : (double)numbers.ClassWeights[c]) * smoothed;
                }
            }
        }

        return wanted;
    }

    /// <summary>-sum of target * log(softmax(x)); the gradient, softmax(x) * sum of targets - target, is stable where the softmax underflows.</summary>
    private static (double, double[]) CrossEntropy(Tensor x, Tensor target)
    {
        var log = ReferenceSoftmax.LogSoftmax(x);
        var gradient = new double[x.Data.Length];
        double loss = 0;
        for (var row = 0; row < target.Shape.Height; row++)
        {
            for (var column = 0; column < target.Shape.Width; column++)
            {
                double sumOfTargets = 0;
                for (var c = 0; c < target.Shape.Channels; c++)
                    sumOfTargets += target[c, row, column];
                for (var c = 0; c < target.Shape.Channels; c++)
                {
                    // 0 * log(0) is 0, though log(0) alone is -infinity.
                    if (target[c, row, column] != 0)
                        loss -= target[c, row, column] * log[c, row, column];
                    gradient[(((c * target.Shape.Height) + row) * target.Shape.Width) + column] =
                        (Math.Exp(log[c, row, column]) * sumOfTargets) - target[c, row, column];
                }
            }
        }

        var pixels = target.Shape.Height * target.Shape.Width;
        return (loss / pixels, Array.ConvertAll(gradient, g => g / pixels));
    }

    /// <summary>-(t log s + (1 - t) log(1 - s)) of s = 1 / (1 + exp(-x)).</summary>
    private static (double, double[]) BinaryCrossEntropy(double[] x, double[] targets)
    {
        double loss = 0;
        for (var i = 0; i < x.Length; i++)
            loss += Math.Max(x[i], 0) - (x[i] * targets[i]) + Math.Log(1 + Math.Exp(-Math.Abs(x[i])));
        return (loss, [.. x.Select((value, i) => (1 / (1 + Math.Exp(-value))) - targets[i])]);
    }

    /// <summary>At each pixel, for each wanted class y, its target times the sum over the others of max(0, 1 + x[j] - x[y]); the mean over the pixels.</summary>
    private static (double, double[]) Hinge(Tensor x, Tensor targets)
    {
        double loss = 0;
        var gradient = new Tensor(x.Shape);
        double pixels = x.Shape.Height * x.Shape.Width;
        for (var row = 0; row < x.Shape.Height; row++)
        for (var column = 0; column < x.Shape.Width; column++)
        for (var y = 0; y < x.Shape.Channels; y++)
        for (var j = 0; j < x.Shape.Channels; j++)
        {
            var (margin, share) = (1 + x[j, row, column] - x[y, row, column], targets[y, row, column] / pixels);
            if (j == y || margin <= 0)
                continue;
            loss += share * margin;
            gradient[j, row, column] += share;
            gradient[y, row, column] -= share;
        }

        return (loss, gradient.Data);
    }

    private static (double, double[]) Huber(double[] x, double[] targets, double delta) => OfErrors(
        x, targets, e => Math.Abs(e) <= delta ? (e * e / 2, e) : (delta * (Math.Abs(e) - (delta / 2)), delta * Math.Sign(e)));

    private static (double, double[]) OfErrors(double[] x, double[] targets, Func<double, (double Loss, double Gradient)> of)
    {
        var each = x.Select((value, i) => of(value - targets[i])).ToList();
        return (each.Sum(one => one.Loss), [.. each.Select(one => one.Gradient)]);
    }
}
