using CnnGen.Runtime;
using static CnnGen.Tests.Training.Augmentations.PlainImages;

namespace CnnGen.Tests.Training.Augmentations;

public class GeometryTests
{
    private static readonly ImageShape[] s_shapes = [new(3, 11, 19), new(1, 16, 8), new(2, 1, 5), new(1, 9, 1)];

    /// <summary>The numbers are drawn here again, as the documentation says that they are drawn.</summary>
    [Theory]
    [InlineData(30, 1, 1, 0)]
    [InlineData(180, 1, 1, 0)]
    [InlineData(0, 0.5, 2, 0)]
    [InlineData(0, 1, 1, 40)]
    [InlineData(25, 0.7, 1.4, 20)]
    public void Turns_scales_and_shears_are_those_of_a_plain_computation(double degrees, double least, double most, double shear)
    {
        foreach (var shape in s_shapes)
        {
            foreach (var fill in new[] { CropFill.Zero, CropFill.Reflect })
            {
                var change = (degrees, shear, most) switch
                {
                    (_, 0, 1) => Augment.Rotate(shape, degrees, fill),
                    (0, 0, _) => Augment.Scale(shape, least, most, fill),
                    (0, _, 1) => Augment.Shear(shape, shear, fill),
                    _ => Augment.Affine(shape, degrees, least, most, shear, fill),
                };
                for (var seed = 1UL; seed < 8; seed++)
                {
                    var plain = PlainImages.Random(shape, (int)seed);
                    var image = Floats(plain);
                    change(image, 0, seed);

                    var random = new CounterRandom(seed, 0);
                    var angle = ((2 * random.NextDouble()) - 1) * degrees * Math.PI / 180;
                    var scale = least + ((most - least) * random.NextDouble());
                    var slant = Math.Tan(((2 * random.NextDouble()) - 1) * shear * Math.PI / 180);
                    var (h, v) = random.NextDouble() < 0.5 ? (slant, 0.0) : (0.0, slant);

                    // With y upwards: counter-clockwise is [cos -sin; sin cos], and a shear of rows that run downwards has the other sign.
                    var (cos, sin) = (scale * Math.Cos(angle), scale * Math.Sin(angle));
                    var forward = (cos + (sin * v), (-cos * h) - sin, sin - (cos * v), (-sin * h) + cos);
                    Agree(Affine(shape, plain, forward, 0, 0, fill == CropFill.Reflect), image);
                }
            }
        }
    }

    [Fact]
    public void A_random_resized_crop_is_the_part_enlarged_within_its_ranges()
    {
        var shape = new ImageShape(3, 20, 24);
        var crop = Augment.RandomResizedCrop(shape, 0.2, 0.8, 2);
        var (areas, whole) = (new List<double>(), 0);
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new CounterRandom(seed, 0);
            var area = Augment.DrawArea(shape, ref random, 0.2, 0.8, 2);
            areas.Add(area.Width * area.Height / 480.0);
            Assert.InRange(area.Width / (double)area.Height, 0.45, 2.3);
            Assert.True(area.Left >= 0 && area.Top >= 0 && area.Left + area.Width <= 24 && area.Top + area.Height <= 20);
            if (seed >= 20)
                continue;
            var plain = PlainImages.Random(shape, (int)seed);
            var image = Floats(plain);
            crop(image, 0, seed);
            Agree(Crop(shape, plain, area.Left, area.Top, area.Width, area.Height), image);
            whole += plain.Select(value => (float)value).SequenceEqual(image) ? 1 : 0;
        }

        Assert.Equal(0, whole);
        Assert.InRange(areas.Min(), 0.15, 0.3);
        Assert.InRange(areas.Max(), 0.7, 0.85);
        Assert.InRange(areas.Average(), 0.42, 0.55);

        // Of an oblong image a square can only be a part: the middle.
        var oblong = new CounterRandom(5, 0);
        Assert.Equal(new SourceArea(1, 0, 7, 7), Augment.DrawArea(new ImageShape(2, 7, 10), ref oblong, 1, 1, 1));

        // Of an image of one row only parts of that row: what never fits is the middle within the ratios.
        var row = new ImageShape(1, 1, 9);
        var none = new CounterRandom(5, 0);
        Assert.Equal(new SourceArea(4, 0, 1, 1), Augment.DrawArea(row, ref none, 1, 1, 1));
    }

    [Fact]
    public void Nothing_asked_for_is_nothing_done()
    {
        var shape = new ImageShape(2, 7, 10);
        var plain = Floats(PlainImages.Random(shape, 3));
        foreach (var change in new[] { Augment.Rotate(shape, 0), Augment.Scale(shape, 1, 1), Augment.Shear(shape, 0), Augment.RandomResizedCrop(new ImageShape(35, 2, 2), 1, 1, 1) })
        {
            var image = plain.ToArray();
            change(image, 0, 9);
            Assert.Equal(plain, image);
        }
    }

    [Fact]
    public void What_can_not_apply_to_the_shape_is_refused()
    {
        var shape = new ImageShape(3, 8, 8);
        foreach (var wrong in new Action[]
        {
            () => Augment.Rotate(shape, 181), () => Augment.Rotate(shape, double.NaN), () => Augment.Scale(shape, 0, 1), () => Augment.Scale(shape, 2, 1), () => Augment.Scale(shape, 1, 11),
            () => Augment.Shear(shape, 90), () => Augment.RandomResizedCrop(shape, 0), () => Augment.RandomResizedCrop(shape, 0.5, 0.4), () => Augment.RandomResizedCrop(shape, mostRatio: 0.5), () => Augment.Rotate(shape, 3, (CropFill)5),
        })
            Assert.Throws<ArgumentOutOfRangeException>(wrong);
        foreach (var change in new[] { Augment.Rotate(shape, 5), Augment.RandomResizedCrop(shape), Augment.TrivialAugment(shape, Unit), Augment.RandAugment(shape, Unit), Augment.ColorJitter(shape, Unit) })
            Assert.Contains("shape 3x8x8", Assert.Throws<ArgumentException>(() => change(new float[64], 0, 1)).Message, StringComparison.Ordinal);
    }

    private static Normalization Unit { get; } = new([0f, 0, 0], [1f, 1, 1]);

    private static void Agree(double[] expected, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 2e-6);
    }
}
