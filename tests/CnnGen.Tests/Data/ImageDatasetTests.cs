namespace CnnGen.Tests.Data;

public class ImageDatasetTests
{
    private static readonly ImageShape _shape = new(3, 5, 7);

    private static Normalization Half { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    private static Normalization None { get; } = new([0f], [1f]);

    [Fact]
    public void Bytes_come_out_as_the_normalization_says_channel_by_channel()
    {
        float[] mean = [0.5f, 0.25f, 0.1f];
        float[] deviation = [0.25f, 0.5f, 2f];
        var bytes = RandomBytes(2 * _shape.Length);
        var dataset = new ByteImageDataset(_shape, bytes, new[] { 0, 1 }, 2);
        var image = new float[_shape.Length];
        dataset.CopyImage(1, image, new Normalization(mean, deviation));
        for (var i = 0; i < image.Length; i++)
        {
            var (channel, place) = Math.DivRem(i, 35);
            Assert.Equal(((bytes[_shape.Length + (3 * place) + channel] / 255.0) - mean[channel]) / deviation[channel], image[i], 1e-6);
        }
    }

    [Fact]
    public void Images_of_planes_become_images_of_pixels()
    {
        var planes = RandomBytes(2 * _shape.Length);
        var dataset = ByteImageDataset.FromPlanes(_shape, planes, new[] { 1, 0 }, 2);
        Assert.Equal([1, 0], [dataset.GetLabel(0), dataset.GetLabel(1)]);
        for (var i = 0; i < planes.Length; i++)
        {
            var (number, within) = Math.DivRem(i, _shape.Length);
            var (channel, place) = Math.DivRem(within, 35);
            Assert.Equal(planes[i], dataset.GetBytes(number)[(3 * place) + channel]);
        }

        Assert.Throws<ArgumentException>(() => ByteImageDataset.FromPlanes(_shape, planes, new int[3], 2));
    }

    /// <summary>Wide enough for vectors, with a remainder: a byte becomes the same bits wherever it stands.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_pixel_has_the_same_bits_in_a_vector_and_in_the_remainder(int channels)
    {
        const int Width = 1029;
        var normalization = new Normalization(Enumerable.Repeat(0.1307f, channels).ToArray(), Enumerable.Repeat(0.3081f, channels).ToArray());
        var bytes = Enumerable.Range(0, Width * channels).Select(value => (byte)(value / channels)).ToArray();
        var row = new float[bytes.Length];
        new ByteImageDataset(new ImageShape(channels, 1, Width), bytes, new[] { 0 }, 1).CopyImage(0, row, normalization);
        var narrow = new ByteImageDataset(new ImageShape(channels, 1, 1), bytes, new int[Width], 1);
        var pixel = new float[channels];
        for (var i = 0; i < Width; i++)
        {
            narrow.CopyImage(i, pixel, normalization);
            for (var channel = 0; channel < channels; channel++)
                Assert.Equal(BitConverter.SingleToInt32Bits(row[(channel * Width) + i]), BitConverter.SingleToInt32Bits(pixel[channel]));
        }
    }

    [Fact]
    public void A_subset_shares_memory_and_keeps_labels()
    {
        var bytes = new byte[4 * _shape.Length];
        var dataset = new ByteImageDataset(_shape, bytes, new[] { 3, 2, 1, 0 }, 4);
        var subset = dataset.Subset(1, 3).Subset(1, 2);
        Assert.Equal(2, subset.Count);
        Assert.Equal([1, 0], [subset.GetLabel(0), subset.GetLabel(1)]);

        bytes[(2 * _shape.Length) + 4] = 255;
        var image = new float[_shape.Length];
        subset.CopyImage(0, image, Half);

        // The fifth byte is the second pixel's green: place 1 of plane 1.
        Assert.Equal(1f, image[36], 1e-6f);
        Assert.Equal(-1f, image[37], 1e-6f);
        Assert.Equal(255, subset.GetBytes(0)[4]);
    }

    [Fact]
    public void Float_images_come_out_as_they_are()
    {
        float[] images = [1, 2, 3, 4, 5, 6];
        var dataset = new FloatImageDataset(new ImageShape(1, 1, 2), images, new[] { 0, 1, 2 }, 3);
        var subset = dataset.Subset(1, 2);
        var image = new float[2];
        subset.CopyImage(1, image, Half);
        Assert.Equal([5f, 6f], image);
        Assert.Equal(2, subset.GetLabel(1));
        Assert.Equal(3, subset.ClassCount);
    }

    [Fact]
    public void Split_and_Take_of_a_derived_data_set_count_from_their_own_start()
    {
        var dataset = new Counting(10);
        var (first, second) = dataset.Split(7);
        Assert.Equal((7, 3), (first.Count, second.Count));
        Assert.Equal([7, 8, 9], Labels(second));
        Assert.Equal([8, 9], Labels(second.Subset(1, 2)));
        Assert.Equal([7], Labels(second.Take(1)));
        Assert.Equal(3, second.Take(100).Count);
        var pixel = new float[1];
        second.Subset(1, 2).CopyImage(1, pixel, None);
        Assert.Equal(9f, pixel[0]);
        second.CopyTarget(2, pixel);
        Assert.Equal(90f, pixel[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => second.GetLabel(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => second.Subset(2, 2));
    }

    [Fact]
    public void The_target_is_one_at_the_label()
    {
        var dataset = new FloatImageDataset(new ImageShape(1, 1, 1), new float[2], new[] { 2, 0 }, 3);
        float[] target = [9, 9, 9];
        dataset.CopyTarget(0, target);
        Assert.Equal([0f, 0f, 1f], target);
        var error = Assert.Throws<ArgumentException>(() => dataset.CopyTarget(0, new float[2]));
        Assert.Contains("label 2, but the model has 2 outputs", error.Message);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var dataset = new ByteImageDataset(_shape, new byte[2 * _shape.Length], new int[2], 1);
        Assert.Contains("no image 2", Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetLabel(2)).Message);
        Assert.Contains("no image -1", Assert.Throws<ArgumentOutOfRangeException>(() => dataset.CopyImage(-1, new float[_shape.Length], Half)).Message);
        Assert.Contains("105 floats, but the destination has 104", Assert.Throws<ArgumentException>(() => dataset.CopyImage(0, new float[104], Half)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Subset(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Subset(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Subset(int.MaxValue, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Split(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Take(-1));
        Assert.Contains("3 channels, but the normalization has numbers for 1", Assert.Throws<ArgumentException>(() => dataset.CopyImage(0, new float[105], None)).Message);
        Assert.Throws<ArgumentNullException>(() => dataset.CopyImage(0, new float[105], null!));
    }

    [Theory]
    [InlineData(0, 5, 7)]
    [InlineData(1, -1, 7)]
    [InlineData(65536, 65536, 1)]
    [InlineData(2048, 1024, 1024)]
    public void A_shape_that_holds_nothing_or_overflows_is_refused(int channels, int height, int width) =>
        Assert.Throws<ArgumentException>(() => new ByteImageDataset(new ImageShape(channels, height, width), Array.Empty<byte>(), Array.Empty<int>(), 1));

    [Fact]
    public void Images_and_labels_have_to_agree()
    {
        var error = Assert.Throws<ArgumentException>(() => new ByteImageDataset(_shape, new byte[_shape.Length], new int[2], 1));
        Assert.Contains("2 images of shape 3x5x7, one a label, have 210 elements, but 105 were given", error.Message);
        error = Assert.Throws<ArgumentException>(() => new FloatImageDataset(_shape, new float[_shape.Length], new[] { 5 }, 5));
        Assert.Contains("label 5, but with 5 classes labels lie in 0 to 4", error.Message);
        Assert.Throws<ArgumentException>(() => new FloatImageDataset(_shape, new float[_shape.Length], new[] { -1 }, 5));
    }

    [Fact]
    public void Messages_are_the_same_in_every_culture()
    {
        var dataset = new ByteImageDataset(_shape, new byte[_shape.Length], new int[1], 1);
        using var culture = new HostileCulture();
        Assert.Contains("no image -1", Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetLabel(-1)).Message);
    }

    private static int[] Labels(ImageDataset dataset) => Enumerable.Range(0, dataset.Count).Select(dataset.GetLabel).ToArray();

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Image i is the single pixel i, with label i and target 10 i.</summary>
    private sealed class Counting(int count) : ImageDataset(new ImageShape(1, 1, 1), count, count)
    {
        public override void CopyImage(int index, Span<float> destination, Normalization normalization) => destination[0] = index;

        public override int GetLabel(int index) => index;

        public override void CopyTarget(int index, Span<float> destination) => destination[0] = 10 * index;
    }
}
