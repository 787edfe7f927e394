namespace CnnGen.Tests.Training;

public class LearningRateScheduleTests
{
    [Fact]
    public void Constant_is_one_throughout()
    {
        for (var step = 0; step < 10; step++)
            Assert.Equal(1f, new ConstantSchedule().At(step, 10, 5));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(199, 1)]
    [InlineData(200, 0.1)]
    [InlineData(399, 0.1)]
    [InlineData(400, 0.01)]
    public void Step_drops_every_so_many_epochs(long step, double expected) =>
        Assert.Equal(expected, new StepSchedule(2, 0.1).At(step, 500, 100), 7);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 0.868198052)] // 0.1 + 0.9 (1 + cos(pi/4)) / 2
    [InlineData(50, 0.55)]
    [InlineData(75, 0.231801948)]
    [InlineData(99, 0.100222055)]
    public void Cosine_follows_half_a_cosine_to_the_final_part(long step, double expected) =>
        Assert.Equal(expected, new CosineSchedule(0.1).At(step, 100, 10), 6);

    /// <summary>
    /// PyTorch's OneCycleLR(max_lr=1, total_steps=100): from 0.04 at step 0 along (1 + cos)/2 to 1 at step 29, from there to 0.04/1e4 at step 99.
    /// </summary>
    [Theory]
    [InlineData(0, 0.04)]
    [InlineData(10, 0.295164)] // 1 - 0.96 (1 + cos(pi 10/29)) / 2
    [InlineData(29, 1)]
    [InlineData(30, 0.999496535)] // (1 + cos(pi/70)) / 2, but for the final 4e-6
    [InlineData(64, 0.500002)]
    [InlineData(98, 0.000507465)]
    [InlineData(99, 0.000004)]
    public void One_cycle_rises_and_falls_as_PyTorch_has_it(long step, double expected) =>
        Assert.Equal(expected, new OneCycleSchedule().At(step, 100, 10), 6);

    [Fact]
    public void One_cycle_has_sensible_rates_however_few_the_steps()
    {
        for (var total = 1; total < 12; total++)
        {
            foreach (var warmUp in new[] { 0.0, 0.3, 0.5, 1.0 })
            {
                var rates = Enumerable.Range(0, total).Select(step => new OneCycleSchedule(warmUp).At(step, total, 1)).ToArray();
                Assert.All(rates, rate => Assert.InRange(rate, 0.99f * 0.04f / 1e4f, 1f));
                Assert.True(rates.Max() > 0.5f || total < 4, $"{total} steps, warm-up {warmUp}: {rates.Max()}");
                if (warmUp < 1 && total > 1)
                    Assert.Equal(4e-6f, rates[^1], 9);
            }
        }
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => new StepSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>("gamma", () => new StepSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("gamma", () => new StepSchedule(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("finalFactor", () => new CosineSchedule(1.5));
        Assert.Throws<ArgumentOutOfRangeException>("warmUp", () => new OneCycleSchedule(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>("initialDivisor", () => new OneCycleSchedule(0.3, 0));
        Assert.Throws<ArgumentOutOfRangeException>("finalDivisor", () => new OneCycleSchedule(0.3, 25, double.PositiveInfinity));
        foreach (LearningRateSchedule schedule in new LearningRateSchedule[] { new ConstantSchedule(), new StepSchedule(1), new CosineSchedule(), new OneCycleSchedule() })
        {
            Assert.Throws<ArgumentOutOfRangeException>("step", () => schedule.At(-1, 10, 5));
            Assert.Throws<ArgumentOutOfRangeException>("step", () => schedule.At(10, 10, 5));
            Assert.Throws<ArgumentOutOfRangeException>("totalSteps", () => schedule.At(0, 0, 5));
        }
    }
}
