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
    private readonly float[] _regions;
    private readonly int[] _labels;
    private readonly int _imageLength;
    private readonly int _outputLength;
    private readonly int _pixels;
    private readonly int _regionLength;

    private BatchSource? _source;
    private int _first;

    /// <param name="shape">The shape of an image.</param>
    /// <param name="outputLength">The numbers of an output; 0 where images alone are wanted, without targets.</param>
    /// <param name="pixels">The pixels of an output at each of which its channels are classes; 1 for one class an image.</param>
    /// <param name="capacity">The most images.</param>
    /// <param name="regionCount">The regions that come with an image.</param>
    public Batch(ImageShape shape, int outputLength, int pixels, int capacity, int regionCount = 0)
    {
        _imageLength = shape.Length;
        _outputLength = outputLength;
        _pixels = pixels;
        _regionLength = regionCount * RegionBox.Length;
        var longest = (long)capacity * Math.Max(_imageLength, Math.Max(outputLength, _regionLength));
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
        _regions = new float[capacity * _regionLength];
        _labels = new int[capacity];
        Capacity = capacity;
    }

    /// <summary>Room for a model's images.</summary>
    public static Batch For<TModel>(int capacity)
        where TModel : class, IModel<TModel> => new(TModel.InputShape, TModel.OutputLength, ClassifiedPixels<TModel>(), capacity, TModel.RegionCount) { Classes = ClassesOf<TModel>() };

    /// <summary>The pixels of an output at each of which a model's loss takes the channels for classes: 1 for one class an image.</summary>
    public static int ClassifiedPixels<TModel>()
        where TModel : class, IModel<TModel> => TModel.Loss is Loss.CrossEntropy or Loss.Hinge or Loss.ClassesAndBoxes ? TModel.OutputShape.Height * TModel.OutputShape.Width : 1;

    /// <summary>The classes that a model compares: the numbers at each of these pixels, but for boxes.</summary>
    private static int ClassesOf<TModel>()
        where TModel : class, IModel<TModel> => LossOfScores.ClassesOf(TModel.Loss, TModel.OutputLength / ClassifiedPixels<TModel>());

    public int Capacity { get; }

    /// <summary>The channels of an output that are classes, the first ones; 0 for all.</summary>
    private int Classes { get; init; }

    public int Count { get; private set; }

    public ReadOnlySpan<float> Images => _images.AsSpan(0, Count * _imageLength);

    /// <summary>Four numbers for each region of each image; nothing where images come alone.</summary>
    public ReadOnlySpan<float> Regions => _regions.AsSpan(0, Count * _regionLength);

    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, Count * _outputLength);

    public Span<float> Scores => _scores.AsSpan(0, Count * _outputLength);

    /// <summary>The label of one image, or -1 where the images have none.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>Says which images come next, before they are loaded.</summary>
    /// <param name="source">Where they come from, and what becomes of them.</param>
    /// <param name="first">The first of the batch, as a place in the source's order.</param>
    /// <param name="count">The number of images, up to <see cref="Capacity"/>.</param>
    public void Prepare(BatchSource source, int first, int count) => (_source, _first, Count) = (source, first, count);

    /// <summary>Loads all images, on all threads.</summary>
    public void Load()
    {
        // Where images are decoded or augmented each is work enough; where they are copied only, several make a chunk.
        var grain = _source!.IsCopyOnly ? Math.Max(1, GrainFloats / _imageLength) : 1;
        var self = this;
#pragma warning disable CS8500 // The address of a reference: it lies on this stack, which the garbage collector keeps up to date until Run returns.
        WorkerTeam.Run(&Load, &self, Count, grain);
#pragma warning restore CS8500
    }

    /// <summary>Loads one image; several threads may, each another.</summary>
    public void Load(int i)
    {
        var source = _source!;
        var index = source.Order == null ? _first + i : source.Order[_first + i];
        var image = _images.AsSpan(i * _imageLength, _imageLength);
        source.Dataset.CopyImage(index, image, source.Normalization);
        if (_regionLength > 0)
            source.Dataset.CopyRegions(index, _regions.AsSpan(i * _regionLength, _regionLength));
        if (_outputLength == 0)
            return;
        var target = _targets.AsSpan(i * _outputLength, _outputLength);
        source.Dataset.CopyTarget(index, target);
        _labels[i] = source.Dataset.ClassCount == 0 ? -1 : source.Dataset.GetLabel(index);
        var seed = new CounterRandom(source.Seed, (ulong)index).NextUInt64();
        source.Augmentation?.Invoke(image, index, seed);
        source.TargetAugmentation?.Invoke(target, index, seed);
        if (source.LabelSmoothing > 0)
            Smooth(target, source.LabelSmoothing);
        if (source.ClassWeights != null && _pixels > 1)
            Weigh(target, source.ClassWeights);
        else if (source.ClassWeights != null)
            Multiply(target, source.ClassWeights[_labels[i]]);
        if (source.SampleWeights != null)
            Multiply(target, source.SampleWeights[index]);
    }

    /// <summary>Mixes the images and their targets in pairs.</summary>
    public void Mix(ImageMixing mixing, ImageShape shape, ImageShape output, ulong seed) =>
        mixing.Apply(shape, output, _images.AsSpan(0, Count * _imageLength), _targets.AsSpan(0, Count * _outputLength), Count, seed);

    /// <summary>The place of an image's highest score, the first of equal ones.</summary>
    public int Predicted(int image) => global::CnnGen.Runtime.Scores.Highest(_scores.AsSpan(image * _outputLength, _outputLength));

    /// <summary>The pixels that have a class, and those of them whose highest score is its.</summary>
    public (long Right, long All) CountPixels()
    {
        var (right, all) = (0L, 0L);
        var length = Classes > 0 ? Classes * _pixels : _outputLength;
        for (var start = 0; start < Count * _outputLength; start += _outputLength)
        {
            for (var pixel = start; pixel < start + _pixels; pixel++)
            {
                var (wanted, best) = (pixel, pixel);
                for (var i = pixel; i < start + length; i += _pixels)
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

    private static void Load(void* argument, int worker, int from, int to)
    {
#pragma warning disable CS8500
        var self = *(Batch*)argument;
#pragma warning restore CS8500
        for (var i = from; i < to; i++)
            self.Load(i);
    }

    private static void Multiply(Span<float> target, float weight)
    {
        foreach (ref var value in target)
            value *= weight;
    }

    private void Smooth(Span<float> target, float smoothing)
    {
        var classes = _outputLength / _pixels;
        for (var pixel = 0; pixel < _pixels; pixel++)
        {
            // Of a pixel without a class nothing is wanted, smoothed or not.
            var sum = _pixels == 1 ? 1 : 0f;
            for (var i = pixel; _pixels > 1 && i < target.Length; i += _pixels)
                sum += target[i];
            for (var i = pixel; i < target.Length; i += _pixels)
                target[i] = (target[i] * (1 - smoothing)) + (smoothing * sum / classes);
        }
    }

    private void Weigh(Span<float> target, float[] weights)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] *= weights[i / _pixels];
    }
}
