using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Changes a model's parameters by their gradients.</summary>
public abstract class Optimizer
{
    /// <summary>Makes an optimiser.</summary>
    /// <param name="learningRate">The learning rate, finite, 0 or more. A schedule scales it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is negative or not finite.</exception>
    protected Optimizer(double learningRate)
    {
        CheckRate((float)learningRate, nameof(learningRate));
        LearningRate = (float)learningRate;
    }

    /// <summary>The learning rate, which a <see cref="LearningRateSchedule"/> scales: its highest one.</summary>
    public float LearningRate { get; }

    /// <summary>Changes the trained parameters once, at <see cref="LearningRate"/>.</summary>
    /// <param name="parameters">The parameters, with the gradients of a batch.</param>
    public void Step(ParameterStore parameters) => Step(parameters, LearningRate);

    /// <summary>Changes the trained parameters once, and calls <see cref="ParameterStore.MarkChanged"/> afterwards. What the optimiser remembers between steps (momentum) it keeps for each store.</summary>
    /// <param name="parameters">The parameters, with the gradients of a batch.</param>
    /// <param name="learningRate">The learning rate of this step, finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is negative or not finite.</exception>
    public abstract void Step(ParameterStore parameters, float learningRate);

    private protected static void CheckRate(float value, string name)
    {
        if (!(value >= 0 && float.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number, 0 or more."));
    }
}
