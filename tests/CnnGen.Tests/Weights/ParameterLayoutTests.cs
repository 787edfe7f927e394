using CnnGen.Runtime;

namespace CnnGen.Tests.Weights;

/// <summary>However a parameter lies in memory, its numbers go where its axes say, and nowhere else.</summary>
public sealed unsafe class ParameterLayoutTests
{
    public static TheoryData<string, int[], int[]> Layouts => new()
    {
        // Counts and strides of the axes, outermost first.
        { "[block][tap][lane]", [3, 16, 5, 3, 3], [16 * 45, 1, 16, 3 * 80, 80] },
        { "blocks of 32", [2, 32, 40], [32 * 40, 1, 32] },
        { "the last block not full", [2, 32, 33], [32 * 33, 1, 32] },
        { "one block, not full", [32, 20], [1, 32] },
        { "lanes that are no multiple of 8", [19, 7, 11], [1, 19 * 11, 19] },
        { "features in another order", [2, 16, 4, 6], [16 * 24, 1, 16, 64] },
        { "groups within lanes", [4, 2, 2, 3, 3], [2 * 144 + 2, 1, 144, 16, 48] },
        { "contiguous", [100], [1] },
        { "contiguous inside", [7, 24], [32, 1] },
        { "no neighbours", [6, 5], [2, 16] },
        { "a unit larger than a chunk", [2, 32, 2000], [64000, 1, 32] },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Numbers_go_where_the_axes_say(string label, int[] counts, int[] strides)
    {
        var isPartial = label.Contains("not full", StringComparison.Ordinal);
        var length = counts.Aggregate(1, (a, b) => a * b);
        if (isPartial)
            length = (counts.Length == 3 ? 32 + 13 : 13) * counts[^1]; // Whole rows, the last of them within a block.
        var axes = counts.Zip(strides, (count, stride) => new Axis(count, stride)).ToArray();
        const int Offset = 24;
        var size = Offset + 1 + counts.Zip(strides, (count, stride) => (count - 1) * stride).Sum();
        var store = new ParameterStore([new("a", [length], Offset, axes, Initialization.Zeros)], size, size);
        var values = Enumerable.Range(1, length).Select(i => (float)i).ToArray();
        var expected = new float[size];
        for (var i = 0; i < length; i++)
        {
            var (rest, packed) = (i, Offset);
            for (var k = counts.Length - 1; k > 0; k--)
            {
                packed += rest % counts[k] * strides[k];
                rest /= counts[k];
            }

            expected[packed + (rest * strides[0])] = i + 1;
        }

        store["a"].Set(values);
        Assert.Equal(expected, store.Values.ToArray());
        Assert.Equal(values, store["a"].ToArray());

        // In runs of any length from any start, and from memory that is aligned to nothing.
        var random = new Random(3);
        for (var i = 0; i < 30; i++)
        {
            store.Values.Clear();
            for (var start = 0; start < length;)
            {
                var count = Math.Min(length - start, 1 + random.Next(i < 15 ? 2 * store["a"].ChunkLength : 70));
                store["a"].Set(start, values.AsSpan(start, count));
                start += count;
            }

            Assert.Equal(expected, store.Values.ToArray());
            if (length > 10_000 && i == 18)
                break;
        }

        var bytes = new byte[(4 * length) + 1];
        Buffer.BlockCopy(values, 0, bytes, 1, 4 * length);
        store.Values.Clear();
        fixed (byte* first = bytes)
            store["a"].Set((float*)(first + 1));
        Assert.Equal(expected, store.Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_function_of_the_index_gives_each_number_its_value(string label, int[] counts, int[] strides)
    {
        var isPartial = label.Contains("not full", StringComparison.Ordinal);
        var length = isPartial ? (counts.Length == 3 ? 32 + 13 : 13) * counts[^1] : counts.Aggregate(1, (a, b) => a * b);
        var axes = counts.Zip(strides, (count, stride) => new Axis(count, stride)).ToArray();
        var size = 1 + counts.Zip(strides, (count, stride) => (count - 1) * stride).Sum();
        var store = new ParameterStore([new("a", [length], 0, axes, Initialization.Zeros)], size, size);

        store["a"].Set(new Index());

        Assert.Equal(Enumerable.Range(1, length).Select(i => (float)i), store["a"].ToArray());
        Assert.Equal(length, store.Values.ToArray().Count(value => value != 0));
    }

    private readonly struct Index : IParameterSource
    {
        public void Fill(int start, Span<float> values)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = start + i + 1;
        }
    }
}
