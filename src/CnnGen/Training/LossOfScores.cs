namespace CnnGen.Runtime;

/// <summary>The losses of one image's outputs as a prediction gives them: of probabilities where training takes the scores before them.</summary>
internal static class LossOfScores
{
    // The smallest normal float: a probability of 0 is an infinite loss, of which no mean is left.
    private const double Least = 1.17549435e-38;

    // Half the distance from 1 to the float below it: what a probability that rounds to 1 is off by at most.
    private const double LeastBelowOne = 2.9802322e-8;

    public static double Of(Loss loss, LossSettings settings, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets) => loss switch
    {
        Loss.CrossEntropy => CrossEntropy(scores, targets, settings.LabelSmoothing),
        Loss.BinaryCrossEntropy => Sum(scores, targets, BinaryCrossEntropy),
        Loss.Hinge => Hinge(scores, targets),
        Loss.AbsoluteError => Sum(scores, targets, (y, t) => Math.Abs(y - t)),
        Loss.Huber => Huber(scores, targets, settings.HuberDelta),
        _ => Sum(scores, targets, (y, t) => (y - t) * (y - t) / 2),
    };

    private static double Sum(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, Func<double, double, double> of)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
            sum += of(scores[i], targets[i]);
        return sum;
    }

    private static double CrossEntropy(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, double smoothing)
    {
        var total = 0.0;
        foreach (var target in targets)
            total += target;
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var target = ((1 - smoothing) * targets[i]) + (smoothing * total / scores.Length);
            if (target != 0)
                sum -= target * Math.Log(Math.Max(scores[i], Least));
        }

        return sum;
    }

    private static double BinaryCrossEntropy(double p, double t) =>
        -(t == 0 ? 0 : t * Math.Log(Math.Max(p, Least))) - (t == 1 ? 0 : (1 - t) * Math.Log(Math.Max(1 - p, LeastBelowOne)));

    private static double Hinge(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var y = 0; y < scores.Length; y++)
        {
            if (targets[y] == 0)
                continue;
            for (var j = 0; j < scores.Length; j++)
                sum += j == y ? 0 : targets[y] * Math.Max(0, 1 + (double)scores[j] - scores[y]);
        }

        return sum;
    }

    private static double Huber(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, double delta)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var error = Math.Abs((double)scores[i] - targets[i]);
            sum += error <= delta ? error * error / 2 : delta * (error - (delta / 2));
        }

        return sum;
    }
}
