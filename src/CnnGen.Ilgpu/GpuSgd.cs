namespace CnnGen.Ilgpu;

/// <summary>
/// Stochastic gradient descent on the device, by the rule of <see cref="Sgd"/>, with one launch for all parameters. For a weight w with gradient g, velocity v (0 at first) and rate r: g' = g + decay * w; v = momentum * v + g';
/// w = w - r * v, or, Nesterov's, w = w - r * (g' + momentum * v).
/// </summary>
/// <param name="LearningRate">The rate, finite, 0 or more.</param>
/// <param name="Momentum">The part of the velocity that is left after a step, from 0 to below 1.</param>
/// <param name="Nesterov">Whether to look ahead.</param>
/// <param name="WeightDecay">The part of a weight that is added to its gradient, finite, 0 or more.</param>
public sealed record GpuSgd(double LearningRate, double Momentum = 0, bool Nesterov = false, double WeightDecay = 0)
{
    internal void Check()
    {
        if (!double.IsFinite(LearningRate) || LearningRate < 0)
            throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "A rate is finite, and 0 or more.");
        if (!(Momentum >= 0 && Momentum < 1))
            throw new ArgumentOutOfRangeException(nameof(Momentum), Momentum, "A momentum is from 0 to below 1.");
        if (!double.IsFinite(WeightDecay) || WeightDecay < 0)
            throw new ArgumentOutOfRangeException(nameof(WeightDecay), WeightDecay, "A weight decay is finite, and 0 or more.");
    }
}
