using System.Diagnostics;
using System.Globalization;

namespace CnnGen;

/// <summary>Ends a training after the first batch by which so much time has passed since <c>Fit</c> began.</summary>
public sealed class StopAfter : ITrainingCallback
{
    private long _started;

    /// <summary>Makes the callback.</summary>
    /// <param name="time">The time, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    public StopAfter(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Time = time;
    }

    /// <summary>The time.</summary>
    public TimeSpan Time { get; }

    /// <inheritdoc/>
    public void OnBegin(ITraining training) => _started = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void OnBatch(ITraining training, TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (Stopwatch.GetElapsedTime(_started) >= Time)
            training.Stop(string.Create(CultureInfo.InvariantCulture, $"{Time} have passed"));
    }
}
