using CnnGen.Tests.Training.State;

namespace CnnGen.Tests.Training.Evaluating;

public class TestTimeAugmentationTests
{
    /// <summary>The mean over views that are made here pixel by pixel.</summary>
    [Theory]
    [InlineData(true, 0, CropFill.Reflect)]
    [InlineData(false, 1, CropFill.Zero)]
    [InlineData(true, 2, CropFill.Reflect)]
    [InlineData(true, 2, CropFill.Zero)]
    public void Outputs_are_the_mean_over_all_views(bool mirrors, int shift, CropFill fill)
    {
        var views = (mirrors, shift) switch
        {
            (true, 0) => TestTimeAugmentation.Mirror(),
            (false, _) => TestTimeAugmentation.Shifts(shift, fill),
            _ => TestTimeAugmentation.MirrorAndShifts(shift, fill),
        };
        var (model, dataset) = (StateNet.Create(3), StateTraining.Images(5));
        var images = new float[5 * 36];
        for (var i = 0; i < 5; i++)
            dataset.CopyImage(i, images.AsSpan(i * 36, 36), StateNet.Normalization);

        var (sums, count) = (new double[15], 0);
        foreach (var place in shift == 0 ? [0] : new[] { 0, -shift, shift })
        {
            foreach (var mirrored in mirrors ? new[] { false, true } : [false])
            {
                var changed = new float[images.Length];
                for (var i = 0; i < changed.Length; i++)
                {
                    var (y, x) = ((i / 6 % 6) - place, (i % 6) - place);
                    var isInside = y is >= 0 and < 6 && x is >= 0 and < 6;
                    (y, x) = (Reflected(y), Reflected(x));
                    changed[i] = isInside || fill == CropFill.Reflect ? images[(i / 36 * 36) + (y * 6) + (mirrored ? 5 - x : x)] : 0;
                }

                var scores = new float[15];
                model.Predict(changed, scores, 5);
                for (var i = 0; i < 15; i++)
                    sums[i] += scores[i];
                count++;
            }
        }

        var actual = new float[15];
        model.Predict(images, actual, 5, views);
        Assert.Equal(count, views.Count);
        for (var i = 0; i < 15; i++)
            Assert.Equal(sums[i] / count, actual[i], 1e-6);

        var evaluation = model.Evaluate(dataset, batchSize: 2, views);
        var right = Enumerable.Range(0, 5).Count(i => Array.IndexOf(actual[(3 * i)..((3 * i) + 3)], actual[(3 * i)..((3 * i) + 3)].Max()) == dataset.GetLabel(i));
        Assert.Equal(right / 5.0, evaluation.Accuracy);
        Assert.Equal(Enumerable.Range(0, 5).Average(i => -Math.Log(actual[(3 * i) + dataset.GetLabel(i)])), evaluation.Loss, 1e-6);

        static int Reflected(int place) => place < 0 ? -place : place > 5 ? 10 - place : place;
    }

    [Fact]
    public void Bytes_are_normalised_and_then_viewed_and_what_can_not_be_is_refused()
    {
        var model = StateNet.Create(3);
        var pixels = Enumerable.Range(0, 72).Select(i => (byte)(i * 37)).ToArray();
        var floats = new float[72];
        for (var i = 0; i < 2; i++)
            StateNet.Normalization.Apply(pixels.AsSpan(i * 36, 36), floats.AsSpan(i * 36, 36));
        var (one, other) = (new float[6], new float[6]);
        model.Predict(pixels, one, 2, TestTimeAugmentation.MirrorAndShifts(1));
        model.Predict(floats, other, 2, TestTimeAugmentation.MirrorAndShifts(1));
        Assert.Equal(other, one);

        Assert.Throws<ArgumentOutOfRangeException>(() => TestTimeAugmentation.Shifts(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestTimeAugmentation.MirrorAndShifts(1, (CropFill)7));
        Assert.Contains("can't be shifted by 6 pixels: at most 5", Assert.Throws<ArgumentException>(() => model.Evaluate(StateTraining.Images(3), views: TestTimeAugmentation.Shifts(6))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Predict(floats, one, 3, TestTimeAugmentation.Mirror()));
        Assert.Throws<ArgumentException>(() => model.Predict(floats, one.AsSpan(1), 2, TestTimeAugmentation.Mirror()));
    }
}
