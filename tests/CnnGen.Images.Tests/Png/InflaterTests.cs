using System.IO.Compression;
using CnnGen.Images.Png;
using FsCheck;
using FsCheck.Fluent;

namespace CnnGen.Images.Tests.Png;

/// <summary>Beside what the framework packs, at every level: stored blocks, fixed codes and codes of the block's own.</summary>
public sealed class InflaterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(70_000)] // More than a stored block holds, and than the window.
    [InlineData(200_000)]
    public void What_was_packed_comes_out_again(int length)
    {
        var random = new Random(length);
        foreach (var alphabet in new[] { 1, 2, 5, 40, 256 })
        {
            var bytes = new byte[length];
            for (var i = 0; i < length; i++)
                bytes[i] = i > 50 && random.Next(4) > 0 ? bytes[i - 1 - random.Next(Math.Min(i - 1, 40_000))] : (byte)random.Next(alphabet);
            foreach (var level in Enum.GetValues<CompressionLevel>())
            {
                var unpacked = new byte[length];
                Inflater.Inflate(TestPng.Pack(bytes, level), unpacked);
                Assert.True(bytes.AsSpan().SequenceEqual(unpacked), $"{length} bytes of {alphabet}, {level}");
            }
        }
    }

    [Fact]
    public void Any_bytes_at_all_are_unpacked_or_a_fault()
    {
        var streams = Gen.ArrayOf(Gen.Choose(0, 255)).Select(values => new byte[] { 0x78, 0x9C }.Concat(values.Select(value => (byte)value)).ToArray());
        Prop.ForAll(streams.ToArbitrary(), stream =>
        {
            Assert.Throws<ImageException>(() => Inflater.Inflate(stream, new byte[100]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Theory]
    [InlineData(new byte[] { 0x78 }, "1 bytes are too few for a zlib stream")]
    [InlineData(new byte[] { 0x78, 0x9D, 0, 0, 0, 0 }, "a zlib header was expected, but the bytes are 78 9D")]
    [InlineData(new byte[] { 0x78, 0xBB, 0, 0, 0, 0 }, "it asks for a preset dictionary, which PNG does not allow")]
    [InlineData(new byte[] { 0x78, 0x9C, 7, 0, 0, 0 }, "a block has the reserved type 3")]
    [InlineData(new byte[] { 0x78, 0x9C, 1, 5, 0, 5, 0 }, "a stored block's length 0005 and its complement 0005 disagree")]
    [InlineData(new byte[] { 0x78, 0x9C, 1, 5, 0, 0xFA, 0xFF }, "it ends within a stored block of 5 bytes")]
    [InlineData(new byte[] { 0x78, 0x9C, 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 1 }, "it unpacks to 0 bytes, but the image has 3")]
    [InlineData(new byte[] { 0x78, 0x9C, 1, 3, 0, 0xFC, 0xFF, 1, 2, 3, 0, 0, 0, 1 }, "its check sum is 00000001, but its bytes give 000D0007")]
    [InlineData(new byte[] { 0x78, 0x9C, 3, 2, 0, 0 }, "it copies from 1 bytes back, where only 0 are unpacked")]
    public void A_fault_is_told(byte[] stream, string message)
    {
        var said = Assert.Throws<ImageException>(() => Inflater.Inflate(stream, new byte[3])).Message;

        Assert.StartsWith("the compressed pixels, at their byte ", said, StringComparison.Ordinal);
        Assert.EndsWith(": " + message, said, StringComparison.Ordinal);
    }
}
