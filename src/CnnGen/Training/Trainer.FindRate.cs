using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

public sealed partial class Trainer<TModel>
{
    /// <summary>
    /// Looks for a learning rate (Smith 2017, section 3.3): trains on one batch after another while the rate rises by a constant factor, and stops when the smoothed loss is four times the lowest, or not finite. Then weights,
    /// running statistics, what the optimiser keeps and all counters are put back to the bit: as if nothing had been trained. Images are sampled, changed and mixed, and gradients accumulated and clipped, as in a training;
    /// neither schedule nor callbacks nor averages take part. Who saves on another thread waits until all is put back.
    /// </summary>
    /// <param name="training">The images; where the whole batches come to their end, they begin anew as in a further epoch.</param>
    /// <param name="batchSize">The images of a batch, 1 or more: those of the training to come.</param>
    /// <param name="lowest">The first rate, finite, above 0.</param>
    /// <param name="highest">The last rate, finite, above <paramref name="lowest"/>.</param>
    /// <param name="steps">The rates to try, 10 or more.</param>
    /// <param name="cancellationToken">Ends the search; all is put back then too.</param>
    /// <returns>The curve, and the rate that it suggests.</returns>
    /// <exception cref="ArgumentException">The data set doesn't suit the model, or is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException"><c>Fit</c>, <c>FindRate</c> or <c>Resume</c> has not returned yet, the optimiser is not one of the library's, averaged weights are in the model's place, or the first loss is not finite.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public RateFinding FindRate(
        ImageDataset training, int batchSize, double lowest = 1e-6, double highest = 10, int steps = 100, CancellationToken cancellationToken = default)
    {
        DatasetChecks.CheckBatchSize<TModel>(batchSize, nameof(batchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 10);
        if (!((float)lowest > 0 && float.IsFinite((float)lowest)))
            throw new ArgumentOutOfRangeException(nameof(lowest), string.Create(CultureInfo.InvariantCulture, $"lowest is {lowest}, but must be a finite number above 0, such as 1e-6."));
        if (!(highest > lowest && float.IsFinite((float)highest)))
            throw new ArgumentOutOfRangeException(nameof(highest), string.Create(CultureInfo.InvariantCulture, $"highest is {highest}, but must be a finite number above lowest, {lowest}."));
        DatasetChecks.Check<TModel>(training, nameof(training));
        DatasetChecks.CheckCount<TModel>(training, nameof(training));
        var chain = TrainingState.Chain(_optimizer);
        using var busy = Occupy();
        CheckTrainable(training);
        var parameters = Model.Parameters;
        using var held = parameters.Hold();
        CheckDevice(Math.Min(batchSize, training.Count));
        FetchParameters();
        var weights = parameters.ValuesAndStatistics.ToArray();
        var kept = chain.ConvertAll(optimizer => optimizer.StateOf(parameters).Copy());
        try
        {
            return RateFinding.Of(TryRates(training, batchSize, lowest, highest, steps, cancellationToken));
        }
        finally
        {
            weights.CopyTo(parameters.ValuesAndStatistics);
            for (var i = 0; i < chain.Count; i++)
                kept[i].CopyTo(chain[i].StateOf(parameters));
            parameters.MarkChanged();
        }
    }

    private List<RatePoint> TryRates(ImageDataset training, int batchSize, double lowest, double highest, int steps, CancellationToken cancellationToken)
    {
        const double Smoothing = 0.9;
        const double Enough = 4;
        var size = Math.Min(batchSize, training.Count);
        var work = new RateWork(training, Batch.For<TModel>(size), size, new int[training.Count], Sampling?.SumsOf(training));
        var sums = _accumulationSteps == 1 ? null : new MovableFloats(Model.Parameters.TrainedLength, hasStatistics: false);
        var curve = new List<RatePoint>();
        var (mean, best) = (0.0, double.PositiveInfinity);
        for (var step = 0; step < steps; step++)
        {
            var loss = 0.0;
            for (var part = 0; part < _accumulationSteps; part++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                loss += TryBatch(work, ((long)step * _accumulationSteps) + part) / _accumulationSteps;
                if (sums != null)
                    AddPart(sums, part);
            }

            if (!double.IsFinite(loss))
                break;
            var rate = lowest * Math.Pow(highest / lowest, step / (steps - 1.0));
            mean = (Smoothing * mean) + ((1 - Smoothing) * loss);
            var smoothed = mean / (1 - Math.Pow(Smoothing, step + 1));
            curve.Add(new RatePoint(rate, loss, smoothed));
            best = Math.Min(best, smoothed);
            if (smoothed > Enough * best)
                break;
            Clipping?.Apply(Model.Parameters, _optimizer, Device?.Updates);
            TakeStep((float)rate);
        }

        sums?.BringHome();

        return curve.Count > 0
            ? curve
            : throw new InvalidOperationException("The loss is not finite before the first step: there is no rate to look for. See that the weights and the images hold no NaN or infinity.");
    }

    /// <summary>Adds a batch's gradients to those of its step, of which each batch is as large; the last one's are then their mean.</summary>
    private void AddPart(MovableFloats sums, int part)
    {
        var isLast = part + 1 == _accumulationSteps;
        if (Device is { } device)
        {
            AccumulateOn(device.Updates, sums, 1f / _accumulationSteps, isFirst: part == 0, isLast);
            return;
        }

        var own = sums.Span;
        var gradients = Model.Parameters.Gradients;
        for (var i = 0; i < own.Length; i++)
            own[i] = (part == 0 ? 0 : own[i]) + (gradients[i] / _accumulationSteps);
        if (isLast)
            own.CopyTo(gradients);
    }

    /// <summary>The gradients of the batch of that number over all rounds, and its loss. Whole batches only: what is left over at the end of the images is passed over.</summary>
    private double TryBatch(RateWork work, long number)
    {
        var (round, place) = Math.DivRem(number, work.Training.Count / work.Size);
        var epoch = _epochs + (ulong)round;
        if (place == 0 || work.Source == null)
        {
            Order(work.Order, work.Sums, epoch);
            work.Source = SourceOf(work.Training, work.Order, epoch);
        }

        var batch = work.Batch;
        batch.Prepare(work.Source, (int)place * work.Size, work.Size);
        batch.Load();
        Mix(batch, work.Source, (int)place);
        return ComputeGradients(batch, DropoutSeedOf(_batches + (ulong)number));
    }

    private sealed record RateWork(ImageDataset Training, Batch Batch, int Size, int[] Order, double[]? Sums)
    {
        /// <summary>How the images of the round are made.</summary>
        public BatchSource? Source { get; set; }
    }
}
