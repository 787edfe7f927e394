using System.Numerics;

namespace MnistSample.Digits;

/// <summary>The lines of one digit on their way from the strokes to the raster. Used again for the next image, so that drawing allocates nothing.</summary>
internal sealed class PenPath
{
    private Vector2[] _points = new Vector2[128];
    private bool[] _startsStroke = new bool[128];

    /// <summary>The number of points.</summary>
    public int Count { get; private set; }

    /// <summary>The points, to be moved in place.</summary>
    public Span<Vector2> Points => _points.AsSpan(0, Count);

    /// <summary>Whether the pen comes to this point through the air.</summary>
    public bool StartsStroke(int index) => _startsStroke[index];

    public void Clear() => Count = 0;

    public void MoveTo(Vector2 point) => Add(point, startsStroke: true);

    public void LineTo(Vector2 point) => Add(point, startsStroke: false);

    /// <summary>The smallest upright rectangle around all points.</summary>
    public (Vector2 Least, Vector2 Most) Bounds()
    {
        var least = Points[0];
        var most = least;
        foreach (var point in Points)
        {
            least = Vector2.Min(least, point);
            most = Vector2.Max(most, point);
        }

        return (least, most);
    }

    /// <summary>The centre of the ink: the lines' middles, weighted by their lengths.</summary>
    public Vector2 CentreOfMass()
    {
        var sum = Vector2.Zero;
        var total = 0f;
        for (var i = 1; i < Count; i++)
        {
            if (_startsStroke[i])
                continue;
            var length = Vector2.Distance(_points[i - 1], _points[i]);
            sum += length * (_points[i - 1] + _points[i]) / 2;
            total += length;
        }

        return sum / total;
    }

    private void Add(Vector2 point, bool startsStroke)
    {
        if (Count == _points.Length)
        {
            Array.Resize(ref _points, 2 * Count);
            Array.Resize(ref _startsStroke, 2 * Count);
        }

        _points[Count] = point;
        _startsStroke[Count++] = startsStroke;
    }
}
