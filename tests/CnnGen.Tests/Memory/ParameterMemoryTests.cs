using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen.Tests.Memory;

/// <summary>Parameters' memory lives for as long as anybody can reach it, whatever becomes of the objects that made it.</summary>
public sealed class ParameterMemoryTests
{
    [Fact]
    public void Spans_keep_values_and_gradients_alive_without_their_store()
    {
        Make(out var values, out var gradients, out var all, out var store, out var expectedValues, out var expectedGradients);
        CollectUntilGone(store);

        // What was freed would be given out again here.
        var others = Enumerable.Range(0, 100).Select(_ => SmallNet.Create(2)).ToArray();

        Assert.Equal(expectedValues, values.ToArray());
        Assert.Equal(expectedValues, all[..values.Length].ToArray());
        Assert.Equal(expectedGradients, gradients.ToArray());
        values.Fill(3);
        gradients.Fill(4);
        Assert.All(others, other => Assert.DoesNotContain(3f, other.Parameters.Values.ToArray()));
        Assert.Equal(3f, all[0]);
    }

    [Fact]
    public void Parameters_work_after_their_model_is_gone()
    {
        var weight = WeightOf(out var model, out var expected);
        CollectUntilGone(model);

        Assert.Equal(expected, weight.ToArray());
        weight[5] = 7;
        Assert.Equal(7, weight[5]);
        Assert.Equal(expected.Length, weight.GradientToArray().Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(100_003)]
    [InlineData(5_000_000)]
    public unsafe void Memory_is_zeroed_begins_at_a_cache_line_and_stays_where_it_is(int length)
    {
        var buffers = Enumerable.Range(0, 5).Select(_ => new PinnedBuffer(length)).ToArray();
        foreach (var buffer in buffers)
        {
            var span = buffer.Span;
            Assert.Equal(length, span.Length);
            Assert.False(span.ContainsAnyExcept(0f));
            if (length == 0)
                continue;
            nint address;
            fixed (float* first = span)
                address = (nint)first;
            Assert.Equal(0, address % 64);
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            fixed (float* first = buffer.Span)
            {
                Assert.Equal(address, (nint)first);

                // Kernels store whole vectors past the end.
                new Span<float>(first + length, AlignedBuffer.Slack).Fill(1);
            }
        }

        Assert.All(buffers, buffer => Assert.False(buffer.Span.ContainsAnyExcept(0f)));
    }

    [Fact]
    public void A_length_that_no_array_has_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PinnedBuffer(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PinnedBuffer(int.MaxValue));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make(
        out Span<float> values, out Span<float> gradients, out Span<float> all, out WeakReference store, out float[] expectedValues, out float[] expectedGradients)
    {
        var model = SmallNet.Create(1);
        var images = Enumerable.Range(0, 64).Select(i => (i % 7) - 3f).ToArray();
        model.ComputeGradients(images, [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], 4, 1);
        values = model.Parameters.Values;
        gradients = model.Parameters.Gradients;
        all = model.Parameters.ValuesAndStatistics;
        (expectedValues, expectedGradients) = (values.ToArray(), gradients.ToArray());
        store = new WeakReference(model.Parameters);
        Assert.Contains(expectedGradients, gradient => gradient != 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Parameter WeightOf(out WeakReference model, out float[] expected)
    {
        var made = SmallNet.Create(1);
        model = new WeakReference(made);
        expected = made.Dense1.Weight.ToArray();
        return made.Dense1.Weight;
    }

    private static void CollectUntilGone(WeakReference reference)
    {
        for (var i = 0; i < 20 && reference.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(reference.IsAlive);
    }
}
