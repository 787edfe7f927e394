using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

public sealed partial class Trainer<TModel>
{
    /// <summary>
    /// Trains the model on a stream of images whose number nobody knows: it may have no end, and is read once. An epoch is the next <paramref name="stepsPerEpoch"/> batches, which are held in memory and trained on in an order that
    /// the seed decides; schedules, callbacks and validation go by these epochs. All else is as in <c>Fit</c>. Where the stream ends before its steps are taken, so does the training, and
    /// <see cref="TrainingHistory.StopReason"/> says so. A state has the place in the stream as a number of images: resumed, the training reads the stream from its start, passes over so many, and goes on with the same bits.
    /// </summary>
    /// <param name="images">The images, read on this thread between two epochs; each stays as it is until its epoch is over.</param>
    /// <param name="steps">The steps to take, 1 or more; schedules count them rounded up to whole epochs. The last epoch has what is left.</param>
    /// <param name="batchSize">The images of a batch, 1 or more.</param>
    /// <param name="stepsPerEpoch">The steps of an epoch, 1 or more.</param>
    /// <param name="validation">Images to measure the model on after each epoch, or null.</param>
    /// <param name="progress">Told after each batch, on this thread, and after each validation; or null.</param>
    /// <param name="cancellationToken">Ends the training after the batch that is being worked on.</param>
    /// <param name="checkpoint">
    /// A folder for the training's state, as in <c>Fit</c>, or null. For a stream that has the same images again when it is read from its start.
    /// </param>
    /// <returns>What came of each epoch; the same object as <see cref="History"/>.</returns>
    /// <exception cref="ArgumentException">The stream is empty, or an image or its label doesn't suit the model; <see cref="SampleWeights"/> or a sampling by images are set, which are of images that are known.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException"><c>Fit</c>, <c>FindRate</c> or <c>Resume</c> of this trainer has not returned yet, or the optimiser's groups leave nothing to train; a resumed training is gone on with by other numbers, or by a stream that is
    /// shorter than what was read of it, or has other labels there; the optimiser is one that can't be saved, and <paramref name="checkpoint"/> is given.</exception>
    /// <exception cref="InvalidDataException">The state in <paramref name="checkpoint"/> is damaged, or that of another network or trainer.</exception>
    /// <exception cref="IOException"><paramref name="checkpoint"/> can't be written to, or another training that has not ended keeps its state there; the last state that was is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write to <paramref name="checkpoint"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; <see cref="History"/> has the finished epochs.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is not finite.</exception>
    public TrainingHistory FitStream(
        IEnumerable<StreamedImage> images,
        int steps,
        int batchSize,
        int stepsPerEpoch = 100,
        ImageDataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default,
        string? checkpoint = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        DatasetChecks.CheckBatchSize<TModel>(batchSize, nameof(batchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        stepsPerEpoch = Math.Min(stepsPerEpoch, steps);
        var most = (long)stepsPerEpoch * AccumulationSteps * batchSize;
        if (most > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(stepsPerEpoch), stepsPerEpoch, Invariant($"An epoch would have {most} images, more than memory can hold. Choose fewer steps for an epoch."));
        if (_sampleWeights != null)
            throw new ArgumentException("SampleWeights are weights of images that are known before, which those of a stream are not. Give targets that are multiplied by the weight.", nameof(images));
        if (Sampling is { IsByImage: true })
            throw new ArgumentException("The sampling has a weight for each image, and those of a stream are not known before. Sample by classes.", nameof(images));
        if (validation != null)
            DatasetChecks.Check<TModel>(validation, nameof(validation));
        using var busy = Occupy();
        var plan = new StreamPlan(steps, batchSize, stepsPerEpoch, AccumulationSteps);
        var wanted = plan.RunOf(1, 0, null);
        using var folder = HoldCheckpoint(checkpoint);
        var path = checkpoint == null ? null : PrepareCheckpoint(checkpoint, wanted);
        var resumed = ResumedRun(wanted, keepsDone: path != null);
        if (resumed is { IsDone: true })
            return History!;
        folder?.CheckWritable();
        using var stream = images.GetEnumerator();
        var window = FirstWindow(stream, plan, resumed);
        var run = resumed is { Batch: > 0 } ? resumed : plan.RunOf(resumed?.Epoch ?? 1, resumed?.StreamRead ?? 0, window);
        if (resumed == null)
        {
            Begin(run);
        }
        else
        {
            // Resumed between two epochs, it stays so until a batch is trained: what fails before leaves the position.
            using (Model.Parameters.Hold())
                _run = run;
        }

        return StreamCore(stream, window, plan, run, validation, progress, path, cancellationToken);
    }

    /// <summary>The images of the epoch to begin with, or to go on with.</summary>
    private StreamWindow FirstWindow(IEnumerator<StreamedImage> stream, StreamPlan plan, TrainingRun? resumed)
    {
        var read = resumed?.StreamRead ?? 0;
        for (var i = 0L; i < read; i++)
        {
            if (!stream.MoveNext())
                throw new InvalidOperationException(Invariant($"The training had read {read} images of its stream, but this one ends after {i}. Give it the same stream again, from its start."));
        }

        var window = StreamWindow.Read(stream, null, plan.ImagesOf(resumed?.Epoch ?? 1), read, TModel.InputShape, TModel.OutputLength);
        if (resumed is { Batch: > 0 } && (window.Count, TrainingRun.MarkOf(window)) != (resumed.Images, resumed.ImagesMark))
            throw new InvalidOperationException(Invariant($"The stream's images from {read} on are others than those that the training had begun with there. Give it the same stream again, from its start."));
        if (window.Count == 0 && resumed == null)
            throw new ArgumentException("The stream has no images: there is nothing to train on. One that was read to its end before has to be made anew.", "images");
        if (window.Count == 0)
            return window;
        DatasetChecks.Check<TModel>(window, "images");
        if (resumed == null)
            DatasetChecks.CheckCount<TModel>(window, "images");
        CheckTrainable(window);
        return window;
    }

    private TrainingHistory StreamCore(
        IEnumerator<StreamedImage> stream,
        StreamWindow window,
        StreamPlan plan,
        TrainingRun run,
        ImageDataset? validation,
        IProgress<TrainingProgress>? progress,
        string? checkpoint,
        CancellationToken cancellationToken)
    {
        // The last images of a stream may be too few for a batch of their own, and go with those before them.
        var largest = Math.Max(1, Math.Min(window.Count, plan.BatchSize + TModel.MinimumBatch - 1));
        CheckDevice(largest);
        var ahead = _loadAhead ?? 0;
        var ring = NewRing(largest, plan.BatchSize, validation, ahead);
        var work = NewWork();
        var read = run.StreamRead + window.Count;
        WithCallbacks(() =>
        {
            try
            {
                while (!run.IsDone && _stopReason == null && window.Count >= TModel.MinimumBatch)
                {
                    TrainEpoch(run, work, validation, cancellationToken);
                    if (run.IsDone || _stopReason != null)
                        break;
                    window = StreamWindow.Read(stream, window, plan.ImagesOf(run.Epoch), read, TModel.InputShape, TModel.OutputLength);
                    read += window.Count;
                    var next = plan.RunOf(run.Epoch, run.StreamRead, window);
                    using (Model.Parameters.Hold())
                        _run = run = next;
                    work = NewWork();
                }
            }
            catch (OperationCanceledException)
            {
                SaveCheckpoint(checkpoint, work);
                throw;
            }

            // Nothing is left to train on, whatever was asked for.
            using (Model.Parameters.Hold())
                run.Epoch = _stopReason == null ? run.Epochs + 1 : run.Epoch;
            if (read < (long)plan.Steps * plan.Accumulation * plan.BatchSize)
                _stopReason ??= Invariant($"the stream ended after {read} images");
            History!.StopReason = _stopReason;
            _isResumed = false;
        });
        SaveCheckpoint(checkpoint, work);
        return History!;

        EpochWork NewWork() => new(window, ring, ahead, new int[window.Count], window.Count == 0 ? null : Sampling?.SumsOf(window), progress, checkpoint);
    }

    /// <summary>What a stream is trained by.</summary>
    private sealed record StreamPlan(int Steps, int BatchSize, int StepsPerEpoch, int Accumulation)
    {
        private int Epochs => Math.Min(int.MaxValue - 1, 1 + ((Steps - 1) / StepsPerEpoch));

        /// <summary>The images of an epoch, from 1: the last one has what is left.</summary>
        public int ImagesOf(int epoch) => (int)((long)Math.Min(StepsPerEpoch, Steps - ((epoch - 1) * StepsPerEpoch)) * Accumulation * BatchSize);

        /// <summary>An epoch's run; without images, only what was asked for.</summary>
        public TrainingRun RunOf(int epoch, long read, StreamWindow? images) => new()
        {
            Epochs = Epochs,
            BatchSize = BatchSize,
            Images = images?.Count ?? 0,
            ImagesMark = images == null ? 0 : TrainingRun.MarkOf(images),
            Batches = BatchesOf(images?.Count ?? 0, BatchSize),
            Accumulation = Accumulation,
            StreamSteps = StepsPerEpoch,
            StreamTotal = Steps,
            StreamRead = read,
            Epoch = epoch,
        };
    }
}
