using System.Text;
using CnnGen.Runtime;
using CnnGen.Tests.Data;

namespace CnnGen.Tests.Weights;

/// <summary>A load that fails, however late, leaves the model as it was; one that succeeds has read no more than it needs.</summary>
public sealed class AllOrNothingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_stream_that_fails_anywhere_leaves_the_model_as_it_was(bool canSeek, bool isNew)
    {
        var saved = Saved(out var expected);
        for (var after = 0; after <= 2 * saved.Length; after += after < 300 ? 7 : 20_011)
        {
            var store = isNew ? MakeStore() : MakeStore(2);
            var before = Bits(store);
            var stream = new ScriptedStream(saved, canSeek) { FailsAfter = after };
            if (Record.Exception(() => ModelWeights.Load(stream, store)) is { } error)
            {
                Assert.IsType<TimeoutException>(error);
                Assert.Equal(before, Bits(store));
            }
            else
            {
                Assert.True(after >= saved.Length);
                Assert.Equal(expected, Bits(store));
            }
        }
    }

    /// <summary>Read twice, the second numbers would be NaN: they would be loaded unchecked.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stream_that_gives_other_numbers_the_second_time_is_read_once(bool isNew)
    {
        var saved = Saved(out var expected);
        var store = isNew ? MakeStore() : MakeStore(2);
        ModelWeights.Load(new ScriptedStream(saved, canSeek: true) { SecondTime = 0xFF }, store);
        Assert.Equal(expected, Bits(store));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_written_to_meanwhile_is_refused(bool isNew)
    {
        var path = _folder.Write("weights.safetensors", Saved(out _));
        var store = isNew ? MakeStore() : MakeStore(2);
        var before = Bits(store);
        using var file = SafeTensors.Open(path);
        using (var other = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            other.Position = other.Length - 4;
            other.Write(new byte[4]);
        }

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(5));
        var error = Assert.Throws<InvalidDataException>(() => WeightsLoader.Load(file, store, null));
        Assert.Contains($"'{path}' was changed while it was read", error.Message);
        Assert.Equal(before, Bits(store));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_cut_off_meanwhile_is_refused(bool isNew)
    {
        var path = _folder.Write("weights.safetensors", Saved(out _));
        var store = isNew ? MakeStore() : MakeStore(2);
        var before = Bits(store);
        using var file = SafeTensors.Open(path);
        using (var other = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            other.SetLength(other.Length - 5);
        Assert.Contains("It was changed while it was read", Assert.Throws<InvalidDataException>(() => WeightsLoader.Load(file, store, null)).Message);
        Assert.Equal(before, Bits(store));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_last_number_that_is_not_finite_leaves_all_others_as_they_were(bool isNew)
    {
        var saved = Saved(out _);
        BitConverter.TryWriteBytes(saved.AsSpan(saved.Length - 4), float.NaN);
        foreach (var canSeek in new[] { true, false })
        {
            var store = isNew ? MakeStore() : MakeStore(2);
            var before = Bits(store);
            var error = Assert.Throws<InvalidDataException>(() => ModelWeights.Load(new ScriptedStream(saved, canSeek), store));
            Assert.Contains("bn1.running_mean F32 [3] has 1 values that are no finite 32-bit floats, the first, NaN, at index 2", error.Message);
            Assert.Equal(before, Bits(store));
        }
    }

    [Fact]
    public void Loading_moves_the_version_on_so_that_predictions_see_it()
    {
        var store = MakeStore(2);
        var before = store.Version;
        ModelWeights.Load(new ScriptedStream(Saved(out _), canSeek: false), store);
        Assert.NotEqual(before, store.Version);
    }

    /// <summary>In the order of the stream, which is another than the model's, with a counter between and F16 among them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tensors_are_loaded_in_whatever_order_they_come(bool canSeek)
    {
        var header = "{" + string.Join(
            ",",
            SafeTensorsBytes.Entry("b", "F32", "2", 14, 22),
            SafeTensorsBytes.Entry("bn1.num_batches_tracked", "I64", "", 0, 8),
            SafeTensorsBytes.Entry("a", "F16", "3", 8, 14),
            SafeTensorsBytes.Entry("bn2.num_batches_tracked", "I64", "", 22, 30)) + "}";
        byte[] data = [.. new byte[8], 0, 0x3C, 0, 0xC0, 0, 0x40, .. SafeTensorsBytes.Of(5, 6), .. new byte[8]];
        var store = new ParameterStore(
            [new("a", [3], 0, [new(3, 1)], Initialization.Zeros), new("b", [2], 3, [new(2, 1)], Initialization.Zeros)], 5, 5);
        ModelWeights.Load(new ScriptedStream(SafeTensorsBytes.Make(header, data), canSeek) { Piece = 3 }, store);
        Assert.Equal([1f, -2f, 2f, 5f, 6f], store.Values.ToArray());
    }

    [Fact]
    public void An_endless_stream_is_read_to_the_end_of_the_weights_and_refused()
    {
        var saved = Saved(out _);
        var store = MakeStore(2);
        var before = Bits(store);
        var stream = new ScriptedStream(saved, canSeek: false) { IsEndless = true };
        Assert.Contains("too long", Assert.Throws<InvalidDataException>(() => ModelWeights.Load(stream, store)).Message);
        Assert.Equal(saved.Length + 1, stream.ReadInAll);
        Assert.Equal(before, Bits(store));
    }

    [Theory]
    [InlineData(0, "doesn't begin with '{'")]
    [InlineData(0x7F, "claims a header of")]
    public void An_endless_stream_without_a_header_is_refused_at_once(byte value, string message)
    {
        var bytes = new byte[10];
        Array.Fill(bytes, value);
        var stream = new ScriptedStream(bytes, canSeek: false) { IsEndless = true };
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => ModelWeights.Load(stream, MakeStore(2))).Message);
        Assert.Equal(8, stream.ReadInAll);
    }

    [Fact]
    public void A_stream_of_another_model_is_refused_by_its_header()
    {
        var header = "{" + SafeTensorsBytes.Entry("a", "F32", "250000000000", 0, 1_000_000_000_000) + "}";
        var stream = new ScriptedStream(SafeTensorsBytes.Make(header), canSeek: false) { IsEndless = true };
        Assert.Contains("a F32 [250000000000] is no parameter of the model", Assert.Throws<InvalidDataException>(() => ModelWeights.Load(stream, MakeStore(2))).Message);
        Assert.Equal(8 + header.Length, stream.ReadInAll);

        stream = new ScriptedStream(SafeTensorsBytes.Make(header), canSeek: false) { IsEndless = true };
        Assert.Contains("more than the", Assert.Throws<InvalidDataException>(() => SafeTensors.Open(stream)).Message);
        Assert.Equal(8 + header.Length, stream.ReadInAll);
    }

    [Fact]
    public void Memory_for_what_a_stream_claims_is_taken_as_it_comes()
    {
        var header = "{" + SafeTensorsBytes.Entry("a", "F32", "250000000", 0, 1_000_000_000) + "}";
        byte[] longHeader = [0, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, (byte)'{'];
        foreach (var bytes in new[] { SafeTensorsBytes.Make(header, 1, 2, 3), longHeader })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains("cut off", Assert.Throws<InvalidDataException>(() => SafeTensors.Open(new ScriptedStream(bytes, canSeek: false))).Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
    }

    [Fact]
    public void Every_truncation_of_a_stream_is_refused()
    {
        var sound = Encoding.UTF8.GetBytes("{" + SafeTensorsBytes.Entry("a", "F32", "1", 0, 4) + "," + SafeTensorsBytes.Entry("b", "F32", "1", 4, 8) + "}");
        var bytes = SafeTensorsBytes.Make(sound, SafeTensorsBytes.Of(1, 2));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => SafeTensors.Open(new ScriptedStream(bytes[..length], canSeek: false)));
            Assert.Throws<InvalidDataException>(() => SafeTensors.OpenToLoad(new ScriptedStream(bytes[..length], canSeek: false)).TryGet("b", out var b) ? b.ToArray() : null);
        }

        using var file = SafeTensors.Open(new ScriptedStream(bytes, canSeek: false) { Piece = 1 });
        Assert.Equal([1f, 2f], file.Tensors.SelectMany(tensor => tensor.ToArray()));
    }

    private static byte[] Saved(out int[] bits)
    {
        var saved = MakeStore(1);
        bits = Bits(saved);
        var stream = new MemoryStream();
        ModelWeights.Save(stream, saved);
        return stream.ToArray();
    }

    /// <summary>A convolution in blocks of two filters, a bias, a transposed matrix of more than one buffer, a running mean; zero without a seed.</summary>
    private static ParameterStore MakeStore(int? seed = null)
    {
        var store = new ParameterStore(
            [
                new("conv1.weight", [3, 2, 2, 2], 0, [new(2, 16), new(2, 1), new(2, 2), new(2, 8), new(2, 4)], Initialization.He, 8, 12),
                new("conv1.bias", [3], 32, [new(3, 1)], Initialization.Glorot, 8, 12),
                new("dense1.weight", [200, 400], 36, [new(200, 1), new(400, 200)], Initialization.Glorot, 400, 200),
                new("bn1.running_mean", [3], 80_036, [new(3, 1)], Initialization.Glorot, 1, 1, IsTrained: false),
            ],
            80_036,
            80_039);
        if (seed is { } given)
            store.Initialize(given);
        return store;
    }

    private static int[] Bits(ParameterStore store) =>
        store.All.SelectMany(parameter => parameter.ToArray()).Select(BitConverter.SingleToInt32Bits).ToArray();
}
