using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

/// <summary>Counts the numbers of a tensor that are NaN or infinite, and keeps the first.</summary>
internal struct NonFinite
{
    private const int BufferFloats = 1 << 14;

    private long _first;
    private float _value;

    public long Count { get; private set; }

    /// <summary>Looks at the numbers from index <paramref name="start"/> on.</summary>
    /// <returns>Whether all of them are finite.</returns>
    public bool Add(long start, ReadOnlySpan<float> values)
    {
        if (FiniteCheck.AllFinite(values))
            return true;
        for (var i = 0; i < values.Length; i++)
        {
            if (float.IsFinite(values[i]) || Count++ > 0)
                continue;
            _first = start + i;
            _value = values[i];
        }

        return false;
    }

    /// <summary>Such as <c>conv1.weight F32 [6, 1, 5, 5] has 2 values that are no finite 32-bit floats, the first, NaN, at index 3</c>.</summary>
    public readonly string Describe(object tensor)
    {
        var text = float.IsNaN(_value) ? "NaN" : _value > 0 ? "infinity" : "-infinity";
        return Invariant($"{tensor} has {Count} values that are no finite 32-bit floats, the first, {text}, at index {_first}");
    }

    /// <summary>The first image of a data set with such numbers, described; null where all are finite, and where images would have to be read again to know.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="normalization">What becomes of bytes.</param>
    /// <param name="name">What messages call the data set.</param>
    public static string? FirstImageIn(ImageDataset dataset, Normalization normalization, string name)
    {
        if (!dataset.IsInMemory)
            return null;
        var image = new float[dataset.Shape.Length];
        for (var i = 0; i < dataset.Count; i++)
        {
            dataset.CopyImage(i, image, normalization);
            var found = default(NonFinite);
            if (!found.Add(0, image))
                return found.Describe(Invariant($"image {i} of the {name} data set"));
        }

        return null;
    }

    /// <summary>The first parameter of a model with such numbers, described; null where all are finite.</summary>
    public static unsafe string? FirstIn(ParameterStore parameters)
    {
        bool areFinite;
        fixed (float* first = parameters.ValuesAndStatistics)
            areFinite = FiniteCheck.AllFinite(first, parameters.ValuesAndStatistics.Length);
        GC.KeepAlive(parameters);
        if (areFinite)
            return null;

        // It may have been a lane that no parameter uses.
        var buffer = new float[BufferFloats];
        foreach (var parameter in parameters.All)
        {
            var found = default(NonFinite);
            for (var start = 0; start < parameter.Length;)
            {
                var values = buffer.AsSpan(0, Math.Min(BufferFloats, parameter.Length - start));
                parameter.CopyTo(start, values);
                found.Add(start, values);
                start += values.Length;
            }

            if (found.Count > 0)
                return found.Describe(parameter);
        }

        return null;
    }
}
