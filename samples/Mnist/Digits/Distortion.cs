using System.Numerics;

namespace MnistSample.Digits;

/// <summary>
/// Makes each writing of a form another one: an elastic distortion (Simard, Steinkraus, Platt 2003, section 2, with a cubic B-spline over a coarse grid in
/// place of the smoothed field of pixels), then slant, rotation and proportions, then MNIST's placing: fitted to a box of 20 x 20, the centre of mass in the
/// image's middle.
/// </summary>
internal static class Distortion
{
    private const int Grid = 6;
    private const float Box = 20;

    /// <summary>The cells along a digit's height; the rest of the grid is the margin that the spline needs.</summary>
    private const float Cells = 2.5f;

    /// <summary>Distorts and places a path, from the strokes' field to pixels.</summary>
    /// <param name="path">The digit; its points are moved.</param>
    /// <param name="haste">How far the elastic distortion goes, from 0 to 1.</param>
    /// <param name="penRadius">Half the pen's width in pixels, for which the box leaves room.</param>
    /// <param name="size">The image's height and width in pixels.</param>
    /// <param name="random">Decides the distortion.</param>
    public static void Apply(PenPath path, float haste, float penRadius, int size, ref DigitRandom random)
    {
        Bend(path.Points, .04f + (.14f * haste), ref random);
        Shear(path.Points, ref random);
        Place(path, penRadius, size, ref random);
    }

    private static void Bend(Span<Vector2> points, float deviation, ref DigitRandom random)
    {
        Span<Vector2> field = stackalloc Vector2[Grid * Grid];
        foreach (ref var displacement in field)
            displacement = deviation * new Vector2(random.NextNormal(), random.NextNormal());

        Span<float> across = stackalloc float[4];
        Span<float> down = stackalloc float[4];
        foreach (ref var point in points)
        {
            var column = Weigh(point.X, across);
            var row = Weigh(point.Y, down);
            var displacement = Vector2.Zero;
            for (var i = 0; i < 4; i++)
            {
                for (var j = 0; j < 4; j++)
                    displacement += down[i] * across[j] * field[((row + i) * Grid) + column + j];
            }

            point += displacement;
        }
    }

    /// <summary>The four B-spline weights at a coordinate, and the first of the four grid lines that they belong to.</summary>
    private static int Weigh(float coordinate, Span<float> weights)
    {
        var position = Math.Clamp((coordinate * Cells) + .25f, 0, Grid - 3 - 1e-3f);
        var line = (int)position;
        var t = position - line;
        var s = 1 - t;
        weights[0] = s * s * s / 6;
        weights[1] = (4 - (3 * t * t * (2 - t))) / 6;
        weights[2] = (4 - (3 * s * s * (2 - s))) / 6;
        weights[3] = t * t * t / 6;
        return line;
    }

    private static void Shear(Span<Vector2> points, ref DigitRandom random)
    {
        var (sin, cos) = MathF.SinCos(.14f * random.NextNormal());
        var slant = .15f + (.2f * random.NextNormal());
        var width = MathF.Exp(.2f * random.NextNormal());
        foreach (ref var point in points)
        {
            var x = (width * point.X) - (slant * point.Y);
            point = new Vector2((cos * x) - (sin * point.Y), (sin * x) + (cos * point.Y));
        }
    }

    private static void Place(PenPath path, float penRadius, int size, ref DigitRandom random)
    {
        var (least, most) = path.Bounds();
        var extent = most - least;
        var scale = (Box - (2 * penRadius)) / MathF.Max(extent.X, extent.Y) * random.Between(.84f, 1);
        var middle = new Vector2(size / 2f) + (.5f * new Vector2(random.NextNormal(), random.NextNormal()));
        var centre = path.CentreOfMass();
        foreach (ref var point in path.Points)
            point = middle + (scale * (point - centre));
    }
}
