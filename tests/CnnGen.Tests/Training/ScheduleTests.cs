namespace CnnGen.Tests.Training;

public class ScheduleTests
{
    private static float[] Factors(LearningRateSchedule schedule, int total, int perEpoch) =>
        [.. Enumerable.Range(0, total).Select(step => schedule.At(step, total, perEpoch))];

    private static void Equal(double[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 6);
    }

    [Fact]
    public void Simple_schedules_follow_their_formulas()
    {
        Equal([1, 0.75, 0.5, 0.25], Factors(new LinearSchedule(), 4, 2));
        Equal([0.2, 0.4, 0.6, 0.8], Factors(new LinearSchedule(0.2, 1), 4, 2));
        Equal([1, 0.5625, 0.25, 0.0625], Factors(new PolynomialSchedule(), 4, 2));
        Equal([1, 0.1 + (0.9 * 0.75), 0.55, 0.1 + (0.9 * 0.25)], Factors(new PolynomialSchedule(1, 0.1), 4, 2));
        Equal([1, 1, 0.5, 0.5], Factors(new ExponentialSchedule(0.5), 4, 2));
        Equal([1, Math.Sqrt(0.5), 0.5, Math.Sqrt(0.125)], Factors(new ExponentialSchedule(0.5, smooth: true), 4, 2));
        Equal([0, 1, 2, 3], Factors(new FunctionSchedule((step, _, _) => step), 4, 2));
    }

    /// <summary>PyTorch's CosineAnnealingWarmRestarts(T_0=1, T_mult=2) at epochs 0, 0.5, 1, 1.5, ...: cycles of 1, 2 and 4 epochs.</summary>
    [Fact]
    public void Cosine_restarts_lengthen()
    {
        double At(double part) => (1 + Math.Cos(Math.PI * part)) / 2;
        Equal([1, 0.5, 1, At(0.25), 0.5, At(0.75), 1, At(0.125)], Factors(new CosineRestartsSchedule(1, 2), 8, 2));
        Equal([1, 0.55, 1, 0.55], Factors(new CosineRestartsSchedule(1, 1, 0.1), 4, 2));
    }

    [Fact]
    public void Cycles_rise_and_fall_in_lines()
    {
        Equal([0.2, 0.6, 1, 0.6, 0.2, 0.6, 1, 0.6], Factors(new CyclicalSchedule(0.2, 1), 8, 2));
        Equal([0, 0.5, 1, 0.5, 0, 0.25, 0.5, 0.25], Factors(new CyclicalSchedule(0, 1, CycleHeight.Halving), 8, 2));
    }

    [Fact]
    public void A_warm_up_comes_before_any_other()
    {
        Equal([0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25], Factors(new WarmUpSchedule(2, new LinearSchedule()), 8, 2));
        Equal([0.6, 1, 1, 1], Factors(new WarmUpSchedule(0.9, startFactor: 0.2), 4, 2));
        Assert.Contains("4 steps, but the whole training has only 4", Assert.Throws<InvalidOperationException>(() => new WarmUpSchedule(2).At(0, 4, 2)).Message);
    }

    [Fact]
    public void A_plateau_reduces_the_rate_after_patience_and_rests_then()
    {
        var schedule = new ReduceOnPlateauSchedule(0.5, patience: 1, threshold: 0.1, coolDown: 1, minimum: 0.3);
        var factors = new List<double>();

        // 0.95 is no tenth better than 1. After the reduction one epoch is not counted.
        foreach (var loss in new[] { 1, 0.95, 0.94, 0.94, 0.94, 0.94, 0.5, 0.5, 0.5, 0.5 })
        {
            schedule.EpochEnded(new EpochResult(1, 9, 0, loss, 0, 0, 0, 0));
            factors.Add(schedule.At(0, 1, 1));
        }

        Assert.Equal([1, 1, 0.5, 0.5, 0.5, 0.3f, 0.3f, 0.3f, 0.3f, 0.3f], factors);
        schedule.Begin();
        Assert.Equal(1, schedule.At(0, 1, 1));

        var accuracy = new ReduceOnPlateauSchedule(0.1, 0, TrainingMetric.Accuracy);
        accuracy.EpochEnded(new EpochResult(1, 0, 0.5, null, null, 0, 0, 0));
        accuracy.EpochEnded(new EpochResult(2, 0, 0.6, null, null, 0, 0, 0));
        Assert.Equal(1, accuracy.At(0, 1, 1));
        accuracy.EpochEnded(new EpochResult(3, 0, 0.6, null, null, 0, 0, 0));
        Assert.Equal(0.1f, accuracy.At(0, 1, 1));
    }

    [Fact]
    public void A_trainer_tells_its_schedule_of_each_epoch()
    {
        // A rate of nearly nothing: no epoch is a tenth better than the one before.
        var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(1e-9), new WarmUpSchedule(0.1, new ReduceOnPlateauSchedule(0.5, 0, threshold: 0.1)));
        var rates = trainer.Fit(Images.Easy(30), 4, 10).Epochs.Select(epoch => epoch.LearningRate / 1e-9f);
        Assert.Equal([1, 1, 0.5f, 0.25f], rates);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("startFactor", () => new LinearSchedule(-1));
        Assert.Throws<ArgumentOutOfRangeException>("endFactor", () => new LinearSchedule(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("power", () => new PolynomialSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>("finalFactor", () => new PolynomialSchedule(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>("gamma", () => new ExponentialSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => new CosineRestartsSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>("multiplier", () => new CosineRestartsSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("epochsUp", () => new CyclicalSchedule(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new CyclicalSchedule(0.1, 1, (CycleHeight)5));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => new WarmUpSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => new ReduceOnPlateauSchedule(1));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new ReduceOnPlateauSchedule(0.5, -1));
        Assert.Throws<ArgumentNullException>("function", () => new FunctionSchedule(null!));
        Assert.Contains("step 0 of 4", Assert.Throws<InvalidOperationException>(() => new FunctionSchedule((_, _, _) => double.NaN).At(0, 4, 2)).Message);
        foreach (var schedule in new LearningRateSchedule[] { new LinearSchedule(), new ExponentialSchedule(1), new CyclicalSchedule(), new WarmUpSchedule(1), new CosineRestartsSchedule(1), new ReduceOnPlateauSchedule() })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule.At(4, 4, 2));
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule.At(-1, 4, 2));
        }
    }
}
