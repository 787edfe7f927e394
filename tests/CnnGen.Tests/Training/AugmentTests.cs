namespace CnnGen.Tests.Training;

public class AugmentTests
{
    private static readonly ImageShape s_shape = new(2, 5, 4);

    private static float[] Image() => [.. Enumerable.Range(1, s_shape.Length).Select(i => (float)i)];

    /// <summary>The image shifted as one pixel after the other says.</summary>
    private static float[] Shifted(int down, int right, bool reflects)
    {
        var (source, target) = (Image(), new float[s_shape.Length]);
        int Reflected(int place, int length) => place < 0 ? -place : place >= length ? (2 * length) - 2 - place : place;
        for (var i = 0; i < target.Length; i++)
        {
            var (c, y, x) = (i / 20, (i / 4 % 5) - down, (i % 4) - right);
            var isInside = y is >= 0 and < 5 && x is >= 0 and < 4;
            target[i] = isInside || reflects ? source[(c * 20) + (Reflected(y, 5) * 4) + Reflected(x, 4)] : 0;
        }

        return target;
    }

    [Theory]
    [InlineData(CropFill.Zero)]
    [InlineData(CropFill.Reflect)]
    public void A_crop_is_each_shift_as_often(CropFill fill)
    {
        var crop = Augment.Crop(s_shape, 2, fill);
        var wanted = Enumerable.Range(0, 25).ToDictionary(i => string.Join(' ', Shifted((i / 5) - 2, (i % 5) - 2, fill == CropFill.Reflect)), _ => 0);
        for (var seed = 0UL; seed < 2500; seed++)
        {
            var image = Image();
            crop(image, 0, seed * 7919);
            wanted[string.Join(' ', image)]++;
        }

        // 100 each, with a deviation of 10.
        Assert.All(wanted.Values, count => Assert.InRange(count, 55, 150));
        var same = Image();
        Augment.Crop(s_shape, 0)(same, 0, 1);
        Assert.Equal(Image(), same);
    }

    [Fact]
    public void Flips_erasures_and_noise_are_what_they_say()
    {
        var (flips, whole) = (0, 0);
        var mirrored = Image().Chunk(4).SelectMany(row => row.Reverse()).ToArray();
        for (var seed = 0UL; seed < 1000; seed++)
        {
            var image = Image();
            Augment.Flip(s_shape, 0.3)(image, 0, seed);
            if (image.AsSpan().SequenceEqual(mirrored))
                flips++;
            else
                Assert.Equal(Image(), image);

            image = Image();
            Augment.Erase(s_shape, 3, 0.5)(image, 0, seed);
            var erased = Enumerable.Range(0, 40).Where(i => image[i] == 0).ToList();
            Assert.Equal(40 - erased.Count, Image().Zip(image, (a, b) => a == b ? 1 : 0).Sum());
            whole += erased.Count == 0 ? 1 : 0;
            if (erased.Count == 0)
                continue;

            // A rectangle of at most 3 x 3, the same in both channels.
            var (ys, xs) = (erased.Select(i => i / 4 % 5).Distinct().ToList(), erased.Select(i => i % 4).Distinct().ToList());
            Assert.Equal(erased.Count, 2 * ys.Count * xs.Count);
            Assert.True(ys.Count <= 3 && xs.Count <= 3 && ys.Max() - ys.Min() < 3 && xs.Max() - xs.Min() < 3);
        }

        Assert.InRange(flips, 230, 370);
        Assert.InRange(whole, 420, 580);

        var noisy = new float[10_000];
        Augment.Noise(2)(noisy, 0, 5);
        Assert.InRange(noisy.Average(), -0.1, 0.1);
        Assert.InRange(Math.Sqrt(noisy.Average(value => value * value)), 1.9, 2.1);

        var both = Image();
        Augment.All(Augment.Flip(s_shape, 1), Augment.Flip(s_shape, 1))(both, 0, 3);
        Assert.Equal(Image(), both);
    }

    [Fact]
    public void An_augmentation_that_can_not_apply_to_the_shape_is_refused()
    {
        Assert.Contains("from 0 to 3", Assert.Throws<ArgumentOutOfRangeException>("padding", () => Augment.Crop(s_shape, 4)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("size", () => Augment.Erase(s_shape, 5));
        Assert.Throws<ArgumentOutOfRangeException>("probability", () => Augment.Flip(s_shape, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>("deviation", () => Augment.Noise(-1));
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => ImageMixing.MixUp(0));
        Assert.Contains("2x5x4", Assert.Throws<ArgumentException>(() => Augment.Flip(s_shape)(new float[3], 0, 1)).Message);
    }

    [Fact]
    public void Mixtures_keep_sums_and_go_with_their_targets()
    {
        foreach (var mixing in new[] { ImageMixing.MixUp(0.4), ImageMixing.CutMix(), ImageMixing.MixUp(3) })
        {
            var parts = new List<double>();
            for (var seed = 0UL; seed < 300; seed++)
            {
                // Image n is all n, of class n: the mean of an image, mixed or cut, is what its targets say.
                var (images, targets) = (new float[5 * s_shape.Length], new float[25]);
                for (var n = 0; n < 5; n++)
                {
                    images.AsSpan(n * s_shape.Length, s_shape.Length).Fill(n);
                    targets[(n * 5) + n] = 1;
                }

                mixing.Apply(s_shape, new ImageShape(5, 1, 1), images, targets, 5, seed);
                for (var n = 0; n < 5; n++)
                {
                    var own = targets.AsSpan(n * 5, 5).ToArray();
                    Assert.Equal(1, own.Sum(), 5);
                    Assert.Equal(own.Select((t, c) => t * (double)c).Sum(), images.AsSpan(n * s_shape.Length, s_shape.Length).ToArray().Average(), 4);
                }

                Assert.Equal(1, targets[12]);
                parts.Add(targets[0]);
            }

            Assert.InRange(parts.Average(), 0.4, mixing.Alpha == 1 ? 0.75 : 0.6);
            Assert.True(parts.Max() - parts.Min() > 0.5);
        }
    }

    [Fact]
    public void An_alternating_flip_shows_each_image_once_each_way_in_two_epochs()
    {
        var seen = new Dictionary<int, List<float>>();
        var images = new FloatImageDataset(SoftmaxRegression.InputShape, Enumerable.Range(0, 600).Select(i => i % 6 / 10f).ToArray(), Enumerable.Range(0, 100).Select(i => i % 3).ToArray(), 3);
        var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(1e-20), seed: 4)
        {
            AlternatingFlip = true,
            Augmentation = (image, index, _) =>
            {
                lock (seen)
                {
                    if (!seen.TryGetValue(index, out var list))
                        seen.Add(index, list = []);
                    list.Add(MathF.Round(image[0] * 10));
                }
            },
        };
        trainer.Fit(images, 4, 10);
        Assert.Equal(100, seen.Count);
        Assert.All(seen.Values, first => Assert.True(first is [0, 2, 0, 2] or [2, 0, 2, 0], string.Join(' ', first)));
        Assert.InRange(seen.Values.Count(first => first[0] == 0), 30, 70);
    }
}
