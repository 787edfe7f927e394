namespace CnnGen.Tests.Normalizing;

[Model(3, 9, 7)]
[Normalize(new[] { 0.485f, 0.456f, 0.406f }, new[] { 0.229f, 0.224f, 0.225f })]
[Conv2D(4, 3), ReLU, Dense(5), Softmax]
internal sealed partial class Coloured;

[Model(3, 9, 7)]
[Normalize(new[] { 0.5f }, new[] { 0.25f, 0.5f, 1f })]
[Conv2D(4, 3), ReLU, Dense(5), Softmax]
internal sealed partial class OneMeanForAll;

[Model(1, 40, 3)]
[Conv2D(4, 3), ReLU, Dense(5), Softmax]
internal sealed partial class NotNormalized;

public sealed class NormalizeTests
{
    [Fact]
    public void The_class_has_the_numbers_of_its_declaration_one_a_channel()
    {
        Assert.Equal([0.485f, 0.456f, 0.406f], Coloured.Normalization.Mean.ToArray());
        Assert.Equal([0.229f, 0.224f, 0.225f], Coloured.Normalization.Deviation.ToArray());
        Assert.Equal([0.5f, 0.5f, 0.5f], OneMeanForAll.Normalization.Mean.ToArray());
        Assert.Equal([0.25f, 0.5f, 1f], OneMeanForAll.Normalization.Deviation.ToArray());
        Assert.Equal([0f], NotNormalized.Normalization.Mean.ToArray());
        Assert.Equal([1f], NotNormalized.Normalization.Deviation.ToArray());
        Assert.Same(Coloured.Normalization, Coloured.Normalization);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(150)] // In three parts.
    public void Bytes_predict_as_a_data_set_of_the_same_bytes_does(int count)
    {
        using var model = Coloured.Create(seed: 3);
        var shape = Coloured.InputShape;
        var pixels = Bytes(count * shape.Length);
        var data = new ByteImageDataset(shape, pixels, new int[count], 5);
        var images = new float[pixels.Length];
        for (var i = 0; i < count; i++)
            data.CopyImage(i, images.AsSpan(i * shape.Length, shape.Length), Coloured.Normalization);
        var expected = new float[count * Coloured.OutputLength];
        model.Predict(images, expected, count);

        var scores = new float[expected.Length];
        model.Predict(pixels, scores, count);

        Assert.Equal(expected, scores);
        model.Predict(pixels.AsSpan(0, shape.Length), scores.AsSpan(0, Coloured.OutputLength));
        Assert.Equal(expected[..Coloured.OutputLength], scores[..Coloured.OutputLength]);
    }

    [Fact]
    public void Each_byte_becomes_what_its_channels_numbers_make_of_it()
    {
        var pixels = Bytes(6);
        var image = new float[6];

        Coloured.Normalization.Apply(pixels, image);

        for (var i = 0; i < 6; i++)
        {
            var channel = i / 2;
            var expected = ((pixels[((i % 2) * 3) + channel] / 255.0) - Coloured.Normalization.Mean[channel]) / Coloured.Normalization.Deviation[channel];
            Assert.Equal(expected, image[i], 1e-6);
        }
    }

    [Fact]
    public void Without_numbers_a_byte_is_divided_by_255()
    {
        using var model = NotNormalized.Create(seed: 1);
        var pixels = Bytes(120);
        var (expected, scores) = (new float[5], new float[5]);
        model.Predict(pixels.Select(value => (float)(value * (float)(1 / 255.0))).ToArray(), expected);

        model.Predict(pixels, scores);

        Assert.Equal(expected, scores);
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_call()
    {
        using var model = Coloured.Create(seed: 1);
        var pixels = Bytes(100 * Coloured.InputShape.Length);
        var scores = new float[100 * Coloured.OutputLength];
        model.Predict(pixels, scores, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Predict(pixels, scores, 100);
        model.Predict(pixels.AsSpan(0, Coloured.InputShape.Length), scores.AsSpan(0, Coloured.OutputLength));

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Spans_of_another_length_are_told()
    {
        using var model = Coloured.Create();
        var scores = new float[10];

        Assert.StartsWith(
            "pixels has 188 bytes, but 1 x 189 = 189 are needed: Coloured takes images of 9x7 pixels with 3 bytes each.",
            Assert.Throws<ArgumentException>(() => model.Predict(new byte[188], scores.AsSpan(0, 5))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "scores has 10 floats, but 1 x 5 = 5 are needed",
            Assert.Throws<ArgumentException>(() => model.Predict(new byte[189], scores)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Predict(new byte[189], scores, -1));
        Assert.StartsWith(
            "188 bytes do not become 189 floats of 3 channels",
            Assert.Throws<ArgumentException>(() => Coloured.Normalization.Apply(new byte[188], new float[189])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_normalise_nothing_are_told()
    {
        Assert.Throws<ArgumentException>(() => new Normalization([], []));
        Assert.Throws<ArgumentException>(() => new Normalization([0f, 0f], [1f]));
        Assert.StartsWith(
            "The mean of channel 1 is NaN; it has to be finite.",
            Assert.Throws<ArgumentException>(() => new Normalization([0f, float.NaN], [1f, 1f])).Message,
            StringComparison.Ordinal);
        foreach (var deviation in new[] { 0f, -1f, float.NaN, float.PositiveInfinity })
        {
            Assert.StartsWith(
                "The deviation of channel 0 is ", Assert.Throws<ArgumentException>(() => new Normalization([0f], [deviation])).Message, StringComparison.Ordinal);
        }

    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
