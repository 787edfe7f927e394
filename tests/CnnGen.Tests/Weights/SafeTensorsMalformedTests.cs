using System.Buffers.Binary;
using CnnGen.Tests.Data;

namespace CnnGen.Tests.Weights;

public sealed class SafeTensorsMalformedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_file_is_refused() => Refused([], "has 0 bytes, fewer than the 8");

    [Fact]
    public void A_file_shorter_than_its_length_field_is_refused() => Refused([1, 0, 0, 0, 0, 0, 0], "has 7 bytes, fewer than the 8");

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void A_huge_header_is_refused(ulong length)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Refused(bytes, FormattableString.Invariant($"claims a header of {length} bytes, but at most 100000000"));
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_without_allocating_it()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 100_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(bytes, "claims a header of 100000000 bytes, but only 8 follow");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("", "doesn't begin with '{'")]
    [InlineData(" {}", "doesn't begin with '{'")]
    [InlineData("[]", "doesn't begin with '{'")]
    [InlineData("{", "no valid JSON")]
    [InlineData("{\"a\"", "no valid JSON")]
    [InlineData("{\"a\":{}", "lacks its dtype")]
    [InlineData("{\"a\":}", "no valid JSON")]
    [InlineData("{} {}", "no valid JSON")]
    [InlineData("{} // why", "no valid JSON")]
    [InlineData("{\"a\":1}", "expected an object with dtype, shape and data_offsets as the value of a")]
    [InlineData("{\"a\":null}", "expected an object with dtype, shape and data_offsets as the value of a")]
    [InlineData("{\"\\ud800\":{}}", "no valid Unicode")]
    public void A_header_that_is_no_object_of_tensors_is_refused(string header, string message) => Refused(SafeTensorsBytes.Make(header), message);

    [Fact]
    public void A_header_that_is_no_utf8_is_refused() => Refused(SafeTensorsBytes.Make([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'{', (byte)'}', (byte)'}']), "no valid");

    [Theory]
    [InlineData("\"shape\":[1],\"data_offsets\":[0,4]", "a lacks its dtype")]
    [InlineData("\"dtype\":\"F32\",\"data_offsets\":[0,4]", "a lacks its shape")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1]", "a lacks its data_offsets")]
    [InlineData("\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]", "a has dtype twice")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]", "a has shape twice")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"data_offsets\":[0,4]", "a has data_offsets twice")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"extra\":{}", "unknown member extra")]
    [InlineData("\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]", "expected a text as a's dtype")]
    [InlineData("\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]", "unknown dtype F33; known are BOOL, U8,")]
    [InlineData("\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]", "unknown dtype f32")]
    [InlineData("\"dtype\":\"11\",\"shape\":[1],\"data_offsets\":[0,4]", "unknown dtype 11")]
    [InlineData("\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]", "expected a list of whole numbers as a's shape")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]", "a's shape has something other than a whole number")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]", "a's shape has something other than a whole number")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]", "a's shape has something other than a whole number")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]", "a's shape has the negative number -1")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,4]", "a's shape has something other than a whole number of 64 bits")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]", "has more elements than a 64-bit number counts")]
    [InlineData("\"dtype\":\"F64\",\"shape\":[9223372036854775807],\"data_offsets\":[0,4]", "needs 9223372036854775807 elements of 8 bytes, 73786976294838206456 in all")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]", "data_offsets have 1 numbers")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]", "data_offsets have 3 numbers")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]", "data_offsets has the negative number -4")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]", "data_offsets [4, 0], which end before they begin")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]", "needs 1 elements of 4 bytes, 4 in all, but its data_offsets [0, 8] span 8")]
    [InlineData("\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,4]", "needs 1 elements of 8 bytes, 8 in all")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]", "ends at byte 8 of the data, but the file has only 4 of them")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[9223372036854775803,9223372036854775807]", "belong to no tensor")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]", "its tensors take 0 bytes, but 4 follow")]
    public void An_entry_that_is_wrong_is_refused(string members, string message) =>
        Refused(SafeTensorsBytes.Make($"{{\"a\":{{{members}}}}}", 1, 2, 3, 4), message);

    [Theory]
    [InlineData("\"__metadata__\":1", "expected an object of texts as __metadata__")]
    [InlineData("\"__metadata__\":{\"a\":1}", "expected a text as the value of __metadata__'s a")]
    [InlineData("\"__metadata__\":{\"a\":\"\",\"a\":\"\"}", "__metadata__ has a twice")]
    [InlineData("\"__metadata__\":{},\"__metadata__\":{}", "it names __metadata__ twice")]
    public void Metadata_that_is_wrong_is_refused(string members, string message) => Refused(SafeTensorsBytes.Make($"{{{members}}}"), message);

    [Fact]
    public void Two_tensors_of_one_name_are_refused() => Refused(Two("a", 0, 4, "a", 4, 8), "it names a twice");

    [Fact]
    public void Two_tensors_whose_names_differ_in_escapes_only_are_refused() => Refused(Two("a", 0, 4, "\\u0061", 4, 8), "it names a twice");

    [Theory]
    [InlineData(0, 4, 0, 4)]
    [InlineData(0, 4, 3, 7)]
    [InlineData(3, 7, 0, 4)]
    public void Overlapping_tensors_are_refused(long begin1, long end1, long begin2, long end2) => Refused(Two("a", begin1, end1, "b", begin2, end2), "they overlap");

    [Fact]
    public void A_gap_between_tensors_is_refused() => Refused(Two("a", 0, 4, "b", 5, 9), "starts at byte 5 of the data, but the tensor before it ends at 4: the bytes between belong to no tensor");

    [Fact]
    public void A_gap_before_the_first_tensor_is_refused() => Refused(Two("a", 1, 5, "b", 5, 9), "starts at byte 1");

    [Fact]
    public void Every_truncation_is_refused()
    {
        var sound = Two("a", 0, 4, "b", 4, 8);
        for (var length = 0; length < sound.Length; length++)
            Refused(sound[..length], "");
        Refused(sound[..^1], "b F32 [1] ends at byte 8 of the data, but the file has only 7 of them: it is cut off");
    }

    [Fact]
    public void Trailing_bytes_are_refused() => Refused([.. Two("a", 0, 4, "b", 4, 8), 0], "too long: its tensors take 8 bytes, but 9 follow");

    [Fact]
    public void Names_from_the_file_are_printed_short_and_plain()
    {
        var message = Refused(SafeTensorsBytes.Make($"{{\"\\u001b[31m{new string('x', 100_000)}\":1}}"), "\\u001b[31mxxx");
        Assert.DoesNotContain('\u001b', message);
        Assert.InRange(message.Length, 100, 600);
    }

    [Fact]
    public void A_deep_nesting_is_refused() => Refused(SafeTensorsBytes.Make("{\"a\":{\"extra\":" + new string('[', 10_000)), "malformed");

    /// <summary>Where the time grows with the square of the length, these 99 MB take more than a minute.</summary>
    [Fact]
    public void A_name_of_escapes_takes_time_in_proportion_to_its_length()
    {
        var header = new byte[99_000_000];
        "{\""u8.CopyTo(header);
        for (var i = 2; i + 6 <= header.Length; i += 6)
            "\\u0041"u8.CopyTo(header.AsSpan(i));
        "\":1}"u8.CopyTo(header.AsSpan(header.Length - 4));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var message = Assert.Throws<InvalidDataException>(() => SafeTensorsHeader.Parse("'a'", header, header.Length + 8)).Message;
        Assert.Contains("expected an object with dtype, shape and data_offsets as the value of AAAA", message);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Theory]
    [InlineData("shape", 65)]
    [InlineData("data_offsets", 65)]
    public void A_list_of_more_numbers_than_a_tensor_has_dimensions_is_refused(string member, int count) => Refused(
        SafeTensorsBytes.Make($"{{\"a\":{{\"dtype\":\"F32\",\"{member}\":[{string.Join(',', Enumerable.Repeat("1", count))}]}}}}"),
        $"a's {member} has more than 64 numbers");

    [Fact]
    public void A_number_of_a_million_digits_is_refused() => Refused(
        SafeTensorsBytes.Make($"{{\"a\":{{\"dtype\":\"F32\",\"shape\":[{new string('1', 1_000_000)}]}}}}"), "something other than a whole number of 64 bits");

    [Fact]
    public void Messages_are_the_same_in_every_culture()
    {
        using var culture = new HostileCulture();
        Refused(SafeTensorsBytes.Make("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}"), "the negative number -1");
        Refused(Two("a", 0, 4, "b", 4, 12), "needs 1 elements of 4 bytes");
    }

    [Fact]
    public void Random_damage_is_read_or_refused_and_nothing_else()
    {
        var stream = new MemoryStream();
        SafeTensors.Write(stream, [new("a", [2, 1], new[] { 1f, 2f }), new("b", [], new[] { 3f })], new Dictionary<string, string> { ["k"] = "v" });
        var sound = stream.ToArray();
        var random = new Random(4);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            try
            {
                using var file = SafeTensors.Open(Damage.Apply(sound, random));
                foreach (var tensor in file.Tensors.Where(tensor => tensor.Type is SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.F32 or SafeTensorType.F64))
                    Assert.Equal(tensor.Length, tensor.ToArray().Length);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 10_000, 19_999);
    }

    private static byte[] Two(string name1, long begin1, long end1, string name2, long begin2, long end2) => SafeTensorsBytes.Make(
        $"{{{SafeTensorsBytes.Entry(name1, "F32", "1", begin1, end1)},{SafeTensorsBytes.Entry(name2, "F32", "1", begin2, end2)}}}",
        new byte[8]);

    private string Refused(byte[] bytes, string message)
    {
        var path = _folder.Write("weights.safetensors", bytes);
        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Open(path).Dispose());
        Assert.Contains(message, error.Message);
        Assert.Contains($"'{path}'", error.Message);
        return error.Message;
    }
}
