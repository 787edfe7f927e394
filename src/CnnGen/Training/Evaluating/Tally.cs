namespace CnnGen.Runtime;

/// <summary>Loss, accuracy and confusion of outputs, batch by batch.</summary>
internal sealed class Tally
{
    private readonly ImageDataset _dataset;
    private readonly ConfusionMatrix? _matrix;
    private readonly int _pixels;
    private double _lossSum;
    private long _right;
    private long _all;

    /// <summary>Begins.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="outputs">The outputs of one.</param>
    /// <param name="pixels">The pixels of an output at each of which its channels are classes; 1 for one class an image.</param>
    /// <param name="names">The model's names of the classes, where the images have none; or null.</param>
    /// <param name="hasMatrix">Whether to count which classes were taken for which.</param>
    public Tally(ImageDataset dataset, int outputs, int pixels, IReadOnlyList<string>? names, bool hasMatrix = true)
    {
        _dataset = dataset;
        _pixels = pixels;
        names = dataset.ClassNames ?? names;
        if (hasMatrix && dataset.ClassCount > 0)
            _matrix = new ConfusionMatrix(outputs) { ClassNames = names?.Count == outputs ? names : null };
    }

    /// <summary>What came of all images of the data set.</summary>
    public Evaluation Result => new(_dataset.Count, _lossSum / _dataset.Count, _all == 0 ? double.NaN : _right / (double)_all, _matrix);

    public void Add(Batch batch, Loss loss, LossSettings settings)
    {
        _lossSum += batch.SumLoss(loss, settings);

        // The class of a place stands in its targets, also where the place is the only one: one region, or the whole image.
        var isOfPixels = _dataset.ClassCount == 0 && (_pixels > 1 || loss == Loss.ClassesAndBoxes);
        var (right, all) = isOfPixels ? batch.CountPixels() : (batch.CountRight(), _dataset.ClassCount == 0 ? 0 : batch.Count);
        (_right, _all) = (_right + right, _all + all);
        for (var i = 0; _matrix != null && i < batch.Count; i++)
            _matrix.Add(batch.Labels[i], batch.Predicted(i));
    }
}
