using System.Numerics;

namespace MnistSample.Digits;

/// <summary>
/// One movement of the pen: the points that it passes, x to the right and y downwards, with straight lines or a smooth curve between them. A curve that
/// ends where it began is closed.
/// </summary>
internal sealed class Stroke
{
    /// <summary>The lines that stand for one span of a curve.</summary>
    private const int LinesPerSpan = 6;

    private readonly Vector2[] _points;
    private readonly bool _isCurve;

    private Stroke(float[] coordinates, bool isCurve)
    {
        _points = new Vector2[coordinates.Length / 2];
        for (var i = 0; i < _points.Length; i++)
            _points[i] = new Vector2(coordinates[2 * i], coordinates[(2 * i) + 1]);
        _isCurve = isCurve;
    }

    private bool IsClosed => _points[0] == _points[^1];

    /// <summary>Straight lines through the points x0, y0, x1, y1...</summary>
    public static Stroke Line(params float[] coordinates) => new(coordinates, isCurve: false);

    /// <summary>A smooth curve through the points x0, y0, x1, y1...</summary>
    public static Stroke Curve(params float[] coordinates) => new(coordinates, isCurve: true);

    /// <summary>Adds the stroke as a polyline to <paramref name="path"/>, its points moved at random by about <paramref name="deviation"/>.</summary>
    public void AddTo(PenPath path, float deviation, ref DigitRandom random)
    {
        Span<Vector2> points = stackalloc Vector2[_points.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = _points[i] + (deviation * new Vector2(random.NextNormal(), random.NextNormal()));
        if (IsClosed)
            points[^1] = points[0];

        path.MoveTo(points[0]);
        for (var i = 1; i < points.Length; i++)
        {
            if (_isCurve)
                AddSpan(path, Neighbour(points, i - 2), points[i - 1], points[i], Neighbour(points, i + 1));
            else
                path.LineTo(points[i]);
        }
    }

    /// <summary>The point before the first or after the last: around the corner on a closed curve, mirrored at the end of an open one.</summary>
    private Vector2 Neighbour(ReadOnlySpan<Vector2> points, int index)
    {
        if (index < 0)
            return IsClosed ? points[^2] : (2 * points[0]) - points[1];
        if (index >= points.Length)
            return IsClosed ? points[1] : (2 * points[^1]) - points[^2];
        return points[index];
    }

    /// <summary>The span from <paramref name="b"/> to <paramref name="c"/> of a cubic through four points (Catmull, Rom 1974).</summary>
    private static void AddSpan(PenPath path, Vector2 a, Vector2 b, Vector2 c, Vector2 d)
    {
        var linear = (c - a) / 2;
        var quadratic = a - (2.5f * b) + (2 * c) - (d / 2);
        var cubic = ((d - a) / 2) + (1.5f * (b - c));
        for (var i = 1; i <= LinesPerSpan; i++)
        {
            var t = (float)i / LinesPerSpan;
            path.LineTo(b + (t * (linear + (t * (quadratic + (t * cubic))))));
        }
    }
}
