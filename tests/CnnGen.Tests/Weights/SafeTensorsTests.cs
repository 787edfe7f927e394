using System.Text;
using CnnGen.Tests.Data;

namespace CnnGen.Tests.Weights;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "weights.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_written_are_the_formats()
    {
        SafeTensors.Write(
            File,
            [new("conv1.weight", [1, 2], new[] { 1f, -2f }), new("conv1.bias", [1], new[] { 0.5f }), new("empty", [3, 0], default), new("one", [], new[] { 3f })],
            new Dictionary<string, string> { ["format"] = "pt" });

        const string Header =
            "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"conv1.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
            + "\"empty\":{\"dtype\":\"F32\",\"shape\":[3,0],\"data_offsets\":[12,12]},"
            + "\"one\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[12,16]}}";
        var padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        byte[] expected =
        [
            (byte)(padded.Length & 255), (byte)(padded.Length >> 8), 0, 0, 0, 0, 0, 0,
            .. Encoding.ASCII.GetBytes(padded),
            0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x00, 0x3F, 0x00, 0x00, 0x40, 0x40,
        ];
        Assert.NotEqual(Header.Length, padded.Length);
        Assert.Equal(expected, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var many = Enumerable.Range(0, 100_000).Select(i => i / 7f).ToArray();
        SafeTensors.Write(
            File,
            [new("a", [250, 400], many), new("\"quoted\" \u00e4\u6f22\ud83d\ude00", [1], new[] { float.NaN }), new("none", [0], default)],
            new Dictionary<string, string> { ["key \u00e4"] = "line\nline", ["empty"] = "" });

        using var file = SafeTensors.Open(File);
        Assert.Equal(["a", "\"quoted\" \u00e4\u6f22\ud83d\ude00", "none"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(new Dictionary<string, string> { ["key \u00e4"] = "line\nline", ["empty"] = "" }, file.Metadata);
        Assert.True(file.TryGet("a", out var a));
        Assert.Equal([250L, 400L], a.Shape.ToArray());
        Assert.Equal(100_000, a.Length);
        Assert.Equal(many, a.ToArray());
        var part = new float[50_000];
        a.CopyTo(40_001, part);
        Assert.Equal(many[40_001..90_001], part);
        Assert.True(float.IsNaN(file.Tensors[1].ToArray()[0]));
        Assert.Empty(file.Tensors[2].ToArray());
        Assert.False(file.TryGet("A", out _));
    }

    [Fact]
    public void Streams_and_memory_are_read_as_files_are()
    {
        var bytes = new MemoryStream();
        bytes.WriteByte(99);
        SafeTensors.Write(bytes, [new("a", [2], new[] { 1f, 2f })]);

        bytes.Position = 1;
        using (var file = SafeTensors.Open(bytes))
            Assert.Equal([1f, 2f], file.Tensors[0].ToArray());
        bytes.Position = 1;
        using (var file = SafeTensors.Open(new Unseekable(bytes)))
            Assert.Equal([1f, 2f], file.Tensors[0].ToArray());
        using (var file = SafeTensors.Open(bytes.ToArray().AsMemory(1)))
            Assert.Equal([1f, 2f], file.Tensors[0].ToArray());
        Assert.True(bytes.CanRead);
    }

    [Fact]
    public void Half_brain_and_double_floats_are_converted()
    {
        var header = "{" + string.Join(',', Entry("half", "F16", "4", 0, 8), Entry("brain", "BF16", "3", 8, 14), Entry("double", "F64", "3", 14, 38)) + "}";
        byte[] data =
        [
            0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0x00, 0x7C, // 1, -2, the smallest subnormal, infinity
            0x80, 0x3F, 0x20, 0xC0, 0x7F, 0x7F, // 1, -2.5, the largest
            .. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(1e300), .. BitConverter.GetBytes(-3.0),
        ];
        using var file = SafeTensors.Open(SafeTensorsBytes.Make(header, data));
        Assert.Equal([1f, -2f, 5.9604645e-8f, float.PositiveInfinity], file.Tensors[0].ToArray());
        Assert.Equal([1f, -2.5f, 3.3895314e38f], file.Tensors[1].ToArray());
        Assert.Equal([0.1f, float.PositiveInfinity, -3f], file.Tensors[2].ToArray());
    }

    [Fact]
    public void Other_types_give_their_bytes_and_no_floats()
    {
        using var file = SafeTensors.Open(SafeTensorsBytes.Make("{" + Entry("count", "I16", "2", 0, 4) + "}", 1, 2, 3, 4));
        var bytes = new byte[4];
        file.Tensors[0].CopyBytesTo(bytes);
        Assert.Equal([1, 2, 3, 4], bytes);
        Assert.Contains("count I16 [2] is no tensor of floats", Assert.Throws<InvalidDataException>(() => file.Tensors[0].ToArray()).Message);
        Assert.Throws<ArgumentException>(() => file.Tensors[0].CopyBytesTo(new byte[3]));
    }

    [Fact]
    public void Tensors_may_lie_in_another_order_than_the_header_names_them()
    {
        var header = "{" + Entry("b", "F32", "1", 4, 8) + ",\n\t" + Entry("a", "F32", "1", 0, 4) + "}  ";
        using var file = SafeTensors.Open(SafeTensorsBytes.Make(header, SafeTensorsBytes.Of(1, 2)));
        Assert.Equal([2f], file.Tensors[0].ToArray());
        Assert.Equal([1f], file.Tensors[1].ToArray());
    }

    [Fact]
    public void A_file_without_tensors_is_read()
    {
        using var file = SafeTensors.Open(SafeTensorsBytes.Make("{}"));
        Assert.Empty(file.Tensors);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void Reading_past_a_tensors_end_is_refused()
    {
        using var file = SafeTensors.Open(SafeTensorsBytes.Make("{" + Entry("a", "F32", "2", 0, 8) + "}", SafeTensorsBytes.Of(1, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Tensors[0].CopyTo(1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Tensors[0].CopyTo(-1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Tensors[0].CopyTo(0, new float[3]));
    }

    [Fact]
    public void A_closed_file_is_not_read()
    {
        SafeTensors.Write(File, [new("a", [1], new[] { 1f })]);
        var file = SafeTensors.Open(File);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Tensors[0].ToArray());
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Contains(File, Assert.Throws<FileNotFoundException>(() => SafeTensors.Open(File)).Message);
        Assert.Contains(_folder.Path, Assert.Throws<InvalidDataException>(() => SafeTensors.Open(_folder.Path)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => SafeTensors.Open(Path.Combine(_folder.Path, "no", "file")));
    }

    [Fact]
    public void Names_that_cannot_be_written_are_refused()
    {
        SafeTensorValues one = new("a", [1], new[] { 1f });
        Assert.Contains("already taken", Assert.Throws<ArgumentException>(() => SafeTensors.Write(File, [one, one])).Message);
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(File, [new("__metadata__", [1], new[] { 1f })]));
        Assert.Contains("half a surrogate pair", Assert.Throws<ArgumentException>(() => SafeTensors.Write(File, [new("half \ud83d", [1], new[] { 1f })])).Message);
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(File, [one], new Dictionary<string, string> { ["\udc00"] = "" }));
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(File, [one], new Dictionary<string, string> { ["a"] = null! }));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Values_that_do_not_fill_their_shape_are_refused()
    {
        Assert.Contains("a [2, 3] was given 5 values", Assert.Throws<ArgumentException>(() => new SafeTensorValues("a", [2, 3], new float[5])).Message);
        Assert.Throws<ArgumentException>(() => new SafeTensorValues("a", [-1, -5], new float[5]));
        Assert.Throws<ArgumentException>(() => new SafeTensorValues("a", [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], new float[5]));
    }

    private static string Entry(string name, string type, string shape, long begin, long end) => SafeTensorsBytes.Entry(name, type, shape, begin, end);

    /// <summary>A stream as a network gives it.</summary>
    private sealed class Unseekable(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, 3));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
