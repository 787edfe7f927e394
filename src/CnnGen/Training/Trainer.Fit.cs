using System.Diagnostics;
using CnnGen.Runtime;

namespace CnnGen;

public sealed partial class Trainer<TModel>
{
    /// <summary>Where the <c>Fit</c> under way stands, or one that a resumed state was saved in.</summary>
    private TrainingRun? _run;

    /// <summary>Whether that one is to be gone on with.</summary>
    private bool _isResumed;

    private string? _stopReason;

    /// <summary>Trains the model.</summary>
    /// <param name="training">The images to learn from.</param>
    /// <param name="epochs">How often to go through them, 1 or more.</param>
    /// <param name="batchSize">
    /// The images of one batch, 1 or more; an epoch's last batch has those that are left. Where that are fewer than the model can be trained on
    /// (<see cref="IModel{TSelf}.MinimumBatch"/>), they go with the batch before.
    /// </param>
    /// <param name="validation">Images to measure the model on after each epoch, or null.</param>
    /// <param name="progress">Told after each batch, on this thread, and after each validation; or null.</param>
    /// <param name="cancellationToken">
    /// Ends the training after the batch that is being worked on. The model then is as that batch left it: it can be used, saved, or trained on.
    /// </param>
    /// <param name="checkpoint">
    /// A folder, which is made if need be, or null. The training's state is kept there in <c>training.safetensors</c>, written anew after each epoch, <see cref="CheckpointInterval"/> after the
    /// last time, and where the training is cancelled or stopped. Where there is one already, the training goes on from it: a program that was killed is simply started again, and
    /// the result has the same bits. One that was finished is only loaded.
    /// </param>
    /// <returns>What came of each epoch; the same object as <see cref="History"/>.</returns>
    /// <exception cref="ArgumentException">The data sets don't suit the model, or are empty; a label is no output of the model; a group of the optimiser's names no parameter;
    /// <see cref="Averaging"/> is the average of another model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="epochs"/> is less than 1, or <paramref name="batchSize"/> less than 1 or than <see cref="IModel{TSelf}.MinimumBatch"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <c>Fit</c>, <c>FindRate</c> or <c>Resume</c> of this trainer has not returned yet, or another thread is using the model; the optimiser's groups leave nothing to train; each pixel has a class,
    /// and <see cref="Augmentation"/> is set without <see cref="TargetAugmentation"/>, or a mixing that can't cut the model's maps; the model reads regions, and images are to be changed; a resumed training is gone on with by other images,
    /// epochs or batches; the optimiser is one that can't be saved, and <paramref name="checkpoint"/> is given; the averaged weights are in the model's place.
    /// </exception>
    /// <exception cref="InvalidDataException">The state in <paramref name="checkpoint"/> is damaged, or that of another network or trainer.</exception>
    /// <exception cref="IOException"><paramref name="checkpoint"/> can't be written to, or another training that has not ended keeps its state there; the last state that was is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write to <paramref name="checkpoint"/>.</exception>
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
        CancellationToken cancellationToken = default,
        string? checkpoint = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        DatasetChecks.CheckBatchSize<TModel>(batchSize, nameof(batchSize));
        DatasetChecks.Check<TModel>(training, nameof(training));
        if (validation != null)
        {
            DatasetChecks.Check<TModel>(validation, nameof(validation));
            DatasetChecks.CheckClasses("validation", validation.ClassNames, "training images", training.ClassNames);
        }

        DatasetChecks.CheckCount<TModel>(training, nameof(training));
        using var busy = Occupy();
        CheckTrainable(training);
        var fresh = NewRun(training, epochs, batchSize);
        using var folder = HoldCheckpoint(checkpoint);
        var path = checkpoint == null ? null : PrepareCheckpoint(checkpoint, fresh);
        var run = ResumedRun(fresh, keepsDone: path != null) ?? Begin(fresh);
        if (training.ClassNames is { } names && names.Count == TModel.OutputLength)
            Model.Parameters.ClassNames = names;
        if (run.IsDone)
            return History!;
        folder?.CheckWritable();
        return FitCore(run, training, validation, progress, path, cancellationToken);
    }

    private TrainingHistory FitCore(
        TrainingRun run, ImageDataset training, ImageDataset? validation, IProgress<TrainingProgress>? progress, string? checkpoint, CancellationToken cancellationToken)
    {
        var largest = Math.Max(run.CountOf(0), run.CountOf(run.Batches - 1));
        CheckDevice(largest);
        var ahead = _loadAhead ?? (training.IsInMemory ? 0 : 2);
        ahead = Math.Min(ahead, run.Batches - 1);
        var ring = NewRing(largest, run.BatchSize, validation, ahead);
        var work = new EpochWork(training, ring, ahead, new int[training.Count], Sampling?.SumsOf(training), progress, checkpoint);
        WithCallbacks(() =>
        {
            try
            {
                while (!run.IsDone && _stopReason == null)
                    TrainEpoch(run, work, validation, cancellationToken);
                History!.StopReason = run.IsDone ? null : _stopReason;
                _isResumed = false;
            }
            catch (OperationCanceledException)
            {
                SaveCheckpoint(checkpoint, work);
                throw;
            }
        });

        // What callbacks made of the end (the best weights put back) is in it.
        SaveCheckpoint(checkpoint, work);
        return History!;
    }

    /// <summary>The batch in use, and room for those that are loaded ahead.</summary>
    /// <param name="largest">The most images of a batch.</param>
    /// <param name="batchSize">Those of a batch that is full.</param>
    /// <param name="validation">What is measured by the first of them too, or null.</param>
    /// <param name="ahead">The batches that are loaded ahead.</param>
    private Batch[] NewRing(int largest, int batchSize, ImageDataset? validation, int ahead)
    {
        // One room for both: a model keeps memory for its largest batch, which validation shall not enlarge.
        var ring = new Batch[InUse + ahead];
        for (var i = 0; i < ring.Length; i++)
            ring[i] = Batch.For<TModel>(Math.Max(largest, i > 0 ? 0 : Math.Min(batchSize, validation?.Count ?? 0)));
        return ring;
    }

    /// <summary>Trains between the callbacks' begin and their end, which those hear that began.</summary>
    private void WithCallbacks(Action train)
    {
        _stopReason = null;
        var begun = 0;
        try
        {
            foreach (var callback in _callbacks)
            {
                callback.OnBegin(this);
                begun++;
            }

            train();
        }
        finally
        {
            try
            {
                EndOnDevice();
            }
            finally
            {
                foreach (var callback in _callbacks.AsSpan(0, begun))
                    callback.OnEnd(this);
            }
        }
    }

    /// <summary>Trains an epoch, or what is left of it, and finishes it unless it is stopped before its end.</summary>
    private void TrainEpoch(TrainingRun run, EpochWork work, ImageDataset? validation, CancellationToken cancellationToken)
    {
        TrainBatches(run, work, cancellationToken);
        if (_stopReason == null || run.Batch == run.Batches)
            FinishEpoch(run, work, validation, cancellationToken);
    }

    private void TrainBatches(TrainingRun run, EpochWork work, CancellationToken cancellationToken)
    {
        // An epoch that goes on where it was saved has been counted, when its first batch was done.
        var epoch = run.Batch == 0 ? _epochs : _epochs - 1;
        work.Started = Stopwatch.GetTimestamp();
        work.EarlierSeconds = run.Seconds;
        Order(work.Order, work.Sums, epoch);
        var source = SourceOf(work.Training, work.Order, epoch);
        work.Next = null;
        using var loader = work.Ahead == 0
            ? null
            : new BatchLoader(work.Ring, run.Batch, run.Batches, (batch, number) => batch.Prepare(source, number * run.BatchSize, run.CountOf(number)), InUse);
        while (run.Batch < run.Batches && _stopReason == null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TrainBatch(run, work, source, loader);
            foreach (var callback in _callbacks)
                callback.OnBatch(this, run.Last);
            if (run.Batch < run.Batches && Stopwatch.GetElapsedTime(work.Saved) >= CheckpointInterval)
                SaveCheckpoint(work.Checkpoint, work);
        }
    }

    private void TrainBatch(TrainingRun run, EpochWork work, BatchSource source, BatchLoader? loader)
    {
        var number = run.Batch;
        var isPrefetched = work.Next != null;
        var batch = work.TakeNext() ?? Load(number, run, work, source, loader);
        var step = ((run.Epoch - 1L) * run.StepsPerEpoch) + (number / run.Accumulation);
        var rate = _optimizer.LearningRate * (_schedule?.At(step, (int)Math.Min(int.MaxValue, (long)run.Epochs * run.StepsPerEpoch), run.StepsPerEpoch) ?? 1);

        // Who saves on another thread gets the numbers of one step: running statistics change in the first of these calls, weights and the position behind it.
        using (Model.Parameters.Hold())
        {
            Averaging?.CheckFree(Model.Parameters);
            var loss = Device == null
                ? ComputeGradients(batch, DropoutSeedOf(_batches))
                : TrainOnDevice(batch, isPrefetched, run, work, source, loader);
            _isResumed = false;
            if (!double.IsFinite(loss))
            {
                var image = run.StreamSteps > 0 ? null : NonFinite.FirstImageIn(work.Training, TModel.Normalization, "training");
                throw new TrainingDivergedException("loss", run.Epoch, run.Epochs, number + 1, run.Batches, rate, loss, image);
            }

            if (run.Accumulation == 1 || Accumulate(run))
            {
                Clipping?.Apply(Model.Parameters, _optimizer, Device?.Updates);
                TakeStep(rate);
                Averaging?.Update(Model.Parameters, Device?.Updates);
                _steps++;
            }

            if (number == 0)
                _epochs++;
            _batches++;
            run.Batch++;
            run.LossSum += loss * batch.Count;
            run.Right += batch.CountRight();
            run.Seconds = work.EarlierSeconds + Stopwatch.GetElapsedTime(work.Started).TotalSeconds;
            double images = ((long)number * run.BatchSize) + batch.Count;
            var accuracy = work.Training.ClassCount == 0 ? double.NaN : run.Right / images;
            run.Last = new TrainingProgress(
                run.Epoch, run.Epochs, run.Batch, run.Batches, run.LossSum / images, accuracy, rate, images / run.Seconds);
        }

        work.Progress?.Report(run.Last);
    }

    /// <summary>A batch by its number within the epoch, loaded and mixed.</summary>
    private Batch Load(int number, TrainingRun run, EpochWork work, BatchSource source, BatchLoader? loader)
    {
        Batch batch;
        if (loader != null)
        {
            batch = loader.Next();
        }
        else
        {
            batch = work.Ring[number % work.Ring.Length];
            batch.Prepare(source, number * run.BatchSize, run.CountOf(number));
            batch.Load();
        }

        Mix(batch, source, number);
        return batch;
    }

    private void FinishEpoch(TrainingRun run, EpochWork work, ImageDataset? validation, CancellationToken cancellationToken)
    {
        // Each step's result shows in the next one's loss; that of the last step only here.
        var last = run.Last;
        using (Model.Parameters.Hold())
            FetchParameters();
        if (NonFinite.FirstIn(Model.Parameters) is { } found)
            throw new TrainingDivergedException(found, run.Epoch, run.Epochs, run.Batches, last);
        if (validation != null)
        {
            var result = Validate(validation, work.Batch, cancellationToken);
            if (!double.IsFinite(result.Loss))
            {
                throw new TrainingDivergedException(
                    "validation loss", run.Epoch, run.Epochs, run.Batches, run.Batches, last.LearningRate, result.Loss, NonFinite.FirstImageIn(validation, TModel.Normalization, "validation"));
            }

            last = last with { ValidationLoss = result.Loss, ValidationAccuracy = result.Accuracy };
        }

        var epoch = new EpochResult(
            run.Epoch, last.Loss, last.Accuracy, last.ValidationLoss, last.ValidationAccuracy, last.LearningRate, run.Seconds, last.ImagesPerSecond);
        using (Model.Parameters.Hold())
        {
            History!.Add(epoch);
            _schedule?.EpochEnded(epoch);
            run.Epoch++;
            run.StreamRead += run.StreamSteps > 0 ? run.Images : 0;
            (run.Batch, run.LossSum, run.Right, run.Seconds) = (0, 0, 0, 0);

            // What is saved with the state goes with the epoch, for whoever saves on another thread.
            foreach (var callback in _callbacks)
            {
                if (callback is IStatefulCallback)
                    callback.OnEpoch(this, epoch);
            }
        }

        if (validation != null)
            work.Progress?.Report(last);
        foreach (var callback in _callbacks)
        {
            if (callback is not IStatefulCallback)
                callback.OnEpoch(this, epoch);
        }

        if (!run.IsDone)
            SaveCheckpoint(work.Checkpoint, work);
    }

    private Evaluation Validate(ImageDataset validation, Batch batch, CancellationToken cancellationToken)
    {
        var tally = new Tally(validation, TModel.OutputLength, Batch.ClassifiedPixels<TModel>(), null, hasMatrix: false);
        if (Averaging == null)
            return Measurement.Of(Model, Prediction, validation, batch, tally, null, cancellationToken);

        // The average is in the weights' place: who saves on another thread waits, and gets the weights.
        using (Model.Parameters.Hold())
        using (Averaging.Use())
            return Measurement.Of(Model, Prediction, validation, batch, tally, null, cancellationToken);
    }

    /// <summary>Saves the state where there is a file for it.</summary>
    private void SaveCheckpoint(string? path, EpochWork work)
    {
        if (path != null && Checkpoints.TrySave(this, path))
            work.Saved = Stopwatch.GetTimestamp();
    }

    /// <summary>The images of an epoch: all in random order, or drawn by the running sums of their weights.</summary>
    private void Order(int[] order, double[]? sums, ulong epoch)
    {
        var random = new CounterRandom(_shuffleSeed, epoch);
        if (sums == null)
            Shuffle(order, random);
        else
            ImageSampling.Draw(order, sums, random);
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

    /// <summary>What the epochs of one <c>Fit</c> work with.</summary>
    private sealed class EpochWork(ImageDataset training, Batch[] ring, int ahead, int[] order, double[]? sums, IProgress<TrainingProgress>? progress, string? checkpoint)
    {
        public ImageDataset Training => training;

        /// <summary>The batch in use, and room for those that are loaded ahead.</summary>
        public Batch[] Ring => ring;

        /// <summary>The batches that are loaded ahead, by threads of their own.</summary>
        public int Ahead => ahead;

        /// <summary>The batch that was loaded while the one before was trained on; null where there is none.</summary>
        public NextBatch? Next { get; set; }

        /// <summary>The one that validation uses too.</summary>
        public Batch Batch => ring[0];

        public int[] Order => order;

        /// <summary>The running sums of the images' weights; null where each image is trained on once.</summary>
        public double[]? Sums => sums;

        public IProgress<TrainingProgress>? Progress => progress;

        public string? Checkpoint => checkpoint;

        public long Started { get; set; }

        public double EarlierSeconds { get; set; }

        public long Saved { get; set; } = Stopwatch.GetTimestamp();

        /// <summary>That batch, which is then nobody's next one any more; null where there is none.</summary>
        public Batch? TakeNext()
        {
            var next = Next;
            Next = null;
            next?.Failure?.Throw();
            return next?.Batch;
        }
    }
}
