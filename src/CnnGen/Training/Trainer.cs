using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Trains a model on labelled images, batch by batch, and measures it. Everything that chance decides (the order of the images, dropout, augmentation) comes from the
/// seed: the same model, data and calls give the same bits again, whatever the number of threads, and also where the training was killed and resumed.
/// </summary>
/// <typeparam name="TModel">The model class.</typeparam>
public sealed partial class Trainer<TModel> : ITraining
    where TModel : class, ITrainableModel<TModel>
{
    private readonly Optimizer _optimizer;
    private readonly LearningRateSchedule? _schedule;
    private readonly ulong _shuffleSeed;
    private readonly ulong _dropoutSeed;
    private readonly ulong _augmentationSeed;
    private readonly int _accumulationSteps = 1;
    private readonly double _labelSmoothing;
    private readonly float[]? _classWeights;
    private readonly float[]? _sampleWeights;
    private readonly int? _loadAhead;
    private readonly ITrainingCallback[] _callbacks = [];
    private readonly TimeSpan _checkpointInterval = TimeSpan.FromMinutes(1);

    /// <summary>Over the trainer's whole life, so that a further training goes on with new orders of the images: the epochs begun, and the batches.</summary>
    private ulong _epochs;
    private ulong _batches;
    private long _steps;

    /// <summary>1 while <c>Fit</c>, <c>FindRate</c> or <c>Resume</c> runs.</summary>
    private int _isBusy;

    /// <summary>Makes a trainer.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="optimizer">What changes the parameters. What it remembers between steps lasts from one <c>Fit</c> to the next.</param>
    /// <param name="schedule">Scales the optimiser's learning rate, over each <c>Fit</c> anew; null leaves it constant.</param>
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
    /// Changes what is wanted of each image alike, where that is a map (segmentation), or null: called with the target (C x H x W floats, as the model's output) and the seed that <see cref="Augmentation"/> had for the image. The same
    /// change made for the other shape moves both alike: <c>Augment.Crop(Net.InputShape, 4)</c> and <c>Augment.Crop(Net.OutputShape, 4, CropFill.Zero)</c>, where pixels that come in from outside have no class. Where each
    /// pixel has a class an <see cref="Augmentation"/> needs this; <see cref="Augment.None"/> says that it leaves every pixel in its place.
    /// </summary>
    public ImageAugmentation? TargetAugmentation { get; init; }

    /// <summary>
    /// Whether each image is mirrored left to right in every second epoch: one half of the images, chosen by the seed, in the first, the third, and so on, the other half in those between. So each is seen once
    /// each way in two epochs, which chance alone does for half of them. A target that is a map is mirrored with its image. Comes before <see cref="Augmentation"/>.
    /// </summary>
    public bool AlternatingFlip { get; init; }

    /// <summary>Mixes the images of each batch in pairs, or null. Comes after <see cref="Augmentation"/>.</summary>
    public ImageMixing? Mixing { get; init; }

    /// <summary>Keeps gradients from being too large, or null.</summary>
    public GradientClipping? Clipping { get; init; }

    /// <summary>Which images an epoch trains on; null for each of them once.</summary>
    public ImageSampling? Sampling { get; init; }

    /// <summary>An average of the weights that is kept as the model is trained, or null. The validation of an epoch then measures the average.</summary>
    public WeightAverage? Averaging { get; init; }

    /// <summary>
    /// The batches whose gradients, averaged over all their images, make one step, 1 or more: for batches larger than there is memory for. An epoch's last step has the batches that
    /// are left. Batch normalisation still sees each batch by itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int AccumulationSteps
    {
        get => _accumulationSteps;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(AccumulationSteps));
            _accumulationSteps = value;
        }
    }

    /// <summary>
    /// The part of a target, in [0, 1), that is taken from it and shared out to all outputs alike in training (Szegedy et al. 2016, section 7): t' = (1 - s) t + s / outputs. For cross-entropy.
    /// The model's declaration may have a smoothing of its own, which counts when it is measured too: one of the two, not both.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    /// <exception cref="ArgumentException">The model's loss is not cross-entropy, or its declaration smooths labels already.</exception>
    public double LabelSmoothing
    {
        get => _labelSmoothing;
        init
        {
            if (!((float)value is >= 0 and < 1))
                throw new ArgumentOutOfRangeException(nameof(LabelSmoothing), string.Create(CultureInfo.InvariantCulture, $"LabelSmoothing is {value}, but must be at least 0 and less than 1, such as 0.1."));
            if (value > 0)
                CheckCrossEntropy(nameof(LabelSmoothing));
            if (value > 0 && TModel.LossSettings.LabelSmoothing > 0)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"{typeof(TModel).Name} is declared with LabelSmoothing = {TModel.LossSettings.LabelSmoothing} already, which this would come on top of. Leave one of them out."),
                    nameof(LabelSmoothing));
            }

            _labelSmoothing = value;
        }
    }

    /// <summary>
    /// A weight for each class, finite, 0 or more, by which the loss and the gradients of its images are multiplied in training, or null. For cross-entropy. The mean is over the images of a
    /// batch; PyTorch's divides by the sum of their weights.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// There are not as many weights as the model has classes, one is out of its range, all are 0, the model's loss is not cross-entropy, or its declaration has weights of its own.
    /// </exception>
    public IReadOnlyList<float>? ClassWeights
    {
        get => _classWeights;
        init
        {
            if (value == null)
                return;
            CheckCrossEntropy(nameof(ClassWeights));
            if (TModel.LossSettings.ClassWeights != null)
                throw new ArgumentException($"{typeof(TModel).Name} is declared with ClassWeights already, which these would come on top of. Leave one of them out.", nameof(ClassWeights));
            var classes = TModel.OutputLength / Batch.ClassifiedPixels<TModel>();
            if (value.Count != classes || value.Any(weight => !(weight >= 0 && float.IsFinite(weight))) || value.All(weight => weight == 0))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"ClassWeights has {value.Count} numbers, but needs {classes}, one for each class of {typeof(TModel).Name}: finite, 0 or more, not all 0."),
                    nameof(ClassWeights));
            }

            _classWeights = [.. value];
        }
    }

    /// <summary>
    /// A weight for each training image, finite, 0 or more, by which its loss and gradients are multiplied, or null. For cross-entropy. The mean is over the images of a batch, as with
    /// <see cref="ClassWeights"/>, and both may be given.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is out of its range, all are 0, or the model's loss is not cross-entropy.</exception>
    public IReadOnlyList<float>? SampleWeights
    {
        get => _sampleWeights;
        init
        {
            if (value == null)
                return;
            CheckCrossEntropy(nameof(SampleWeights));
            for (var i = 0; i < value.Count; i++)
            {
                if (!(value[i] >= 0 && float.IsFinite(value[i])))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The weight of image {i} is {value[i]}, but must be a finite number, 0 or more."), nameof(SampleWeights));
            }

            if (value.All(weight => weight == 0))
                throw new ArgumentException("No image has a weight above 0: there would be nothing to learn.", nameof(SampleWeights));
            _sampleWeights = [.. value];
        }
    }

    /// <summary>
    /// The batches that are loaded, and their images changed, on <see cref="Threads.Count"/> - 1 threads while the model is trained on the one before them: from 0 to 64. Each takes the memory of a batch.
    /// Without it 2 where the images have to be read or decoded first (<see cref="ImageDataset.IsInMemory"/>), and 0 where they lie in memory: then all threads load a batch when it is needed. The training has the
    /// same bits whatever this is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside 0 to 64.</exception>
    public int? LoadAhead
    {
        get => _loadAhead;
        init
        {
            if (value is < 0 or > 64)
                throw new ArgumentOutOfRangeException(nameof(LoadAhead), value, "LoadAhead must be from 0 to 64 batches.");
            _loadAhead = value;
        }
    }

    /// <summary>Where steps are taken and predictions of <c>Evaluate</c> and of validations made, a session of the model's on a GPU for one (<c>CnnGen.Ilgpu</c>); null for the CPU.</summary>
    public ITrainingDevice<TModel>? Device { get; init; }

    /// <summary>What looks on, and may end the training. Called in this order, but that <see cref="EarlyStopping"/> is the first to hear of an epoch.</summary>
    /// <exception cref="ArgumentNullException">The list, or a callback of it, is null.</exception>
    public IReadOnlyList<ITrainingCallback> Callbacks
    {
        get => _callbacks;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Callbacks));
            foreach (var callback in value)
                ArgumentNullException.ThrowIfNull(callback, nameof(Callbacks));
            _callbacks = [.. value];
        }
    }

    /// <summary>How long after a checkpoint within an epoch the next one is written, 0 or more: what a killed training loses at most. The end of an epoch always writes one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan CheckpointInterval
    {
        get => _checkpointInterval;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(CheckpointInterval));
            _checkpointInterval = value;
        }
    }

    /// <summary>
    /// The epochs that the last <c>Fit</c> finished, also while it runs and after it ended by an exception; null before the first.
    /// </summary>
    public TrainingHistory? History { get; private set; }

    ParameterStore ITraining.Parameters
    {
        get
        {
            using (Model.Parameters.Hold())
                FetchParameters();
            return Model.Parameters;
        }
    }

    TrainingHistory ITraining.History => History!;

    long ITraining.Steps => _steps;

    bool ITraining.IsFinished => _run is { IsDone: true };

    void ITraining.Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        _stopReason ??= reason;
    }

    /// <summary>Measures the model on labelled images, as it predicts (no dropout, running statistics): <see cref="Measurement.Evaluate"/>.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="batchSize">The images to predict at a time, 1 or more: more memory, less time.</param>
    /// <param name="views">Views of each image whose outputs are averaged (test-time augmentation), or null.</param>
    /// <param name="cancellationToken">Ends the measuring between batches.</param>
    /// <returns>The loss, the accuracy, and which classes were taken for which.</returns>
    /// <exception cref="ArgumentException">The data set doesn't suit the model, or is empty; a label is no output of the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Evaluation Evaluate(ImageDataset dataset, int batchSize = 256, TestTimeAugmentation? views = null, CancellationToken cancellationToken = default) =>
        Measurement.EvaluateBy(Model, Prediction, dataset, batchSize, views, cancellationToken);

    /// <summary>Leaves the trainer to one call, until the scope ends.</summary>
    /// <exception cref="InvalidOperationException">Another call has it.</exception>
    private BusyScope Occupy() => Interlocked.Exchange(ref _isBusy, 1) == 0
        ? new BusyScope(this)
        : throw new InvalidOperationException("Fit, FindRate or Resume of this trainer has not returned yet. Wait for it, or make another trainer, with a model of its own.");

    private static void CheckCrossEntropy(string name)
    {
        if (TModel.Loss != Loss.CrossEntropy)
            throw new ArgumentException($"{name} is for cross-entropy, but the loss of {typeof(TModel).Name} is {TModel.Loss}. Let the model end in Softmax, or leave it out.", name);
    }

    /// <summary>What an epoch's images are changed and mixed by, from 0 over the trainer's whole life.</summary>
    private ulong AugmentationSeedOf(ulong epoch) => new CounterRandom(_augmentationSeed, epoch).NextUInt64();

    /// <summary>What a batch's dropout goes by, from 0 over the trainer's whole life.</summary>
    private ulong DropoutSeedOf(ulong batch) => new CounterRandom(_dropoutSeed, batch).NextUInt64();

    /// <summary>How the images of one epoch are made, from 0 over the trainer's whole life.</summary>
    private BatchSource SourceOf(ImageDataset training, int[] order, ulong epoch) => new(training, TModel.Normalization)
    {
        Order = order,
        Augmentation = FlippedBefore(Augmentation, TModel.InputShape, epoch),
        TargetAugmentation = TModel.OutputShape.IsMap ? FlippedBefore(TargetAugmentation, TModel.OutputShape, epoch) : TargetAugmentation,
        Seed = AugmentationSeedOf(epoch),
        LabelSmoothing = (float)_labelSmoothing,
        ClassWeights = _classWeights,
        SampleWeights = _sampleWeights,
    };

    /// <summary>Mixes the images of a batch that is loaded, by its number within the epoch.</summary>
    private void Mix(Batch batch, BatchSource source, int number)
    {
        if (Mixing != null)
            batch.Mix(Mixing, TModel.InputShape, TModel.OutputShape, CounterRandom.At(source.Seed, ulong.MaxValue - (ulong)number));
    }

    /// <summary>What becomes of each image, or of each target, in one epoch, from 0 over the trainer's whole life.</summary>
    private ImageAugmentation? FlippedBefore(ImageAugmentation? change, ImageShape shape, ulong epoch)
    {
        if (!AlternatingFlip)
            return change;
        var sides = CounterRandom.Key(_augmentationSeed, ulong.MaxValue);
        return (image, index, seed) =>
        {
            if (((CounterRandom.At(sides, (ulong)index) + epoch) & 1) == 0)
                Augment.Mirror(shape, image);
            change?.Invoke(image, index, seed);
        };
    }

    private readonly ref struct BusyScope(Trainer<TModel> trainer)
    {
        private readonly Trainer<TModel> _trainer = trainer;

        public void Dispose() => Volatile.Write(ref _trainer._isBusy, 0);
    }
}
