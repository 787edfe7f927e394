namespace CnnGen.Runtime;

/// <summary>The losses of one image's outputs as a prediction gives them: of probabilities where training takes the scores before them.</summary>
internal static class LossOfScores
{
    // The smallest normal float: a probability of 0 is an infinite loss, of which no mean is left.
    private const double Least = 1.17549435e-38;

    // Half the distance from 1 to the float below it: what a probability that rounds to 1 is off by at most.
    private const double LeastBelowOne = 2.9802322e-8;

    /// <param name="loss">Which.</param>
    /// <param name="settings">Its numbers.</param>
    /// <param name="scores">The outputs, planes one after the other.</param>
    /// <param name="targets">What they should be.</param>
    /// <param name="pixels">The pixels at each of which a loss of classes compares.</param>
    public static double Of(Loss loss, LossSettings settings, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, int pixels) => loss switch
    {
        Loss.CrossEntropy => CrossEntropy(scores, targets, settings, pixels),
        Loss.BinaryCrossEntropy => Sum(scores, targets, BinaryCrossEntropy),
        Loss.Hinge => Hinge(scores, targets, pixels),
        Loss.AbsoluteError => Sum(scores, targets, (y, t) => Math.Abs(y - t)),
        Loss.Huber => Huber(scores, targets, settings.HuberDelta),
        Loss.ClassesAndBoxes => ClassesAndBoxes(scores, targets, settings, pixels),
        _ => Sum(scores, targets, (y, t) => (y - t) * (y - t) / 2),
    };

    /// <summary>The channels that are classes, of those that a loss compares at each pixel.</summary>
    public static int ClassesOf(Loss loss, int channels) => loss == Loss.ClassesAndBoxes ? channels / (1 + RegionBox.Length) : channels;

    private static double ClassesAndBoxes(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, LossSettings settings, int pixels)
    {
        var classes = ClassesOf(Loss.ClassesAndBoxes, scores.Length / pixels) * pixels;
        var boxes = scores[classes..];
        var wanted = targets[classes..];
        var sum = 0.0;
        for (var i = pixels; i < classes; i++)
        {
            // A class's four numbers are planes one after the other, as the classes are.
            var first = ((i / pixels) * RegionBox.Length * pixels) + (i % pixels);
            for (var number = 0; number < RegionBox.Length; number++)
            {
                var at = first + (number * pixels);
                sum += targets[i] == 0 ? 0 : targets[i] * HuberOf((double)boxes[at] - wanted[at], 1);
            }
        }

        return CrossEntropy(scores[..classes], targets[..classes], settings, pixels) + (sum / pixels);
    }

    private static double Sum(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, Func<double, double, double> of)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
            sum += of(scores[i], targets[i]);
        return sum;
    }

    private static double CrossEntropy(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, LossSettings settings, int pixels)
    {
        var (classes, smoothing) = (scores.Length / pixels, (double)settings.LabelSmoothing);
        var sum = 0.0;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var total = 0.0;
            for (var i = pixel; i < targets.Length; i += pixels)
                total += targets[i];
            for (var c = 0; c < classes; c++)
            {
                var i = (c * pixels) + pixel;
                var target = (settings.ClassWeights?[c] ?? 1) * (((1 - smoothing) * targets[i]) + (smoothing * total / classes));
                if (target != 0)
                    sum -= target * Math.Log(Math.Max(scores[i], Least));
            }
        }

        return sum / pixels;
    }

    private static double BinaryCrossEntropy(double p, double t) =>
        -(t == 0 ? 0 : t * Math.Log(Math.Max(p, Least))) - (t == 1 ? 0 : (1 - t) * Math.Log(Math.Max(1 - p, LeastBelowOne)));

    private static double Hinge(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, int pixels)
    {
        var sum = 0.0;
        for (var y = 0; y < scores.Length; y++)
        {
            if (targets[y] == 0)
                continue;
            for (var j = y % pixels; j < scores.Length; j += pixels)
                sum += j == y ? 0 : targets[y] * Math.Max(0, 1 + (double)scores[j] - scores[y]);
        }

        return sum / pixels;
    }

    private static double Huber(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, double delta)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
            sum += HuberOf((double)scores[i] - targets[i], delta);
        return sum;
    }

    private static double HuberOf(double error, double delta) =>
        Math.Abs(error) <= delta ? error * error / 2 : delta * (Math.Abs(error) - (delta / 2));
}
