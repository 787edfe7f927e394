using System.Diagnostics;
using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Keeps states of a training in a folder, to resume from or to choose among (<see cref="Trainer{TModel}.Resume"/>): <c>step-000001234.safetensors</c> every so many steps or minutes, of which the last few stay, and
/// <c>best.safetensors</c> after each epoch that is the best so far. Where a weight is not finite, nothing is saved. To go on by itself after a kill, give <c>Fit</c> a checkpoint folder instead.
/// </summary>
public sealed class Checkpoints : ITrainingCallback
{
    private const string Prefix = "step-";
    private const string Extension = ".safetensors";

    private readonly int _everySteps;
    private readonly TimeSpan _everyTime;
    private long _savedStep;
    private long _savedTime;

    /// <summary>Makes the callback.</summary>
    /// <param name="folder">The folder, which is made if need be.</param>
    /// <param name="everySteps">The steps between two states, 1 or more; 0 for none by steps.</param>
    /// <param name="everyMinutes">The minutes between two states, above 0, at most 1,000,000; 0 for none by time.</param>
    /// <param name="keepLast">How many of them stay, 1 or more. Older ones of this name in the folder are deleted, also those of earlier trainings.</param>
    /// <param name="best">What the best epoch is best in; null keeps none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">Nothing would be saved.</exception>
    public Checkpoints(string folder, int everySteps = 0, double everyMinutes = 0, int keepLast = 3, TrainingMetric? best = TrainingMetric.Loss)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfNegative(everySteps);
        if (!(everyMinutes is >= 0 and <= 1e6))
            throw new ArgumentOutOfRangeException(nameof(everyMinutes), string.Create(CultureInfo.InvariantCulture, $"everyMinutes is {everyMinutes}, but must be from 0 to 1000000."));
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast, 1);
        if (best is { } metric)
            TrainingMetrics.Check(metric, nameof(best));
        if (everySteps == 0 && everyMinutes == 0 && best == null)
            throw new ArgumentException("Nothing would be saved: give everySteps, everyMinutes or best.", nameof(everySteps));
        Folder = folder;
        KeepLast = keepLast;
        BestMetric = best;
        _everySteps = everySteps;
        _everyTime = TimeSpan.FromMinutes(everyMinutes);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How many states by steps or time stay.</summary>
    public int KeepLast { get; }

    /// <summary>What the best epoch is best in; null where none is kept.</summary>
    public TrainingMetric? BestMetric { get; }

    /// <summary>The file of the best epoch's state.</summary>
    public string BestPath => Path.Combine(Folder, "best" + Extension);

    /// <inheritdoc/>
    public void OnBegin(ITraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        CheckpointFolder.Create(Folder);
        (_savedStep, _savedTime) = (training.Steps, Stopwatch.GetTimestamp());
    }

    /// <inheritdoc/>
    public void OnBatch(ITraining training, TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(training);
        var isDue = (_everySteps > 0 && training.Steps - _savedStep >= _everySteps)
            || (_everyTime > TimeSpan.Zero && Stopwatch.GetElapsedTime(_savedTime) >= _everyTime);
        if (!isDue)
            return;
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{training.Steps:D9}{Extension}");
        if (!TrySave(training, Path.Combine(Folder, name)))
            return;
        (_savedStep, _savedTime) = (training.Steps, Stopwatch.GetTimestamp());

        // Names of equal length, so that their order is that of the steps. Those of later steps are of an earlier training, and older than the one just saved.
        var files = Directory.GetFiles(Folder, Prefix + "*" + Extension)
            .OrderBy(path => string.CompareOrdinal(Path.GetFileName(path), name) <= 0).ThenBy(path => Path.GetFileName(path), StringComparer.Ordinal);
        foreach (var old in files.SkipLast(KeepLast))
            File.Delete(old);
    }

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(result);
        if (BestMetric is not { } metric)
            return;
        var best = training.History.Epochs.Where(epoch => epoch != result).Select(epoch => metric.Of(epoch))
            .Aggregate(double.NaN, (best, value) => metric.IsBetter(value, best, 0) ? value : best);
        if (metric.IsBetter(metric.Of(result), best, 0))
            TrySave(training, BestPath);
    }

    /// <summary>Saves a state, unless a weight is not finite: that is divergence, which the next batch's loss or the epoch's end shows, and would replace good weights.</summary>
    /// <returns>Whether it is saved.</returns>
    internal static bool TrySave(ITraining training, string path)
    {
        if (NonFinite.FirstIn(training.Parameters) != null)
            return false;
        training.SaveState(path);
        return true;
    }
}
