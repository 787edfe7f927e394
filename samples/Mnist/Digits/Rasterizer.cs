using System.Numerics;

namespace MnistSample.Digits;

/// <summary>
/// Draws lines as a round pen does, anti-aliased: every pixel keeps its least distance to the pen's edge, and the distance gives its grey. An object serves
/// one thread.
/// </summary>
internal sealed class Rasterizer(int size)
{
    private readonly float[] _distances = new float[size * size];

    /// <summary>Draws a path into an image of size x size bytes, 0 for paper and 255 for ink.</summary>
    /// <param name="path">The lines, in pixels.</param>
    /// <param name="pen">The pen that draws them.</param>
    /// <param name="image">Receives the image.</param>
    /// <param name="random">Decides the noise.</param>
    public void Draw(PenPath path, Pen pen, Span<byte> image, ref DigitRandom random)
    {
        Array.Fill(_distances, float.MaxValue);
        var points = path.Points;
        var radius = pen.RadiusAt(0);
        for (var i = 1; i < points.Length; i++)
        {
            var next = pen.RadiusAt((float)i / points.Length);
            if (!path.StartsStroke(i))
                DrawLine(points[i - 1], points[i], radius, next, pen.Softness);
            radius = next;
        }

        for (var i = 0; i < image.Length; i++)
        {
            var ink = Math.Clamp(.5f - (_distances[i] / pen.Softness), 0, 1);
            ink = (ink * (1 - (pen.Grain * random.NextSingle()))) + (pen.Noise * random.NextNormal());
            image[i] = (byte)Math.Clamp(255.5f * ink, 0, 255);
        }
    }

    private void DrawLine(Vector2 from, Vector2 to, float fromRadius, float toRadius, float softness)
    {
        var reach = MathF.Max(fromRadius, toRadius) + softness;
        var least = Vector2.Min(from, to) - new Vector2(reach);
        var most = Vector2.Max(from, to) + new Vector2(reach);
        var left = Math.Max((int)least.X, 0);
        var right = Math.Min((int)most.X, size - 1);
        var top = Math.Max((int)least.Y, 0);
        var bottom = Math.Min((int)most.Y, size - 1);

        var line = to - from;
        var perLength = 1 / MathF.Max(line.LengthSquared(), 1e-12f);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var offset = new Vector2(x + .5f, y + .5f) - from;
                var t = Math.Clamp(Vector2.Dot(offset, line) * perLength, 0, 1);
                var distance = (offset - (t * line)).Length() - (fromRadius + (t * (toRadius - fromRadius)));
                ref var kept = ref _distances[(y * size) + x];
                kept = MathF.Min(kept, distance);
            }
        }
    }
}
