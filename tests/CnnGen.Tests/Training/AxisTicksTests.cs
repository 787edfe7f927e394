using System.Xml.Linq;
using CnnGen.Runtime;

namespace CnnGen.Tests.Training;

public class AxisTicksTests
{
    [Theory]
    [InlineData(0.0000192, 0.9957, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.857, 0.977, "0.85 0.90 0.95 1.00")]
    [InlineData(0, 1.586, "0.0 0.5 1.0 1.5 2.0")]
    [InlineData(-0.3, 0.1, "-0.3 -0.2 -0.1 0.0 0.1")]
    [InlineData(-37, 4200, "-1000 0 1000 2000 3000 4000 5000")]
    [InlineData(0.00012, 0.00019, "0.00012 0.00014 0.00016 0.00018 0.00020")]
    [InlineData(3e-9, 7e-9, "3E-09 4E-09 5E-09 6E-09 7E-09")]
    [InlineData(2e12, 9e12, "2E+12 4E+12 6E+12 8E+12 1E+13")]
    public void Labels_are_round_and_the_axis_holds_all(double low, double high, string labels)
    {
        var ticks = AxisTicks.Around(low, high, 5);

        Assert.Equal(labels, string.Join(' ', AxisTicks.Labels(ticks)));
        AssertHolds(ticks, low, high);
    }

    /// <summary>Whatever the numbers are, the axis holds them, and ticks stand in order.</summary>
    [Fact]
    public void Any_range_has_ticks_in_order()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var size = Math.Pow(10, (random.NextDouble() * 500) - 250);
            var low = size * (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(0, 18));
            var high = low + size;
            if (!(high > low))
                continue;
            var ticks = AxisTicks.Around(low, high, 5);

            Assert.InRange(ticks.Length, 2, 8);
            AssertHolds(ticks, low, high);
            for (var k = 1; k < ticks.Length; k++)
                Assert.True(ticks[k] > ticks[k - 1]);
        }

        Assert.Equal([-double.MaxValue, double.MaxValue], AxisTicks.Around(-double.MaxValue, double.MaxValue, 5));
    }

    private static void AssertHolds(double[] ticks, double low, double high)
    {
        var rounding = (1e-8 * (high - low)) + (1e-15 * Math.Max(Math.Abs(low), Math.Abs(high)));
        Assert.True(ticks[0] <= low + rounding && ticks[^1] >= high - rounding, FormattableString.Invariant($"{low:R} to {high:R}: {ticks[0]:R} to {ticks[^1]:R}"));
    }

    [Fact]
    public void Epochs_are_whole_and_rates_are_powers_of_ten()
    {
        Assert.Equal(["1", "2", "3", "4"], Across(false, 1, 2, 3, 4));
        Assert.Equal(["-90", "-60", "-40", "-20", "0", "20", "40", "60", "90"], Across(false, -90, 0, 90));
        Assert.Equal(["0.0003", "0.001", "0.01", "0.1", "0.5"], Across(true, 0.0003, 0.5));
        Assert.Equal(["7"], Across(false, 7));

        static IEnumerable<string> Across(bool isLogarithmic, params double[] places)
        {
            var panel = new LineChart.Panel("", "", isLogarithmic, new LineChart.Line("", [.. places.Select(place => (place, 0.5))]));
            return XDocument.Parse(LineChart.Svg(panel)).Descendants("{http://www.w3.org/2000/svg}text").Where(text => (string?)text.Attribute("text-anchor") == "middle" && text.Value.Length > 0)
                .Select(text => text.Value).ToList();
        }
    }
}
