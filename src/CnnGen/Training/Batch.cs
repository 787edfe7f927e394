using System.Globalization;

namespace CnnGen.Runtime;

/// <summary>Room for a batch of images, what is wanted of them, and what a model makes of them.</summary>
internal sealed unsafe class Batch
{
    /// <summary>Floats of images to a chunk: copying fewer is not worth another thread.</summary>
    private const int GrainFloats = 16 * 1024;

    private readonly float[] _images;
    private readonly float[] _targets;
    private readonly float[] _scores;
    private readonly int[] _labels;
    private readonly int _imageLength;
    private readonly int _outputLength;
    private readonly int _pixels;

    private ImageDataset? _dataset;
    private Normalization? _normalization;
    private ImageAugmentation? _augmentation;
    private int[]? _order;
    private int _first;
    private ulong _seed;
    private float _labelSmoothing;
    private float[]? _classWeights;

    /// <param name="shape">The shape of an image.</param>
    /// <param name="outputLength">The numbers of an output.</param>
    /// <param name="pixels">The pixels of an output at each of which its channels are classes; 1 for one class an image.</param>
    /// <param name="capacity">The most images.</param>
    private Batch(ImageShape shape, int outputLength, int pixels, int capacity)
    {
        _imageLength = shape.Length;
        _outputLength = outputLength;
        _pixels = pixels;
        var longest = (long)capacity * Math.Max(_imageLength, outputLength);
        if (longest > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                "batchSize",
                capacity,
                string.Create(CultureInfo.InvariantCulture, $"A batch of so many images of shape {shape} has more than {Array.MaxLength} floats. Use smaller batches."));
        }

        _images = new float[capacity * _imageLength];
        _targets = new float[capacity * outputLength];
        _scores = new float[capacity * outputLength];
        _labels = new int[capacity];
        Capacity = capacity;
    }

    /// <summary>Room for a model's images.</summary>
    public static Batch For<TModel>(int capacity)
        where TModel : class, IModel<TModel> => new(TModel.InputShape, TModel.OutputLength, ClassifiedPixels<TModel>(), capacity);

    /// <summary>The pixels of an output at each of which a model's loss takes the channels for classes: 1 for one class an image.</summary>
    public static int ClassifiedPixels<TModel>()
        where TModel : class, IModel<TModel> => TModel.Loss is Loss.CrossEntropy or Loss.Hinge ? TModel.OutputShape.Height * TModel.OutputShape.Width : 1;

    public int Capacity { get; }

    public int Count { get; private set; }

    public ReadOnlySpan<float> Images => _images.AsSpan(0, Count * _imageLength);

    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, Count * _outputLength);

    public Span<float> Scores => _scores.AsSpan(0, Count * _outputLength);

    /// <summary>The label of one image, or -1 where the images have none.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>Gathers images, on all threads.</summary>
    /// <param name="dataset">Where they come from.</param>
    /// <param name="normalization">What becomes of bytes: the model's.</param>
    /// <param name="order">The images' numbers in the order of training; null for all in their own.</param>
    /// <param name="first">The first of the batch, as a place in that order.</param>
    /// <param name="count">The number of images, up to <see cref="Capacity"/>.</param>
    /// <param name="augmentation">Changes each image, or null.</param>
    /// <param name="seed">Decides, with an image's number, that image's seed for the change.</param>
    /// <param name="labelSmoothing">The part of each target that all outputs share.</param>
    /// <param name="classWeights">What the targets of each class's images are multiplied by, or null.</param>
    public void Gather(
        ImageDataset dataset,
        Normalization normalization,
        int[]? order,
        int first,
        int count,
        ImageAugmentation? augmentation,
        ulong seed,
        float labelSmoothing = 0,
        float[]? classWeights = null)
    {
        Count = count;
        _dataset = dataset;
        _normalization = normalization;
        _order = order;
        _first = first;
        _augmentation = augmentation;
        _seed = seed;
        _labelSmoothing = labelSmoothing;
        _classWeights = classWeights;

        // Where images are decoded or augmented each is work enough; where they are copied only, several make a chunk.
        var grain = augmentation != null ? 1 : Math.Max(1, GrainFloats / _imageLength);
        var self = this;
#pragma warning disable CS8500 // The address of a reference: it lies on this stack, which the garbage collector keeps up to date until Run returns.
        WorkerTeam.Run(&Gather, &self, count, grain);
#pragma warning restore CS8500
        _dataset = null;
        _augmentation = null;
    }

    /// <summary>Mixes the images and their targets in pairs.</summary>
    public void Mix(ImageMixing mixing, ImageShape shape, ulong seed) =>
        mixing.Apply(shape, _images.AsSpan(0, Count * _imageLength), _targets.AsSpan(0, Count * _outputLength), Count, seed);

    /// <summary>The place of an image's highest score, the first of equal ones.</summary>
    public int Predicted(int image) => global::CnnGen.Runtime.Scores.Highest(_scores.AsSpan(image * _outputLength, _outputLength));

    /// <summary>The pixels that have a class, and those of them whose highest score is its.</summary>
    public (long Right, long All) CountPixels()
    {
        var (right, all) = (0L, 0L);
        for (var start = 0; start < Count * _outputLength; start += _outputLength)
        {
            for (var pixel = start; pixel < start + _pixels; pixel++)
            {
                var (wanted, best) = (pixel, pixel);
                for (var i = pixel; i < start + _outputLength; i += _pixels)
                {
                    wanted = _targets[i] > _targets[wanted] ? i : wanted;
                    best = _scores[i] > _scores[best] ? i : best;
                }

                // A pixel without a class has no target.
                if (_targets[wanted] <= 0)
                    continue;
                all++;
                right += wanted == best ? 1 : 0;
            }
        }

        return (right, all);
    }

    /// <summary>The images whose highest score is their label's.</summary>
    public int CountRight()
    {
        var right = 0;
        for (var image = 0; image < Count; image++)
        {
            if (Predicted(image) == _labels[image])
                right++;
        }

        return right;
    }

    /// <summary>The loss, summed over the images, of the scores as they stand.</summary>
    public double SumLoss(Loss loss, LossSettings settings)
    {
        var sum = 0.0;
        for (var image = 0; image < Count; image++)
            sum += LossOfScores.Of(loss, settings, _scores.AsSpan(image * _outputLength, _outputLength), _targets.AsSpan(image * _outputLength, _outputLength), _pixels);
        return sum;
    }

    private static void Gather(void* argument, int worker, int from, int to)
    {
#pragma warning disable CS8500
        (*(Batch*)argument).Gather(from, to);
#pragma warning restore CS8500
    }

    private void Gather(int from, int to)
    {
        var (dataset, normalization) = (_dataset!, _normalization!);
        for (var i = from; i < to; i++)
        {
            var index = _order == null ? _first + i : _order[_first + i];
            var image = _images.AsSpan(i * _imageLength, _imageLength);
            dataset.CopyImage(index, image, normalization);
            var target = _targets.AsSpan(i * _outputLength, _outputLength);
            dataset.CopyTarget(index, target);
            _labels[i] = dataset.ClassCount == 0 ? -1 : dataset.GetLabel(index);
            _augmentation?.Invoke(image, index, new CounterRandom(_seed, (ulong)index).NextUInt64());
            if (_labelSmoothing > 0)
                Smooth(target);
            if (_classWeights != null && _pixels > 1)
                Weigh(target, _classWeights);
            else if (_classWeights != null)
            {
                foreach (ref var value in target)
                    value *= _classWeights[_labels[i]];
            }
        }
    }

    private void Smooth(Span<float> target)
    {
        var classes = _outputLength / _pixels;
        for (var pixel = 0; pixel < _pixels; pixel++)
        {
            // Of a pixel without a class nothing is wanted, smoothed or not.
            var sum = _pixels == 1 ? 1 : 0f;
            for (var i = pixel; _pixels > 1 && i < target.Length; i += _pixels)
                sum += target[i];
            for (var i = pixel; i < target.Length; i += _pixels)
                target[i] = (target[i] * (1 - _labelSmoothing)) + (_labelSmoothing * sum / classes);
        }
    }

    private void Weigh(Span<float> target, float[] weights)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] *= weights[i / _pixels];
    }
}
