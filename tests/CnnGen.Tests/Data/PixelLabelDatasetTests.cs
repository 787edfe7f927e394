namespace CnnGen.Tests.Data;

public class PixelLabelDatasetTests
{
    private static readonly FloatImageDataset _images = new(new ImageShape(1, 2, 2), new float[] { 0, 1, 2, 3, 4, 5, 6, 7 }, new[] { 0, 0 }, 1);

    [Fact]
    public void A_target_has_a_plane_for_each_class()
    {
        var dataset = new PixelLabelDataset(_images, new byte[] { 0, 2, 255, 1, 1, 1, 1, 1 }, classes: 3, height: 2, width: 2, unlabelled: 255);
        var target = new float[12];
        target.AsSpan().Fill(9);
        dataset.CopyTarget(0, target);

        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0], target);
        Assert.Equal([0, 2, 255, 1], dataset.GetLabels(0).ToArray());
        Assert.Equal((2, 0, new ImageShape(1, 2, 2)), (dataset.Count, dataset.ClassCount, dataset.Shape));
        Assert.Throws<InvalidOperationException>(() => dataset.GetLabel(0));

        var image = new float[4];
        dataset.CopyImage(1, image, new Normalization([0f], [1f]));
        Assert.Equal([4, 5, 6, 7], image);

        var second = dataset.Subset(1, 1);
        Assert.Equal([1, 1, 1, 1], second.GetLabels(0).ToArray());
        second.CopyImage(0, image, new Normalization([0f], [1f]));
        Assert.Equal([4, 5, 6, 7], image);
    }

    [Fact]
    public void Labels_that_do_not_suit_are_refused()
    {
        var label = Assert.Throws<ArgumentException>(() => new PixelLabelDataset(_images, new byte[] { 0, 0, 0, 0, 0, 0, 3, 0 }, 3, 2, 2));
        Assert.Contains("Image 1 has label 3 at row 1, column 0, but with 3 classes labels lie in 0 to 2.", label.Message, StringComparison.Ordinal);
        var count = Assert.Throws<ArgumentException>(() => new PixelLabelDataset(_images, new byte[4], 3, 2, 2));
        Assert.Contains("2 images with 2x2 labels each have 8 labels, but 4 were given.", count.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelLabelDataset(_images, new byte[8], 257, 2, 2));
        Assert.Throws<ArgumentNullException>(() => new PixelLabelDataset(null!, new byte[8], 3, 2, 2));

        var dataset = new PixelLabelDataset(_images, new byte[8], 3, 2, 2);
        Assert.Contains("3 classes of 2x2 pixels, 12 numbers, but the model has 13 outputs", Assert.Throws<ArgumentException>(() => dataset.CopyTarget(0, new float[13])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Subset(1, 2));
    }
}
