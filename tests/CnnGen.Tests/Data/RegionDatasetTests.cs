namespace CnnGen.Tests.Data;

public class RegionDatasetTests
{
    private static readonly FloatImageDataset _images = new(new ImageShape(1, 2, 2), new float[] { 0, 1, 2, 3, 4, 5, 6, 7 }, new[] { 0, 0 }, 1);

    /// <summary>A region of 10 x 20 pixels, and a truth whose centre is 1 to the right and 5 above, twice as wide and half as high.</summary>
    private static readonly LabelledRegion _region = new(new Box(20, 40, 30, 60), 2, new Box(16, 40, 36, 50));

    [Fact]
    public void A_region_has_a_one_at_its_class_and_its_offsets_behind()
    {
        var dataset = new RegionDataset(_images, [[], [new LabelledRegion(new Box(1, 2, 3, 4), 0), _region]], regionCount: 3, classes: 3);
        var (regions, target) = (new float[12], new float[45]);
        regions.AsSpan().Fill(9);
        target.AsSpan().Fill(9);
        dataset.CopyRegions(1, regions);
        dataset.CopyTarget(1, target);

        Assert.Equal([1, 2, 3, 4, 20, 40, 30, 60, 0, 0, 0, 0], regions);
        var expected = new float[45];

        // Classes x regions, then (class, number) x regions: the numbers of class 2 from row 3 + 8 on.
        (expected[0], expected[(2 * 3) + 1]) = (1, 1);
        (expected[(11 * 3) + 1], expected[(12 * 3) + 1], expected[(13 * 3) + 1], expected[(14 * 3) + 1]) = (0.1f, -0.25f, MathF.Log(2), -MathF.Log(2));
        Assert.Equal(expected, target, (a, b) => Math.Abs(a - b) < 1e-6f);
        dataset.CopyRegions(0, regions);
        Assert.Equal(new float[12], regions);
        Assert.Equal((2, 3, 3, 0), (dataset.Count, dataset.RegionCount, dataset.Classes, dataset.ClassCount));

        var second = dataset.Subset(1, 1);
        second.CopyRegions(0, regions);
        Assert.Equal(20, regions[4]);
        Assert.Equal(3, second.RegionCount);
        Assert.Throws<InvalidOperationException>(() => dataset.GetLabel(0));
        Assert.Throws<InvalidOperationException>(() => _images.CopyRegions(0, regions));
    }

    [Fact]
    public void Regions_that_do_not_suit_are_refused()
    {
        Assert.Contains("2 images, but 1 lists", Refused([[]]), StringComparison.Ordinal);
        Assert.Contains("Image 1 has 4 regions, but the model takes 3", Refused([[], [_region, _region, _region, _region]]), StringComparison.Ordinal);
        Assert.Contains("Region 1 of image 0 has label 3, but with 3 classes labels lie in 0 (the background) to 2", Refused([[_region, _region with { Label = 3 }], []]), StringComparison.Ordinal);
        Assert.Contains("Region 0 of image 0 is", Refused([[_region with { Region = new Box(3, 3, 3, 9) }], []]), StringComparison.Ordinal);
        Assert.Contains("is empty", Refused([[_region with { Truth = default }], []]), StringComparison.Ordinal);
        Assert.Contains("no finite numbers lead to", Refused([[_region with { Region = new Box(0, 0, 1e-30f, 1), Truth = new Box(0, 0, 1e30f, 1) }], []]), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegionDataset(_images, [[], []], 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegionDataset(_images, [[], []], 3, 1));
        Assert.Throws<ArgumentNullException>(() => new RegionDataset(null!, [[], []], 3, 3));
        Assert.Contains("end it", Assert.Throws<ArgumentException>(() => new RegionDataset(_images, [[], []], 3, 3).CopyTarget(0, new float[9])).Message, StringComparison.OrdinalIgnoreCase);

        static string Refused(IReadOnlyList<IReadOnlyList<LabelledRegion>> regions) => Assert.Throws<ArgumentException>(() => new RegionDataset(_images, regions, 3, 3)).Message;
    }

    [Fact]
    public void Offsets_lead_back_to_the_truth()
    {
        var moved = _region.Region.Moved(_region.Region.OffsetsTo(_region.Truth));

        Assert.Equal(16, moved.X1, 4);
        Assert.Equal(40, moved.Y1, 4);
        Assert.Equal(36, moved.X2, 4);
        Assert.Equal(50, moved.Y2, 4);
        Assert.Throws<InvalidOperationException>(() => default(Box).OffsetsTo(moved));
    }

    /// <summary>Two squares of 4 x 4 that share 2 x 4: 8 of 24.</summary>
    [Fact]
    public void The_overlap_is_what_both_have_of_what_either_has()
    {
        var box = new Box(1, 1, 5, 5);

        Assert.Equal(1f / 3, box.Overlap(new Box(3, 1, 7, 5)), 6);
        Assert.Equal(1, box.Overlap(box), 6);
        Assert.Equal(0, box.Overlap(new Box(5, 1, 9, 5)));
        Assert.Equal(0, box.Overlap(default));
        Assert.True(new Box(0, 0, float.NaN, 1).IsEmpty);
        Assert.True(new Box(0, 0, 0, 1).IsEmpty);
    }
}
