using CnnGen.Runtime;
using static CnnGen.Tests.Training.Augmentations.PlainImages;

namespace CnnGen.Tests.Training.Augmentations;

public class ColorTests
{
    private static readonly ImageShape s_color = new(3, 13, 11);
    private static readonly ImageShape s_grey = new(1, 13, 11);
    private static readonly Normalization s_colors = new([0.5f, 0.4f, 0.3f], [0.25f, 0.2f, 0.5f]);
    private static readonly Normalization s_greys = new([0.5f], [0.25f]);

    [Fact]
    public void A_jitter_is_brightness_contrast_and_saturation_in_the_order_that_is_drawn()
    {
        var orders = new HashSet<string>();
        foreach (var (shape, normalization, saturation) in new[] { (s_color, s_colors, 0.7), (s_grey, s_greys, 0.0) })
        {
            var change = Augment.ColorJitter(shape, normalization, 0.4, 1.5, saturation);
            for (var seed = 0UL; seed < 40; seed++)
            {
                var plain = PlainImages.Random(shape, (int)seed);
                var image = Normalized(shape, normalization, plain);
                change(image, 0, seed);

                var random = new CounterRandom(seed, 0);
                double Factor(double strength)
                {
                    var least = Math.Max(0, 1 - strength);
                    return least + ((1 + strength - least) * random.NextDouble());
                }

                var factors = new[] { Factor(0.4), Factor(1.5), Factor(saturation) };
                var order = new List<int> { 0, 1, 2 };
                for (var i = 2; i > 0; i--)
                {
                    var other = random.NextInt(i + 1);
                    (order[i], order[other]) = (order[other], order[i]);
                }

                orders.Add(string.Join(' ', order));
                foreach (var one in order.Where(one => one != 2 || saturation > 0))
                    plain = Blend(shape, plain, one == 0 ? "black" : one == 1 ? "mean" : "grey", factors[one]);
                Agree(Normalized(shape, normalization, plain), image);
            }
        }

        Assert.Equal(6, orders.Count);
    }

    [Fact]
    public void Each_change_of_the_policies_is_that_of_a_plain_computation()
    {
        foreach (var (shape, normalization) in new[] { (s_color, s_colors), (s_grey, s_greys), (new ImageShape(1, 30, 40), s_greys) })
        {
            var colors = new UnitColors(shape, normalization);
            foreach (var kind in Enum.GetValues<PolicyKind>())
            {
                foreach (var amount in new[] { 0.3, -0.45 })
                {
                    // Levels of bytes, so that rounding to them is sure, and less than the whole range, so that stretching does something.
                    var plain = Array.ConvertAll(PlainImages.Random(shape, 7), value => (40 + Math.Round(value * value * 150)) / 255);
                    var image = Normalized(shape, normalization, plain);
                    var change = kind switch
                    {
                        PolicyKind.MoveX or PolicyKind.MoveY => new PolicyChange(kind, amount > 0 ? amount : 2.5, IsPart: amount > 0),
                        PolicyKind.Turn => new PolicyChange(kind, amount * 100),
                        PolicyKind.Posterize => new PolicyChange(kind, amount > 0 ? 4 : 2),
                        PolicyKind.Solarize => new PolicyChange(kind, Math.Abs(amount) + 0.0001),
                        _ => new PolicyChange(kind, amount),
                    };
                    change.Apply(shape, colors, image);

                    // What comes in is zero in the model's numbers, which for the plain computation means to begin with these.
                    var normalized = Array.ConvertAll(Normalized(shape, normalization, plain), value => (double)value);
                    double[] Moved(double a, double b, double c, double d, double right = 0, double down = 0) => Affine(shape, normalized, (a, b, c, d), right, -down, false);
                    var (cos, sin) = (Math.Cos(amount * 100 * Math.PI / 180), Math.Sin(amount * 100 * Math.PI / 180));
                    double[] Back(double[] unit) => Array.ConvertAll(Normalized(shape, normalization, unit), value => (double)value);
                    var expected = kind switch
                    {
                        PolicyKind.ShearX => Moved(1, -amount, 0, 1),
                        PolicyKind.ShearY => Moved(1, 0, -amount, 1),
                        PolicyKind.MoveX => Moved(1, 0, 0, 1, right: amount > 0 ? amount * shape.Width : 2.5),
                        PolicyKind.MoveY => Moved(1, 0, 0, 1, down: amount > 0 ? amount * shape.Height : 2.5),
                        PolicyKind.Turn => Moved(cos, -sin, sin, cos),
                        PolicyKind.Brightness => Back(Blend(shape, plain, "black", 1 + amount)),
                        PolicyKind.Contrast => Back(Blend(shape, plain, "mean", 1 + amount)),
                        PolicyKind.Saturation => Back(shape.Channels == 3 ? Blend(shape, plain, "grey", 1 + amount) : plain),
                        PolicyKind.Sharpness => Back(Blend(shape, plain, "smooth", 1 + amount)),
                        PolicyKind.Posterize => Back(Array.ConvertAll(plain, value => (((int)Math.Round(value * 255)) & (amount > 0 ? 0xF0 : 0xC0)) / 255.0)),
                        PolicyKind.Solarize => Back(Array.ConvertAll(plain, value => value >= Math.Abs(amount) + 0.0001 ? 1 - value : value)),
                        PolicyKind.AutoContrast => Back(AutoContrast(shape, plain)),
                        PolicyKind.Equalize => Back(Equalize(shape, plain)),
                        _ => normalized,
                    };
                    Agree(Floats(expected), image);
                }
            }
        }
    }

    [Fact]
    public void Policies_draw_each_change_alike_within_their_strengths_and_do_several()
    {
        var counts = new int[PolicyChange.Count];
        var (turns, moves) = (new List<double>(), new List<double>());
        for (var seed = 0UL; seed < 2800; seed++)
        {
            var random = new CounterRandom(seed, 0);
            var magnitude = random.NextInt(31);
            var change = PolicyChange.Draw(ref random, PolicyStrengths.TrivialAugment, magnitude);
            counts[(int)change.Kind]++;
            if (change.Kind == PolicyKind.Turn)
                turns.Add(change.Amount);
            else if (change.Kind == PolicyKind.MoveX)
                moves.Add(change.Amount);
        }

        Assert.All(counts, count => Assert.InRange(count, 140, 260));
        Assert.InRange(turns.Max(), 115, 135);
        Assert.InRange(turns.Min(), -135, -115);
        Assert.InRange(moves.Max(), 25, 32);

        var (one, two) = (Augment.RandAugment(s_color, s_colors, 1, 9), Augment.RandAugment(s_color, s_colors, 3, 30));
        var (unchanged, trivial) = (0, Augment.TrivialAugment(s_color, s_colors));
        for (var seed = 0UL; seed < 200; seed++)
        {
            var start = Normalized(s_color, s_colors, PlainImages.Random(s_color, 1));
            var (first, again, third) = (start.ToArray(), start.ToArray(), start.ToArray());
            one(first, 0, seed);
            one(again, 5, seed);
            Assert.Equal(first, again);
            trivial(third, 0, seed);
            Assert.All(third, value => Assert.True(float.IsFinite(value)));
            var random = new CounterRandom(seed, 0);
            var image = start.ToArray();
            for (var i = 0; i < 3; i++)
                PolicyChange.Draw(ref random, PolicyStrengths.RandAugment, 30).Apply(s_color, new UnitColors(s_color, s_colors), image);
            var several = start.ToArray();
            two(several, 0, seed);
            Assert.Equal(image, several);
            unchanged += first.SequenceEqual(start) ? 1 : 0;
        }

        // Nothing, and a few changes that find nothing to do.
        Assert.InRange(unchanged, 5, 60);
    }

    [Fact]
    public void What_has_no_colours_is_refused()
    {
        var two = new ImageShape(2, 8, 8);
        foreach (var wrong in new Action[] { () => Augment.ColorJitter(two, new Normalization([0, 0], [1, 1])), () => Augment.RandAugment(two, s_colors), () => Augment.TrivialAugment(two, s_colors) })
            Assert.Contains("have 2 channels, but colours are of 1 (grey) or 3", Assert.Throws<ArgumentException>(wrong).Message, StringComparison.Ordinal);
        Assert.Contains("grey and have no saturation", Assert.Throws<ArgumentException>(() => Augment.ColorJitter(s_grey, s_greys)).Message, StringComparison.Ordinal);
        Assert.Contains("is for 1 channels, but images of shape 3x13x11 have 3", Assert.Throws<ArgumentException>(() => Augment.ColorJitter(s_color, s_greys)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Augment.ColorJitter(s_color, s_colors, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Augment.ColorJitter(s_color, s_colors, contrast: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Augment.RandAugment(s_color, s_colors, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Augment.RandAugment(s_color, s_colors, 2, 31));
    }

    private static float[] Normalized(ImageShape shape, Normalization normalization, double[] unit)
    {
        var plane = shape.Height * shape.Width;
        return [.. unit.Select((value, i) => (float)((value - normalization.Mean[i / plane]) / normalization.Deviation[i / plane]))];
    }

    private static void Agree(float[] expected, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }
}
