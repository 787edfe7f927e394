using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Keeps the weights as they are after some epochs, for an ensemble out of one training (Huang et al. 2017): with <see cref="CosineRestartsSchedule"/> one at the end of each cycle. Where the trainer keeps an
/// average of the weights, that is what is kept. Snapshots are in the training's saved state.
/// </summary>
/// <example><code>
/// var snapshots = new Snapshots(every: 10);
/// new Trainer&lt;Net&gt;(model, new Sgd(0.1, 0.9), new CosineRestartsSchedule(10)) { Callbacks = [snapshots] }.Fit(training, 50, 64);
/// Console.WriteLine(snapshots.ToEnsemble&lt;Net&gt;().Evaluate(test));
/// </code></example>
public sealed class Snapshots : ITrainingCallback, IStatefulCallback
{
    private readonly List<Snapshot> _kept = [];

    /// <summary>Makes the callback.</summary>
    /// <param name="every">The epochs from one snapshot to the next, 1 or more.</param>
    /// <param name="last">How many to keep, 1 or more: the last ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public Snapshots(int every = 1, int last = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, 1);
        (Every, Last) = (every, last);
    }

    /// <summary>The epochs from one snapshot to the next.</summary>
    public int Every { get; }

    /// <summary>How many are kept.</summary>
    public int Last { get; }

    /// <summary>The epochs whose weights are kept, from 1.</summary>
    public IReadOnlyList<int> Epochs => [.. _kept.Select(one => one.Epoch)];

    /// <summary>The snapshots as models, which share nothing with the one that was trained.</summary>
    /// <typeparam name="TModel">The class that was trained.</typeparam>
    /// <exception cref="InvalidOperationException">There is no snapshot yet, or it is of another class.</exception>
    public Ensemble ToEnsemble<TModel>()
        where TModel : class, IModel<TModel>
    {
        if (_kept.Count == 0)
            throw new InvalidOperationException("There is no snapshot yet: the training has to finish as many epochs as lie between two.");
        var ensemble = new Ensemble();
        foreach (var snapshot in _kept)
        {
            var model = TModel.Create();
            var values = model.Parameters.ValuesAndStatistics;
            if (snapshot.Network != NetworkOf(model.Parameters) || values.Length != snapshot.Values.Length)
                throw new InvalidOperationException($"The snapshots are of another network than {typeof(TModel).Name}. Name the class that was trained.");
            snapshot.Values.CopyTo(values);
            model.Parameters.MarkChanged();
            model.Parameters.ClassNames = snapshot.ClassNames;
            ensemble.Add(model, FormattableString.Invariant($"epoch {snapshot.Epoch}"));
        }

        return ensemble;
    }

    /// <inheritdoc/>
    public void OnBegin(ITraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        using (training.Parameters.Hold())
        {
            if (training.History.Epochs.Count == 0)
                _kept.Clear();
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(result);
        if (result.Epoch % Every != 0)
            return;
        // A state may hold more of them than are kept now.
        while (_kept.Count >= Last)
            _kept.RemoveAt(0);
        using (training.Averaging?.Use())
            _kept.Add(new Snapshot(result.Epoch, training.Parameters.ValuesAndStatistics.ToArray(), NetworkOf(training.Parameters), training.Parameters.ClassNames));
    }

    void IStatefulCallback.Save(StateWriter writer, string prefix, ParameterStore parameters)
    {
        writer.Add(prefix + ".epochs", string.Join(' ', _kept.Select(one => one.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        foreach (var one in _kept)
        {
            foreach (var parameter in parameters.All)
                writer.Add(FormattableString.Invariant($"{prefix}.{one.Epoch}.{parameter.Name}"), parameter, () => one.Values);
        }
    }

    Action IStatefulCallback.Load(StateReader reader, string prefix, ParameterStore parameters)
    {
        var kept = new List<Snapshot>();
        foreach (var text in reader.Text(prefix + ".epochs").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var epoch))
                throw new InvalidDataException($"{reader.Name} is damaged: '{Describe.Name(text)}' is no epoch of a snapshot. Resume from an earlier file.");
            var values = new float[parameters.ValuesAndStatistics.Length];
            foreach (var parameter in parameters.All)
                parameter.Scatter(reader.Tensor(FormattableString.Invariant($"{prefix}.{epoch}.{parameter.Name}"), parameter.Length), values);
            kept.Add(new Snapshot(epoch, values, NetworkOf(parameters), parameters.ClassNames));
        }

        return () =>
        {
            _kept.Clear();
            _kept.AddRange(kept);
        };
    }

    private static string NetworkOf(ParameterStore parameters) => string.Join('\n', parameters.All.Select(parameter => parameter.ToString()));

    private sealed record Snapshot(int Epoch, float[] Values, string Network, IReadOnlyList<string>? ClassNames);
}
