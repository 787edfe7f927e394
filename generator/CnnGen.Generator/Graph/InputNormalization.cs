using CnnGen.Generator.Arguments;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Graph;

/// <summary>What becomes of the bytes of an image: <c>(value / 255 - mean) / deviation</c>. One number stands for all channels.</summary>
internal sealed record InputNormalization(EquatableArray<float> Mean, EquatableArray<float> Deviation)
{
    /// <summary>A model without <c>[Normalize]</c>: a byte becomes <c>value / 255</c>.</summary>
    public static InputNormalization None { get; } = new([0f], [1f]);

    /// <summary>Reads <c>[Normalize]</c>, and finds all that is wrong with it.</summary>
    /// <param name="declared">The model.</param>
    /// <param name="channels">Of its images.</param>
    public static (InputNormalization Normalization, IReadOnlyList<Problem> Problems) Read(DeclaredNetwork declared, int channels)
    {
        if (declared.Normalize is not { } item)
            return (None, []);
        var problems = new List<Problem>();
        var (means, deviations) = (Values(item, "mean"), Values(item, "deviation"));
        var isNamed = item.Find("statistics") is not null;
        if (isNamed)
        {
            var reader = new ArgumentReader(item, declared.Name);
            var known = KnownStatistics.Of(reader.Enum("statistics", ImageStatistics.Mnist));
            if (reader.Problems.Count > 0)
                return (None, reader.Problems);
            (means, deviations) = (known.Mean.ToEquatableArray(), known.Deviation.ToEquatableArray());
        }

        Check(isNamed ? "statistics" : "mean", "means", means, new FloatRange(_ => true, "finite", "0.5f"));
        if (!isNamed)
            Check("deviation", "deviations", deviations, FloatRange.Positive("0.5f"));
        if (problems.Count > 0)
            return (None, problems);

        var (mean, deviation) = (Singles(means), Singles(deviations));
        for (var channel = 0; channel < Math.Max(mean.Count, deviation.Count) && problems.Count == 0; channel++)
        {
            var (m, d) = (mean[mean.Count == 1 ? 0 : channel], deviation[deviation.Count == 1 ? 0 : channel]);
            if (!IsFinite(m, d))
            {
                var name = deviation.Count == 1 ? "deviation" : "deviation[" + Numbers.Print(channel) + "]";
                problems.Add(new Problem(
                    "CNN1012", "deviation", [declared.Name, name, Numbers.Print(d), "so large that (value / 255 - mean) / deviation is finite for each byte", "0.5f"]));
            }
        }

        return (problems.Count == 0 ? new InputNormalization(mean, deviation) : None, problems);

        void Check(string argument, string plural, EquatableArray<double> values, FloatRange range)
        {
            if (values.Count != 1 && values.Count != channels)
            {
                problems.Add(new Problem(
                    "CNN1018",
                    argument,
                    [
                        declared.Name,
                        Numbers.Print(values.Count) + " " + plural,
                        Numbers.Print(channels) + (channels == 1 ? " channel" : " channels"),
                        channels == 1 ? "one number" : Numbers.Print(channels) + " numbers, one a channel, or one number for all",
                    ]));
                return;
            }

            for (var i = 0; i < values.Count; i++)
            {
                var name = values.Count == 1 ? argument : argument + "[" + Numbers.Print(i) + "]";
                if (!range.Contains((float)values[i]))
                    problems.Add(new Problem("CNN1012", argument, [declared.Name, name, Numbers.PrintReal(values[i]), range.Description, range.Example]));
            }
        }
    }

    private static EquatableArray<float> Singles(EquatableArray<double> values) => values.Select(value => (float)value).ToEquatableArray();

    /// <summary>Whether all bytes become finite numbers, by the factor and the summand that the library makes of the two.</summary>
    private static bool IsFinite(float mean, float deviation)
    {
        var (scale, offset) = ((float)(1 / (255.0 * deviation)), (float)(-(double)mean / deviation));
        var last = (255 * scale) + offset;
        return !float.IsInfinity(scale) && !float.IsInfinity(offset) && !float.IsInfinity(last);
    }

    // An empty array has no element that tells its type, and null is as little.
    private static EquatableArray<double> Values(DeclaredItem item, string argument) => item.Find(argument)?.Value switch
    {
        ArgumentValue.Real one => [one.Value],
        ArgumentValue.Reals many => many.Values,
        _ => [],
    };
}
