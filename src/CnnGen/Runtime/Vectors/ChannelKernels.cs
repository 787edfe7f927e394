namespace CnnGen.Runtime;

/// <summary>Kernels that go from channel to channel, in any layout: they move or compare numbers, which is the same on every instruction set.</summary>
public static unsafe partial class ChannelKernels
{
    /// <summary>Numbers that are known when a network is compiled, one a channel.</summary>
    /// <param name="result">Receives them, side by side.</param>
    /// <param name="values">The numbers.</param>
    public static void Constants(float* result, ReadOnlySpan<float> values) => values.CopyTo(new Span<float>(result, values.Length));

    /// <summary>Mixes groups of channels: channel a * per + k of the input is channel k * groups + a of the output, where per = channels / groups.</summary>
    /// <param name="input">The first element.</param>
    /// <param name="output">The first element of the result; not <paramref name="input"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="groups">The number of groups, which divides it.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the output's lie.</param>
    public static void Shuffle(float* input, float* output, int channels, int groups, MapStrides from, MapStrides to)
    {
        var per = channels / groups;
        if (from.Pixel == 1 && to.Pixel == 1)
        {
            for (nint c = 0; c < channels; c++)
            {
                for (nint row = 0; row < from.Height; row++)
                {
                    new ReadOnlySpan<float>(input + (c * from.Channel) + (row * from.Row), from.Width)
                        .CopyTo(new Span<float>(output + (((c % per * groups) + (c / per)) * to.Channel) + (row * to.Row), from.Width));
                }
            }

            return;
        }

        for (nint row = 0; row < from.Height; row++)
        {
            for (nint column = 0; column < from.Width; column++)
            {
                var x = input + (row * from.Row) + (column * from.Pixel);
                var y = output + (row * to.Row) + (column * to.Pixel);
                for (nint a = 0; a < groups; a++)
                {
                    for (nint k = 0; k < per; k++)
                        y[((k * groups) + a) * to.Channel] = x[((a * per) + k) * from.Channel];
                }
            }
        }
    }

    /// <summary>
    /// The largest element of each of as many parts as the output has pixels, of which number i has the rows from floor(i H / h) to ceil((i + 1) H / h); not a number where
    /// one of them is none.
    /// </summary>
    /// <param name="input">The first element.</param>
    /// <param name="output">The first element of the result.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the output's lie.</param>
    public static void LargestOfParts(float* input, float* output, int channels, MapStrides from, MapStrides to)
    {
        for (var i = 0; i < to.Height; i++)
        {
            var (firstRow, endRow) = Part(i, to.Height, from.Height);
            for (var j = 0; j < to.Width; j++)
            {
                var (firstColumn, endColumn) = Part(j, to.Width, from.Width);
                for (nint c = 0; c < channels; c++)
                {
                    var x = input + (c * from.Channel);
                    var largest = x[(firstRow * from.Row) + (firstColumn * from.Pixel)];
                    for (var row = firstRow; row < endRow; row++)
                    {
                        for (var column = firstColumn; column < endColumn; column++)
                            largest = Largest(largest, x[(row * from.Row) + (column * from.Pixel)]);
                    }

                    output[(c * to.Channel) + (i * to.Row) + (j * to.Pixel)] = largest;
                }
            }
        }
    }

    /// <summary>The gradient through <see cref="LargestOfParts"/>: to the first element of each part, row by row, that equals the largest; what several parts give is added.</summary>
    /// <param name="input">The first element that was read.</param>
    /// <param name="result">The first of the largest.</param>
    /// <param name="gradient">The gradient by them, laid out as they are.</param>
    /// <param name="inputGradient">Receives the gradient by the input, laid out as it.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the result's lie.</param>
    public static void LargestOfPartsBackward(float* input, float* result, float* gradient, float* inputGradient, int channels, MapStrides from, MapStrides to)
    {
        for (nint c = 0; c < channels; c++)
        {
            for (nint row = 0; row < from.Height; row++)
            {
                for (nint column = 0; column < from.Width; column++)
                    inputGradient[(c * from.Channel) + (row * from.Row) + (column * from.Pixel)] = 0;
            }

            for (var i = 0; i < to.Height; i++)
            {
                for (var j = 0; j < to.Width; j++)
                {
                    var of = (c * to.Channel) + (i * to.Row) + (j * to.Pixel);
                    if (FirstEqual(input + (c * from.Channel), result[of], Part(i, to.Height, from.Height), Part(j, to.Width, from.Width), from) is >= 0 and var place)
                        inputGradient[(c * from.Channel) + place] += gradient[of];
                }
            }
        }
    }

    /// <summary>The larger of what was found and an element; not a number once either is.</summary>
    private static float Largest(float found, float element) => MathF.Max(found, element);

    private static nint FirstEqual(float* x, float value, (int First, int End) rows, (int First, int End) columns, MapStrides from)
    {
        for (var row = rows.First; row < rows.End; row++)
        {
            for (var column = columns.First; column < columns.End; column++)
            {
                var place = (row * from.Row) + (column * from.Pixel);
                if (x[place] == value)
                    return place;
            }
        }

        return -1;
    }

    internal static (int First, int End) Part(int index, int parts, int length) =>
        ((int)((long)index * length / parts), (int)((((index + 1L) * length) + parts - 1) / parts));

    /// <summary>The largest of each <paramref name="pieces"/> neighbouring channels; not a number where one of them is none.</summary>
    /// <param name="input">The first element.</param>
    /// <param name="output">The first element of the result.</param>
    /// <param name="channels">The channels of the result.</param>
    /// <param name="pieces">The channels that become one.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the output's lie.</param>
    public static void Maxout(float* input, float* output, int channels, int pieces, MapStrides from, MapStrides to)
    {
        for (nint row = 0; row < from.Height; row++)
        {
            for (nint column = 0; column < from.Width; column++)
            {
                var x = input + (row * from.Row) + (column * from.Pixel);
                var y = output + (row * to.Row) + (column * to.Pixel);
                for (nint c = 0; c < channels; c++)
                {
                    var largest = x[c * pieces * from.Channel];
                    for (nint piece = 1; piece < pieces; piece++)
                        largest = Largest(largest, x[((c * pieces) + piece) * from.Channel]);

                    y[c * to.Channel] = largest;
                }
            }
        }
    }

    /// <summary>The gradient through <see cref="Maxout"/>: to the first piece that equals the largest.</summary>
    /// <param name="input">The first element that was read.</param>
    /// <param name="result">The first of the largest.</param>
    /// <param name="gradient">The gradient by them, laid out as they are.</param>
    /// <param name="inputGradient">Receives the gradient by the input, laid out as it.</param>
    /// <param name="channels">The channels of the result.</param>
    /// <param name="pieces">The channels that became one.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the result's lie.</param>
    public static void MaxoutBackward(float* input, float* result, float* gradient, float* inputGradient, int channels, int pieces, MapStrides from, MapStrides to)
    {
        for (nint row = 0; row < from.Height; row++)
        {
            for (nint column = 0; column < from.Width; column++)
            {
                var at = (row * from.Row) + (column * from.Pixel);
                var of = (row * to.Row) + (column * to.Pixel);
                for (nint c = 0; c < channels; c++)
                {
                    var largest = result[of + (c * to.Channel)];
                    var rest = gradient[of + (c * to.Channel)];
                    for (nint piece = 0; piece < pieces; piece++)
                    {
                        var place = at + (((c * pieces) + piece) * from.Channel);
                        var isFirst = input[place] == largest;
                        inputGradient[place] = isFirst ? rest : 0;
                        rest = isFirst ? 0 : rest;
                    }
                }
            }
        }
    }
}

/// <summary>Where the elements of a map lie, from its first one on, in floats.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channel">From one channel to the next.</param>
/// <param name="Row">From one row to the next.</param>
/// <param name="Pixel">From one pixel to the next.</param>
public readonly record struct MapStrides(int Height, int Width, nint Channel, nint Row, nint Pixel);
