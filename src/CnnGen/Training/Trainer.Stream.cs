using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

public sealed partial class Trainer<TModel>
{
    /// <summary>Whether the last <c>FitStream</c> took all its steps.</summary>
    private bool _isStreamDone;

    /// <summary>
    /// Trains the model on a stream of images whose number nobody knows: it may have no end, and is read once. An epoch is the next <paramref name="stepsPerEpoch"/> batches, which are held in memory and trained on in an order that
    /// the seed decides; schedules, callbacks and validation go by these epochs. All else is as in <c>Fit</c>. Where the stream ends before its steps are taken, so does the training, and
    /// <see cref="TrainingHistory.StopReason"/> says so. A state saves no place in the stream, and none in the schedule: called again, the weights, the optimiser and the average go on, and the schedule, the history and the callbacks begin anew.
    /// </summary>
    /// <param name="images">The images, read on this thread between two epochs; each stays as it is until its epoch is over.</param>
    /// <param name="steps">The steps to take, 1 or more; schedules count them rounded up to whole epochs. The last epoch has what is left.</param>
    /// <param name="batchSize">The images of a batch, 1 or more.</param>
    /// <param name="stepsPerEpoch">The steps of an epoch, 1 or more.</param>
    /// <param name="validation">Images to measure the model on after each epoch, or null.</param>
    /// <param name="progress">Told after each batch, on this thread, and after each validation; or null.</param>
    /// <param name="cancellationToken">Ends the training after the batch that is being worked on.</param>
    /// <returns>What came of each epoch; the same object as <see cref="History"/>.</returns>
    /// <exception cref="ArgumentException">The stream is empty, or an image or its label doesn't suit the model; <see cref="SampleWeights"/> or a sampling by images are set, which are of images that are known.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException"><c>Fit</c>, <c>FindRate</c> or <c>Resume</c> of this trainer has not returned yet, or the optimiser's groups leave nothing to train.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; <see cref="History"/> has the finished epochs.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is not finite.</exception>
    public TrainingHistory FitStream(
        IEnumerable<StreamedImage> images,
        int steps,
        int batchSize,
        int stepsPerEpoch = 100,
        ImageDataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
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
        using var stream = images.GetEnumerator();
        var window = StreamWindow.Read(stream, null, (int)most, 0, TModel.InputShape, TModel.OutputLength);
        if (window.Count == 0)
            throw new ArgumentException("The stream has no images: there is nothing to train on. One that was read to its end before has to be made anew.", nameof(images));
        DatasetChecks.Check<TModel>(window, nameof(images));
        DatasetChecks.CheckCount<TModel>(window, nameof(images));
        CheckTrainable(window);
        using (Model.Parameters.Hold())
        {
            (_isResumed, _run, _isStreamDone) = (false, null, false);
            _schedule?.Begin();
            History = new TrainingHistory();
        }

        return StreamCore(stream, window, new StreamPlan(steps, batchSize, stepsPerEpoch), validation, progress, cancellationToken);
    }

    private TrainingHistory StreamCore(
        IEnumerator<StreamedImage> stream, StreamWindow window, StreamPlan plan, ImageDataset? validation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        // The last images of a stream may be too few for a batch of their own, and go with those before them.
        var largest = Math.Min(window.Count, plan.BatchSize + TModel.MinimumBatch - 1);
        var ring = NewRing(largest, plan.BatchSize, validation, _loadAhead ?? 0);
        long read = window.Count;
        WithCallbacks(() =>
        {
            var epochs = (plan.Steps + plan.StepsPerEpoch - 1) / plan.StepsPerEpoch;
            for (var epoch = 1; epoch <= epochs && _stopReason == null; epoch++)
            {
                if (epoch > 1)
                {
                    var left = Math.Min(plan.StepsPerEpoch, plan.Steps - ((epoch - 1) * plan.StepsPerEpoch));
                    window = StreamWindow.Read(stream, window, (int)((long)left * AccumulationSteps * plan.BatchSize), read, TModel.InputShape, TModel.OutputLength);
                    read += window.Count;
                }

                if (window.Count < TModel.MinimumBatch)
                    break;
                var run = NewRun(window, epochs, plan.BatchSize, plan.StepsPerEpoch);
                run.Epoch = epoch;
                TrainEpoch(run, new EpochWork(window, ring, new int[window.Count], Sampling?.SumsOf(window), progress, null), validation, cancellationToken);
            }

            _isStreamDone = _stopReason == null;
            if (read < (long)plan.Steps * AccumulationSteps * plan.BatchSize)
                _stopReason ??= Invariant($"the stream ended after {read} images");
            History!.StopReason = _stopReason;
        });
        return History!;
    }

    /// <summary>What a stream is trained by.</summary>
    private sealed record StreamPlan(int Steps, int BatchSize, int StepsPerEpoch);
}
