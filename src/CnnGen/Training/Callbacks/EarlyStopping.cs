using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Ends a training when a metric has not become better for so many epochs, and puts the weights of the best epoch back (Prechelt 1998), running statistics included. Where the training ends with its last epoch, these are put back too.
/// </summary>
public sealed class EarlyStopping : ITrainingCallback, IStatefulCallback
{
    private double _best = double.NaN;
    private int _bestEpoch;
    private int _bad;
    private float[]? _weights;

    /// <summary>Makes the callback.</summary>
    /// <param name="patience">The epochs without a better value after which the training ends, 1 or more.</param>
    /// <param name="metric">What has to become better.</param>
    /// <param name="margin">By how much it has to, finite, 0 or more.</param>
    /// <param name="restoreBest">Whether the best epoch's weights are put back. They take as much memory as the parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public EarlyStopping(int patience = 5, TrainingMetric metric = TrainingMetric.Loss, double margin = 0, bool restoreBest = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        TrainingMetrics.Check(metric, nameof(metric));
        if (!(margin >= 0 && double.IsFinite(margin)))
            throw new ArgumentOutOfRangeException(nameof(margin), string.Create(CultureInfo.InvariantCulture, $"margin is {margin}, but must be a finite number, 0 or more."));
        Patience = patience;
        Metric = metric;
        Margin = margin;
        RestoreBest = restoreBest;
    }

    /// <summary>The epochs without a better value after which the training ends.</summary>
    public int Patience { get; }

    /// <summary>What has to become better.</summary>
    public TrainingMetric Metric { get; }

    /// <summary>By how much it has to.</summary>
    public double Margin { get; }

    /// <summary>Whether the best epoch's weights are put back.</summary>
    public bool RestoreBest { get; }

    /// <summary>The best epoch, from 1; 0 before the first.</summary>
    public int BestEpoch => _bestEpoch;

    /// <summary>The metric in the best epoch; NaN before the first.</summary>
    public double Best => _best;

    /// <inheritdoc/>
    public void OnBegin(ITraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        using (training.Parameters.Hold())
        {
            // Who saves the state on another thread gets all of it or nothing.
            if (training.History.Epochs.Count == 0)
                (_best, _bestEpoch, _bad, _weights) = (double.NaN, 0, 0, null);
        }

        StopIfDone(training);
    }

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(result);
        if (Metric.IsBetter(Metric.Of(result), _best, Margin))
        {
            (_best, _bestEpoch, _bad) = (Metric.Of(result), result.Epoch, 0);
            if (!RestoreBest)
                return;

            // What was measured: the average, where one is kept.
            using (training.Averaging?.Use())
            {
                _weights ??= new float[training.Parameters.ValuesAndStatistics.Length];
                training.Parameters.ValuesAndStatistics.CopyTo(_weights);
            }

            return;
        }

        _bad++;
        StopIfDone(training);
    }

    /// <inheritdoc/>
    public void OnEnd(ITraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (_weights == null || !(training.IsFinished || _bad >= Patience))
            return;
        using (training.Parameters.Hold())
            _weights.CopyTo(training.Parameters.ValuesAndStatistics);
        training.Parameters.MarkChanged();
    }

    void IStatefulCallback.Save(StateWriter writer, string prefix, ParameterStore parameters)
    {
        writer.Add(prefix + ".best", _best);
        writer.Add(prefix + ".bestEpoch", _bestEpoch);
        writer.Add(prefix + ".bad", _bad);
        writer.Add(prefix + ".hasWeights", _weights == null ? 0L : 1);
        foreach (var parameter in _weights == null ? [] : parameters.All)
            writer.Add($"{prefix}.{parameter.Name}", parameter, () => _weights);
    }

    Action IStatefulCallback.Load(StateReader reader, string prefix, ParameterStore parameters)
    {
        var (best, bestEpoch, bad) = (reader.Double(prefix + ".best"), reader.Integer(prefix + ".bestEpoch"), reader.Integer(prefix + ".bad"));
        var hasWeights = reader.Number(prefix + ".hasWeights") != 0;
        var values = hasWeights ? parameters.All.Select(parameter => reader.Tensor($"{prefix}.{parameter.Name}", parameter.Length)).ToList() : [];
        return () =>
        {
            (_best, _bestEpoch, _bad) = (best, bestEpoch, bad);
            _weights = hasWeights ? new float[parameters.ValuesAndStatistics.Length] : null;
            for (var i = 0; i < values.Count; i++)
                parameters.All[i].Scatter(values[i], _weights);
        };
    }

    private void StopIfDone(ITraining training)
    {
        if (_bad >= Patience)
            training.Stop(string.Create(CultureInfo.InvariantCulture, $"no better for {_bad} epochs than in epoch {_bestEpoch}"));
    }
}
