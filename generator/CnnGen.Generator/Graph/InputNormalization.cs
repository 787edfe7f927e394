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
        var mean = Values(item, "mean");
        var deviation = Values(item, "deviation");
        Check("mean", "means", mean, new FloatRange(_ => true, "finite", "0.5f"));
        Check("deviation", "deviations", deviation, FloatRange.Positive("0.5f"));
        return (problems.Count == 0 ? new InputNormalization(mean, deviation) : None, problems);

        void Check(string argument, string plural, EquatableArray<float> values, FloatRange range)
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
                if (!range.Contains(values[i]))
                    problems.Add(new Problem("CNN1012", argument, [declared.Name, name, Numbers.Print(values[i]), range.Description, range.Example]));
            }
        }
    }

    // An empty array has no element that tells its type, and null is as little.
    private static EquatableArray<float> Values(DeclaredItem item, string argument) => item.Find(argument)?.Value switch
    {
        ArgumentValue.Real one => [one.Value],
        ArgumentValue.Reals many => many.Values,
        _ => [],
    };
}
