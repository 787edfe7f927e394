using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>What a search for a learning rate found (<see cref="Trainer{TModel}.FindRate"/>).</summary>
/// <param name="Curve">The rates, rising, each with the loss of its batch and the smoothed loss.</param>
/// <param name="Suggestion">
/// Where the smoothed loss fell fastest over the logarithm of the rate, but for the first ten rates (or half of them, where there are less than 20), whose mean is of few batches; NaN where it never fell.
/// </param>
/// <param name="Best">The rate of the lowest smoothed loss: too high to train with, a bound.</param>
public sealed record RateFinding(IReadOnlyList<RatePoint> Curve, double Suggestion, double Best)
{
    /// <summary>As <c>learning rate 0.012 (lowest loss at 0.21, 87 rates tried)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"learning rate {Suggestion:G3} (lowest loss at {Best:G3}, {Curve.Count} rates tried)");

    /// <summary>A drawing of the loss over the rate.</summary>
    /// <returns>An SVG document.</returns>
    public string ToSvg() => LineChart.Svg(new LineChart.Panel(
        "Loss",
        "learning rate",
        true,
        new LineChart.Line("batch", [.. Curve.Select(point => (point.LearningRate, point.Loss))]),
        new LineChart.Line("smoothed", [.. Curve.Select(point => (point.LearningRate, point.Smoothed))])));

    /// <summary>Reads the rates off a curve.</summary>
    internal static RateFinding Of(List<RatePoint> curve)
    {
        // At first the smoothed loss is the mean of one batch, of two, and so on: its steps are those from one batch to another.
        var first = Math.Min(10, curve.Count / 2);
        var (suggestion, steepest) = (double.NaN, 0.0);
        for (var i = Math.Max(1, first); i < curve.Count; i++)
        {
            var slope = (curve[i].Smoothed - curve[i - 1].Smoothed) / Math.Log(curve[i].LearningRate / curve[i - 1].LearningRate);
            if (slope < steepest)
                (suggestion, steepest) = (curve[i].LearningRate, slope);
        }

        return new RateFinding(curve, suggestion, curve.MinBy(point => point.Smoothed).LearningRate);
    }
}

/// <summary>One rate that was tried.</summary>
/// <param name="LearningRate">The rate.</param>
/// <param name="Loss">The loss of the batch that was trained on at that rate, before its step.</param>
/// <param name="Smoothed">The losses up to there, the last counting most.</param>
public readonly record struct RatePoint(double LearningRate, double Loss, double Smoothed);
