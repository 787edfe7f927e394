using System.Globalization;

namespace CnnGen;

/// <summary>
/// Images with labelled regions: those of another data set, and for each image the regions that a detector looks at, with their classes and boxes. What a model of <see cref="Loss.ClassesAndBoxes"/>
/// should answer is, for each region, 1 at its class, and at this class's box what leads from the region to the truth (<see cref="Box.OffsetsTo"/>). Regions that an image has not are empty, and nothing
/// is wanted of them.
/// </summary>
public sealed class RegionDataset : ImageDataset
{
    private readonly ImageDataset _images;
    private readonly IReadOnlyList<IReadOnlyList<LabelledRegion>> _regions;

    /// <summary>Makes a data set over images and lists that it keeps and does not copy.</summary>
    /// <param name="images">The images; their own labels, if they have any, count no more.</param>
    /// <param name="regions">A list for each image, of <paramref name="regionCount"/> regions or fewer.</param>
    /// <param name="regionCount">The regions that the model takes with each image, 1 or more.</param>
    /// <param name="classes">The number of classes, the background (class 0) among them: 2 or more.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">There are more or fewer lists than images, or too many regions in one; a region is empty, a label is no class; where there is something, its box is empty, or so far away or of such a size that no finite numbers lead there.</exception>
    public RegionDataset(ImageDataset images, IReadOnlyList<IReadOnlyList<LabelledRegion>> regions, int regionCount, int classes)
        : base(ShapeOf(images), classCount: 0, images.Count)
    {
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentOutOfRangeException.ThrowIfLessThan(regionCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (regions.Count != Count)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There are {Count} images, but {regions.Count} lists of regions: give one for each image."), nameof(regions));
        (_images, _regions, RegionCount, Classes) = (images, regions, regionCount, classes);
        for (var image = 0; image < Count; image++)
            Check(image);
    }

    /// <inheritdoc/>
    public override int RegionCount { get; }

    /// <summary>The number of classes, the background among them.</summary>
    public int Classes { get; }

    /// <inheritdoc/>
    public override bool IsInMemory => _images.IsInMemory;

    /// <summary>The regions of one image.</summary>
    /// <param name="index">The image, in [0, <see cref="ImageDataset.Count"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    public IReadOnlyList<LabelledRegion> GetRegions(int index)
    {
        CheckIndex(index);
        return _regions[index];
    }

    /// <inheritdoc/>
    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        _images.CopyImage(index, destination, normalization);
    }

    /// <summary>Not for these images: each region has a label, and the image none.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override int GetLabel(int index) =>
        throw new InvalidOperationException("Each region of these images has a label, and an image none. Take GetRegions.");

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public override void CopyRegions(int index, Span<float> destination)
    {
        var regions = GetRegions(index);
        if (destination.Length != 4L * RegionCount)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{RegionCount} regions have {4L * RegionCount} numbers, but the destination has {destination.Length}."));
        }

        destination.Clear();
        for (var i = 0; i < regions.Count; i++)
        {
            var box = regions[i].Region;
            var numbers = destination[(4 * i)..];
            (numbers[0], numbers[1], numbers[2], numbers[3]) = (box.X1, box.Y1, box.X2, box.Y2);
        }
    }

    /// <summary>
    /// Copies out what the model should answer for one image: a plane of <see cref="RegionCount"/> numbers for each class, 1 where a region is of it, and four for each class, the offsets to the truth
    /// where a region is of that class, else 0.
    /// </summary>
    /// <param name="index">The image, in [0, <see cref="ImageDataset.Count"/>).</param>
    /// <param name="destination">Receives 5 x <see cref="Classes"/> x <see cref="RegionCount"/> floats.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public override void CopyTarget(int index, Span<float> destination)
    {
        var regions = GetRegions(index);
        if (destination.Length != 5L * Classes * RegionCount)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{RegionCount} regions of {Classes} classes with a box for each are {5L * Classes * RegionCount} numbers, but the model has {destination.Length} outputs. ")
                + "End it with Concat of a Softmax over as many classes and of four times as many numbers.");
        }

        destination.Clear();
        for (var region = 0; region < regions.Count; region++)
        {
            var (box, label, truth) = regions[region];
            destination[(label * RegionCount) + region] = 1;
            if (label == 0)
                continue;
            var offsets = box.OffsetsTo(truth);
            var first = ((Classes + (4 * label)) * RegionCount) + region;
            destination[first] = offsets.X;
            destination[first + RegionCount] = offsets.Y;
            destination[first + (2 * RegionCount)] = offsets.Width;
            destination[first + (3 * RegionCount)] = offsets.Height;
        }
    }

    private static bool AreFinite((float X, float Y, float Width, float Height) offsets) =>
        float.IsFinite(offsets.X) && float.IsFinite(offsets.Y) && float.IsFinite(offsets.Width) && float.IsFinite(offsets.Height);

    private static ImageShape ShapeOf(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Shape;
    }

    private void Check(int image)
    {
        var regions = _regions[image] ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Image {image} has no list of regions: give an empty one where it has none."), "regions");
        if (regions.Count > RegionCount)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Image {image} has {regions.Count} regions, but the model takes {RegionCount} with each image: leave some out, or raise Regions in its [Model]."), "regions");
        }

        for (var i = 0; i < regions.Count; i++)
        {
            var (region, label, truth) = regions[i];
            var fault = region.IsEmpty ? $"is {region}, which is empty: leave it out"
                : (uint)label >= (uint)Classes ? string.Create(CultureInfo.InvariantCulture, $"has label {label}, but with {Classes} classes labels lie in 0 (the background) to {Classes - 1}")
                : label > 0 && truth.IsEmpty ? $"has label {label}, but the box of what is there, {truth}, is empty"
                : label > 0 && !AreFinite(region.OffsetsTo(truth)) ? $"is {region}, from which no finite numbers lead to the box of what is there, {truth}"
                : null;
            if (fault != null)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Region {i} of image {image} {fault}."), "regions");
        }
    }
}
