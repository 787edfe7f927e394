using System.Diagnostics;
using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Trains a model on labelled images, batch by batch, and measures it. Everything that chance decides (the order of the images, dropout, augmentation) comes from the
/// seed: the same model, data and calls give the same bits again, whatever the number of threads.
/// </summary>
/// <typeparam name="TModel">The model class.</typeparam>
public sealed class Trainer<TModel>
    where TModel : class, ITrainableModel<TModel>
{
    private readonly Optimizer _optimizer;
    private readonly LearningRateSchedule? _schedule;
    private readonly ulong _shuffleSeed;
    private readonly ulong _dropoutSeed;
    private readonly ulong _augmentationSeed;

    /// <summary>Over the trainer's whole life, so that a further training goes on with new orders of the images.</summary>
    private ulong _epochs;
    private ulong _steps;

    /// <summary>1 while <see cref="Fit"/> runs.</summary>
    private int _isFitting;

    /// <summary>Makes a trainer.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="optimizer">What changes the parameters. What it remembers between steps lasts from one <see cref="Fit"/> to the next.</param>
    /// <param name="schedule">Scales the optimiser's learning rate, over each <see cref="Fit"/> anew; null leaves it constant.</param>
    /// <param name="seed">Decides all that is left to chance.</param>
    public Trainer(TModel model, Optimizer optimizer, LearningRateSchedule? schedule = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        Model = model;
        _optimizer = optimizer;
        _schedule = schedule;
        var random = new CounterRandom((uint)seed, ulong.MaxValue - 1);
        _shuffleSeed = random.NextUInt64();
        _dropoutSeed = random.NextUInt64();
        _augmentationSeed = random.NextUInt64();
    }

    /// <summary>The model.</summary>
    public TModel Model { get; }

    /// <summary>Changes each image that is trained on, or null. Measuring leaves images as they are.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>
    /// The epochs that the last <see cref="Fit"/> finished, also while it runs and after it ended by an exception; null before the first.
    /// </summary>
    public TrainingHistory? History { get; private set; }

    /// <summary>Trains the model.</summary>
    /// <param name="training">The images to learn from.</param>
    /// <param name="epochs">How often to go through them, 1 or more.</param>
    /// <param name="batchSize">
    /// The images of one step, 1 or more; an epoch's last batch has those that are left. Where that are fewer than the model can be trained on
    /// (<see cref="IModel{TSelf}.MinimumBatch"/>), they go with the batch before.
    /// </param>
    /// <param name="validation">Images to measure the model on after each epoch, or null.</param>
    /// <param name="progress">Told after each batch, on this thread, and after each validation; or null.</param>
    /// <param name="cancellationToken">
    /// Ends the training after the batch that is being worked on. The model then is as that batch left it: it can be used, saved, or trained on.
    /// </param>
    /// <returns>What came of each epoch; the same object as <see cref="History"/>.</returns>
    /// <exception cref="ArgumentException">The data sets don't suit the model, or are empty; a label is no output of the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="epochs"/> is less than 1, or <paramref name="batchSize"/> less than 1 or than <see cref="IModel{TSelf}.MinimumBatch"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">The trainer is in another <c>Fit</c> already, or another thread is using the model.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; <see cref="History"/> has the finished epochs.</exception>
    /// <exception cref="TrainingDivergedException">
    /// The loss became NaN or infinite, or a weight was after an epoch's last step; <see cref="History"/> has the finished epochs.
    /// </exception>
    public TrainingHistory Fit(
        ImageDataset training,
        int epochs,
        int batchSize,
        ImageDataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        DatasetChecks.Check<TModel>(training, nameof(training));
        if (validation != null)
            DatasetChecks.Check<TModel>(validation, nameof(validation));
        DatasetChecks.CheckBatch<TModel>(training, nameof(training), batchSize, nameof(batchSize));
        if (Interlocked.Exchange(ref _isFitting, 1) != 0)
            throw new InvalidOperationException("Fit of this trainer has not returned yet. Wait for it, or make another trainer, with a model of its own.");
        try
        {
            return FitCore(training, epochs, batchSize, validation, progress, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isFitting, 0);
        }
    }

    private TrainingHistory FitCore(
        ImageDataset training, int epochs, int batchSize, ImageDataset? validation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        // Images that are too few for a batch of their own go with those before them.
        var batches = (int)(((long)training.Count + batchSize - 1) / batchSize);
        if (batches > 1 && training.Count - ((batches - 1L) * batchSize) < TModel.MinimumBatch)
            batches--;
        var largest = Math.Max(Math.Min(batchSize, training.Count), training.Count - ((batches - 1) * batchSize));

        // One room for both: a model keeps memory for its largest batch, which validation shall not enlarge.
        var batch = new Batch(TModel.InputShape, TModel.OutputLength, Math.Max(largest, Math.Min(batchSize, validation?.Count ?? 0)));
        var order = new int[training.Count];
        History = new TrainingHistory();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var last = TrainEpoch(training, batch, order, batchSize, epoch, epochs, batches, progress, cancellationToken, out var seconds);

            // Each step's result shows in the next one's loss; that of the last step only here.
            if (NonFinite.FirstIn(Model.Parameters) is { } found)
                throw new TrainingDivergedException(found, epoch, epochs, batches, last);
            if (validation != null)
            {
                var result = Measurement.Of(Model, validation, batch, null, cancellationToken);
                if (!double.IsFinite(result.Loss))
                    throw new TrainingDivergedException("validation loss", epoch, epochs, batches, batches, last.LearningRate, result.Loss);
                last = last with { ValidationLoss = result.Loss, ValidationAccuracy = result.Accuracy };
            }

            History.Add(new EpochResult(
                epoch, last.Loss, last.Accuracy, last.ValidationLoss, last.ValidationAccuracy, last.LearningRate, seconds, last.ImagesPerSecond));
            if (validation != null)
                progress?.Report(last);
        }

        return History;
    }

    /// <summary>Measures the model on labelled images, as it predicts (no dropout, running statistics): <see cref="Measurement.Evaluate"/>.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="batchSize">The images to predict at a time, 1 or more: more memory, less time.</param>
    /// <param name="cancellationToken">Ends the measuring between batches.</param>
    /// <returns>The loss, the accuracy, and which classes were taken for which.</returns>
    /// <exception cref="ArgumentException">The data set doesn't suit the model, or is empty; a label is no output of the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Evaluation Evaluate(ImageDataset dataset, int batchSize = 256, CancellationToken cancellationToken = default) =>
        Model.Evaluate(dataset, batchSize, cancellationToken);

    private TrainingProgress TrainEpoch(
        ImageDataset training,
        Batch batch,
        int[] order,
        int batchSize,
        int epoch,
        int epochs,
        int batches,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken,
        out double seconds)
    {
        var started = Stopwatch.GetTimestamp();
        Shuffle(order, new CounterRandom(_shuffleSeed, _epochs));
        var augmentationSeed = new CounterRandom(_augmentationSeed, _epochs).NextUInt64();
        _epochs++;

        var (lossSum, right, now) = (0.0, 0, default(TrainingProgress));
        for (var number = 0; number < batches; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = number * batchSize;
            var count = number == batches - 1 ? training.Count - first : batchSize;
            batch.Gather(training, TModel.Normalization, order, first, count, Augmentation, augmentationSeed);

            var scale = _schedule?.At(((epoch - 1L) * batches) + number, (long)epochs * batches, batches) ?? 1;
            var rate = _optimizer.LearningRate * scale;
            var dropoutSeed = new CounterRandom(_dropoutSeed, _steps++).NextUInt64();
            double loss;

            // Who saves on another thread gets the numbers of one step: running statistics change in the first of these calls, weights in the second.
            using (Model.Parameters.Hold())
            {
                loss = Model.ComputeGradients(batch.Images, batch.Targets, batch.Count, dropoutSeed, batch.Scores);
                if (!double.IsFinite(loss))
                    throw new TrainingDivergedException("loss", epoch, epochs, number + 1, batches, rate, loss);
                _optimizer.Step(Model.Parameters, rate);
                Model.Parameters.MarkChanged();
            }

            lossSum += loss * batch.Count;
            right += batch.CountRight();
            double images = first + batch.Count;
            var accuracy = training.ClassCount == 0 ? double.NaN : right / images;
            now = new TrainingProgress(
                epoch, epochs, number + 1, batches, lossSum / images, accuracy, rate, images / Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress?.Report(now);
        }

        seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return now;
    }

    /// <summary>All numbers from 0 on in random order (Fisher, Yates; Durstenfeld 1964), which depends on the random stream alone.</summary>
    private static void Shuffle(int[] order, CounterRandom random)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var other = random.NextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
    }
}
