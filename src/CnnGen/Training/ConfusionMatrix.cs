using System.Globalization;
using System.Text;

namespace CnnGen;

/// <summary>Counts, for each class, what its images were taken for. A row is a class, a column what the model said.</summary>
public sealed class ConfusionMatrix
{
    /// <summary>Up to so many classes the columns fit on a wide terminal.</summary>
    private const int MostColumns = 30;

    private readonly int[] _counts;
    private readonly IReadOnlyList<string>? _classNames;

    /// <summary>Makes an empty one.</summary>
    /// <param name="classCount">The number of classes, from 1 to 32768.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is out of its range.</exception>
    public ConfusionMatrix(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, 1 << 15);
        ClassCount = classCount;
        _counts = new int[classCount * classCount];
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The classes' names, by which the table calls them; null to number them.</summary>
    /// <exception cref="ArgumentException">They are not as many as there are classes.</exception>
    public IReadOnlyList<string>? ClassNames
    {
        get => _classNames;
        init
        {
            CheckNames(value, nameof(ClassNames));
            _classNames = value;
        }
    }

    /// <summary>The number of images.</summary>
    public int Count { get; private set; }

    /// <summary>The part of all images that were taken for what they are; NaN if there are none.</summary>
    public double Accuracy
    {
        get
        {
            var right = 0;
            for (var i = 0; i < ClassCount; i++)
                right += this[i, i];
            return right / (double)Count;
        }
    }

    /// <summary>The images of class <paramref name="actual"/> that were taken for <paramref name="predicted"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public int this[int actual, int predicted] => _counts[Index(actual, predicted)];

    /// <summary>Counts one image.</summary>
    /// <param name="actual">Its class.</param>
    /// <param name="predicted">What it was taken for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public void Add(int actual, int predicted)
    {
        _counts[Index(actual, predicted)]++;
        Count++;
    }

    /// <summary>Of the images that were taken for this class, the part that are of it; NaN if there are none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Precision(int index)
    {
        var right = this[index, index];
        var all = 0;
        for (var actual = 0; actual < ClassCount; actual++)
            all += this[actual, index];
        return right / (double)all;
    }

    /// <summary>Of the images of this class, the part that were taken for it; NaN if there are none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Recall(int index) => this[index, index] / (double)Total(index);

    /// <summary>The table, classes by <see cref="ClassNames"/>.</summary>
    public override string ToString() => ToString(null);

    /// <summary>
    /// A table: each class's row with its counts, its recall and its precision, in per cent (<c>-</c> where there are no images to go by). Past 30 classes
    /// the counts are those of right ones and of all.
    /// </summary>
    /// <param name="names">The classes' names; null for <see cref="ClassNames"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="names"/> are not as many as there are classes.</exception>
    public string ToString(IReadOnlyList<string>? names)
    {
        CheckNames(names, nameof(names));
        names ??= _classNames ?? Enumerable.Range(0, ClassCount).Select(index => index.ToString(CultureInfo.InvariantCulture)).ToArray();

        var inFull = ClassCount <= MostColumns;
        var rows = new List<string[]> { (string[])["class", .. inFull ? names : ["right", "images"], "recall", "precision"] };
        for (var actual = 0; actual < ClassCount; actual++)
        {
            var row = actual;
            var counts = inFull ? Enumerable.Range(0, ClassCount).Select(predicted => this[row, predicted]) : [this[row, row], Total(row)];
            rows.Add([names[row], .. counts.Select(count => count.ToString(CultureInfo.InvariantCulture)), Percent(Recall(row)), Percent(Precision(row))]);
        }

        return Align(rows);
    }

    private void CheckNames(IReadOnlyList<string>? names, string parameter)
    {
        if (names != null && names.Count != ClassCount)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There are {ClassCount} classes, but {names.Count} names."), parameter);
    }

    private static string Percent(double part) => double.IsNaN(part) ? "-" : (100 * part).ToString("F1", CultureInfo.InvariantCulture);

    private static string Align(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
                text.Append(column == 0 ? row[column].PadRight(widths[0]) : "  " + row[column].PadLeft(widths[column]));
            text.Append('\n');
        }

        return text.ToString(0, text.Length - 1);
    }

    private int Total(int actual)
    {
        var total = 0;
        foreach (var count in _counts.AsSpan(Index(actual, 0), ClassCount))
            total += count;
        return total;
    }

    private int Index(int actual, int predicted)
    {
        if ((uint)actual >= (uint)ClassCount || (uint)predicted >= (uint)ClassCount)
        {
            var (name, value) = (uint)actual >= (uint)ClassCount ? (nameof(actual), actual) : (nameof(predicted), predicted);
            throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"Classes are numbered from 0 to {ClassCount - 1}."));
        }

        return (actual * ClassCount) + predicted;
    }
}
