using System.Globalization;
using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

public sealed partial class Trainer<TModel>
{
    /// <summary>The file of a state in the folder that <c>Fit</c> is given for checkpoints.</summary>
    public const string CheckpointFile = "training.safetensors";

    /// <summary>
    /// Saves all that the training needs to go on later to the bit: weights and running statistics, what the optimiser and the callbacks keep, the average of the weights, the seeds, the history, and
    /// the position within a <c>Fit</c> under way. One safetensors file, written beside the old one and put in its place: a crash at any time leaves one of them whole. May be called at any time, from
    /// any thread; what is saved is the state between two batches.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="InvalidOperationException">The optimiser is not one of the library's, and can't be saved; or the averaged weights are in the model's place.</exception>
    /// <exception cref="IOException">The path leads to no regular file, or the file can't be written; the old file, if any, is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is read-only, or its folder is to this user.</exception>
    public void SaveState(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var parameters = Model.Parameters;
        using (parameters.Hold())
        {
            if (Averaging is { IsInUse: true })
                throw new InvalidOperationException("The averaged weights are in the model's place, by Use(). Dispose what Use() returned before the state is saved.");
            FetchParameters();
            var writer = new StateWriter();
            writer.Add(TrainingState.VersionKey, TrainingState.Version);
            writer.Add("model", NetworkText);
            writer.Add("seeds", SeedsText);
            writer.Add("epochs", _epochs);
            writer.Add("batches", _batches);
            writer.Add("steps", _steps);
            writer.Add("schedule", ScheduleKind);
            TrainingState.WriteParameters(writer, parameters);
            TrainingState.WriteOptimizer(writer, _optimizer, parameters);
            TrainingState.WriteAverage(writer, Averaging, parameters);
            TrainingState.WriteHistory(writer, History);
            TrainingState.WriteRun(writer, _run, parameters);
            writer.Add("callbacks", CallbackKinds);
            foreach (var (i, callback) in StatefulCallbacks.Index())
                callback.Save(writer, Invariant($"callback{i}"), parameters);
            writer.Write(path);
        }
    }

    /// <summary>
    /// Takes up a state that <see cref="SaveState"/> or a checkpoint wrote: all of it, or, where the file is not sound or not this training's, nothing. The trainer is made as it was then, with the same
    /// seed, the same kinds of model, optimiser and schedule, an average and <see cref="EarlyStopping"/> if there was one; other callbacks may differ. Rates, decays and the like are not in the file: they are those of this trainer. Where a <c>Fit</c> or a <c>FitStream</c> was under way, the next one has to be called as that one was, and
    /// goes on from there with the same bits as if nothing had happened.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The file is no training state, damaged, of another version, or that of another network, optimiser, schedule or trainer; the message says which.</exception>
    /// <exception cref="ArgumentException">The average is that of another model's.</exception>
    /// <exception cref="InvalidOperationException"><c>Fit</c>, <c>FindRate</c> or <c>Resume</c> has not returned yet, the optimiser is not one of the library's, or the averaged weights are in the model's place.</exception>
    public void Resume(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var busy = Occupy();
        ResumeCore(path, null);
    }

    private string SeedsText => Invariant($"{_shuffleSeed} {_dropoutSeed} {_augmentationSeed}");

    private string ScheduleKind => _schedule?.Kind ?? "none";

    /// <summary>The callbacks that have something in the state; of the others it says nothing.</summary>
    private IEnumerable<IStatefulCallback> StatefulCallbacks => _callbacks.OfType<IStatefulCallback>();

    private string CallbackKinds => StatefulCallbacks.Any() ? string.Join(", ", StatefulCallbacks.Select(callback => callback.GetType().Name)) : "none";

    private static string NetworkText => Invariant($"{TModel.InputShape} to {TModel.OutputLength} outputs, {TModel.Loss}");

    /// <summary>Takes up a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">The run that a <c>Fit</c> was called for, which a run in the file has to be; null where that is not known yet.</param>
    private void ResumeCore(string path, TrainingRun? wanted)
    {
        var parameters = Model.Parameters;
        using var held = parameters.Hold();
        var reader = new StateReader(path);
        if (reader.Text("model") != NetworkText)
            throw new InvalidDataException($"{reader.Name} is a training state of another network: {Describe.Name(reader.Text("model"))}, but {typeof(TModel).Name} is {NetworkText}. Resume with the network that was trained.");
        var values = TrainingState.ReadParameters(reader, parameters);
        var optimizer = TrainingState.ReadOptimizer(reader, _optimizer, parameters);
        Expect(reader, "schedule", ScheduleKind);
        Expect(reader, "callbacks", CallbackKinds);
        var average = TrainingState.ReadAverage(reader, Averaging, parameters);
        var history = TrainingState.ReadHistory(reader);
        var run = TrainingState.ReadRun(reader, parameters);
        var callbacks = new List<Action>();
        foreach (var (i, callback) in StatefulCallbacks.Index())
            callbacks.Add(callback.Load(reader, Invariant($"callback{i}"), parameters));

        var (epochs, batches, steps) = (reader.Unsigned("epochs"), reader.Unsigned("batches"), reader.Number("steps"));
        var seeds = reader.Text("seeds");
        if (seeds != SeedsText)
            throw new InvalidDataException($"{reader.Name} is a training state of a trainer with another seed. Make the trainer with the seed that it had.");
        if (reader.Unread.FirstOrDefault() is { } surplus)
            throw new InvalidDataException($"{reader.Name} has the tensor '{Describe.Name(surplus)}', which this training has no use for: it was written by a training with other groups of parameters. Make the trainer as it was then.");

        if (wanted != null && run != null)
            CheckSame(run, wanted);

        // A schedule comes to where it was by the results; it may be the user's, and fail.
        _schedule?.Begin();
        foreach (var epoch in history?.Epochs ?? [])
            _schedule?.EpochEnded(epoch);

        // Nothing but the schedule was changed until here, and nothing fails from here on.
        foreach (var (parameter, numbers) in values)
            parameter.Set(numbers);
        optimizer();
        average();
        callbacks.ForEach(load => load());
        (_epochs, _batches, _steps) = (epochs, batches, steps);
        History = history;
        _run = run;
        _isResumed = run != null;
    }

    private static void Expect(StateReader reader, string key, string own)
    {
        if (reader.Text(key) != own)
            throw new InvalidDataException($"{reader.Name} is a training state with the {key} '{Describe.Name(reader.Text(key))}', but this trainer has '{own}'. Make it as it was then.");
    }

    /// <summary>The folder for checkpoints, where there is one, held against other trainings.</summary>
    private CheckpointFolder? HoldCheckpoint(string? folder)
    {
        if (folder == null)
            return null;
        ArgumentException.ThrowIfNullOrEmpty(folder, "checkpoint");
        TrainingState.Chain(_optimizer);
        return CheckpointFolder.Hold(folder);
    }

    /// <summary>The folder's state, taken up where there is one.</summary>
    private string PrepareCheckpoint(string folder, TrainingRun wanted)
    {
        var path = Path.Combine(folder, CheckpointFile);
        if (File.Exists(path))
            ResumeCore(path, wanted);
        return path;
    }

    /// <param name="training">The images of an epoch.</param>
    /// <param name="epochs">The epochs.</param>
    /// <param name="batchSize">The images of a batch.</param>
    private TrainingRun NewRun(ImageDataset training, int epochs, int batchSize)
    {
        return new TrainingRun
        {
            Epochs = epochs,
            BatchSize = batchSize,
            Images = training.Count,
            ImagesMark = TrainingRun.MarkOf(training),
            Batches = BatchesOf(training.Count, batchSize),
            Accumulation = AccumulationSteps,
        };
    }

    /// <summary>The batches of an epoch: images that are too few for a batch of their own go with those before them.</summary>
    private static int BatchesOf(int images, int batchSize)
    {
        var batches = (int)(((long)images + batchSize - 1) / batchSize);
        return batches > 1 && images - ((batches - 1L) * batchSize) < TModel.MinimumBatch ? batches - 1 : batches;
    }

    /// <summary>Sees that a <c>Fit</c>, or a <c>FitStream</c>, is called as the saved one was.</summary>
    private static void CheckSame(TrainingRun saved, TrainingRun wanted)
    {
        var differences = new List<string>();
        if (saved.StreamSteps > 0 != wanted.StreamSteps > 0)
            differences.Add(saved.StreamSteps > 0 ? "it was a FitStream" : "it was a Fit");
        else if (saved.StreamSteps > 0)
            CompareStreams();
        else
            CompareImages();
        if (differences.Count > 0)
        {
            throw new InvalidOperationException(
                $"A Fit that was {(saved.IsDone ? "finished" : "under way")} when its state was saved can't go on, since it is called otherwise: {string.Join("; ", differences)}. "
                    + "Call it as it was called then, or begin anew: without Resume, and with another checkpoint folder or none."
                    + (saved.IsDone ? " To train on from what it came to, take its state up by Resume, and call Fit without a checkpoint folder." : ""));
        }

        void CompareStreams()
        {
            Compare("steps", saved.StreamTotal, wanted.StreamTotal);
            Compare("batchSize", saved.BatchSize, wanted.BatchSize);
            Compare("stepsPerEpoch", saved.StreamSteps, wanted.StreamSteps);
            Compare("AccumulationSteps", saved.Accumulation, wanted.Accumulation);
        }

        void CompareImages()
        {
            Compare("epochs", saved.Epochs, wanted.Epochs);
            Compare("batchSize", saved.BatchSize, wanted.BatchSize);
            Compare("AccumulationSteps", saved.Accumulation, wanted.Accumulation);
            Compare("images", saved.Images, wanted.Images);
            if (saved.Images == wanted.Images && saved.ImagesMark != wanted.ImagesMark)
                differences.Add("the images' shape or labels are others");
        }

        void Compare(string what, int then, int now)
        {
            if (then != now)
                differences.Add(Invariant($"{what} was {then} and is {now}"));
        }
    }

    /// <summary>The run to go on with, if there is one. It stays a resumed one until its first batch is trained: what fails before leaves the position.</summary>
    private TrainingRun? ResumedRun(TrainingRun wanted, bool keepsDone)
    {
        if (!_isResumed || _run is not { } run || (run.IsDone && !keepsDone))
            return null;
        CheckSame(run, wanted);
        return run;
    }

    /// <summary>Begins a new run.</summary>
    private TrainingRun Begin(TrainingRun run)
    {
        using (Model.Parameters.Hold())
        {
            (_isResumed, _run) = (false, run);
            _schedule?.Begin();
            History = new TrainingHistory();
        }

        return run;
    }

    /// <summary>Whether all that a training needs is there, asked before the first batch.</summary>
    private void CheckTrainable(ImageDataset training)
    {
        if (_classWeights != null && training.ClassCount == 0 && Batch.ClassifiedPixels<TModel>() == 1)
            throw new ArgumentException("The training images have no labels, by which ClassWeights could weigh them.", nameof(training));
        if (_sampleWeights != null && _sampleWeights.Length != training.Count)
            throw new ArgumentException(Invariant($"SampleWeights has {_sampleWeights.Length} numbers, but the training data {training.Count} images: give one for each."), nameof(training));
        if (Sampling != null)
            _ = Sampling.SumsOf(training);
        if (Augmentation != null && TargetAugmentation == null && TModel.OutputShape.IsMap && TModel.Loss is (Loss.CrossEntropy or Loss.Hinge or Loss.BinaryCrossEntropy or Loss.ClassesAndBoxes))
        {
            throw new InvalidOperationException(
                "Each pixel has a class, and Augmentation may move pixels: say by TargetAugmentation how the classes move with them (the same change, made for the model's OutputShape), or that they stay (Augment.None).");
        }

        if (TModel.RegionCount > 0 && (Augmentation != null || AlternatingFlip || Mixing != null))
        {
            throw new InvalidOperationException(
                $"{typeof(TModel).Name} reads regions of its images, which don't move with their pixels: leave out Augmentation, AlternatingFlip and Mixing, and change images and regions together in a data set of your own.");
        }

        if (Mixing is { IsCut: true } && TModel.OutputShape.IsMap && (TModel.OutputShape.Height, TModel.OutputShape.Width) != (TModel.InputShape.Height, TModel.InputShape.Width))
        {
            throw new InvalidOperationException(
                $"CutMix needs maps as large as the images, but {typeof(TModel).Name} answers images of shape {TModel.InputShape} with maps of shape {TModel.OutputShape}. Use mixup.");
        }

        using (Model.Parameters.Hold())
        {
            _optimizer.CheckGroups(Model.Parameters);
            Averaging?.CheckFree(Model.Parameters);
        }
    }

    /// <summary>Adds a batch's gradients to the step's.</summary>
    /// <returns>Whether the step has all of its batches, and the parameters' gradients are their mean.</returns>
    private bool Accumulate(TrainingRun run)
    {
        var first = run.Batch / run.Accumulation * run.Accumulation;
        var end = (int)Math.Min((long)first + run.Accumulation, run.Batches);
        var images = 0L;
        for (var i = first; i < end; i++)
            images += run.CountOf(i);
        var part = (float)(run.CountOf(run.Batch) / (double)images);
        run.Accumulated ??= new MovableFloats(Model.Parameters.TrainedLength, hasStatistics: false);
        var isFirst = run.Batch == first;
        if (Device is { } device)
            return AccumulateOn(device.Updates, run.Accumulated, part, isFirst, isLast: run.Batch + 1 == end);
        var sums = run.Accumulated.Span;
        var gradients = Model.Parameters.Gradients;
        for (var i = 0; i < sums.Length; i++)
            sums[i] = MathF.FusedMultiplyAdd(part, gradients[i], isFirst ? 0 : sums[i]);
        if (run.Batch + 1 < end)
            return false;
        sums.CopyTo(gradients);
        return true;
    }
}
