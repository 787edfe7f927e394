using System.Globalization;

namespace CnnGen.Insight;

/// <summary>A map of images: each as a thumbnail at the place of its features.</summary>
public static class EmbeddingPicture
{
    /// <summary>Draws the thumbnails: each moved to the nearest place of a grid of their size, the first one where several come to lie upon one another; or all of them, where they may overlap.</summary>
    /// <param name="thumbnails">The images, all of one size.</param>
    /// <param name="places">Two floats for each: as <see cref="PrincipalComponents.Project"/> gives them with two components.</param>
    /// <param name="labels">The class of each, whose colour frames it; empty for none.</param>
    /// <param name="side">Pixels of the picture's sides, at least three times those of a thumbnail.</param>
    /// <param name="isOverlapping">Whether all are drawn, at their very places, the later ones upon the earlier.</param>
    /// <param name="style">Paper; null for <see cref="PictureStyle.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no image, they differ in size, there are not two places or one label for each, or the sides are too short.</exception>
    public static Picture Of(IReadOnlyList<Picture> thumbnails, ReadOnlySpan<float> places, ReadOnlySpan<int> labels, int side = 1024, bool isOverlapping = false, PictureStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(thumbnails);
        style ??= PictureStyle.Light;
        var count = PlaneRange.Check(places, labels, null);
        if (thumbnails.Count == 0 || thumbnails.Count != count)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There are {thumbnails.Count} images, but {count} places. Give two numbers for each of one image or more."), nameof(places));
        var (width, height) = (thumbnails[0].Width, thumbnails[0].Height);
        if (thumbnails.Any(one => one.Width != width || one.Height != height))
            throw new ArgumentException("The images differ in size. Bring them to one size first.", nameof(thumbnails));
        if (side < 3 * (Math.Max(width, height) + 4))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Sides of {side} pixels are too short for images of {width} x {height}: take {3 * (Math.Max(width, height) + 4)} or more."), nameof(side));

        var picture = new Picture(side, side, style.Background);
        var (toX, toY) = (PlaneRange.Of(places, 0), PlaneRange.Of(places, 1));
        var taken = new HashSet<(int, int)>();
        for (var i = 0; i < count; i++)
        {
            var x = (int)Math.Round(toX.Share(places[2 * i]) * (side - width - 4));
            var y = (int)Math.Round((1 - toY.Share(places[(2 * i) + 1])) * (side - height - 4));
            if (!isOverlapping)
            {
                // Of places on a grid of the thumbnails' size, the nearest one, so that what is shown stands in line.
                var cell = (x: (x + ((width + 4) / 2)) / (width + 4), y: (y + ((height + 4) / 2)) / (height + 4));
                (x, y) = (Math.Min(cell.x, (side / (width + 4)) - 1) * (width + 4), Math.Min(cell.y, (side / (height + 4)) - 1) * (height + 4));
                if (!taken.Add((x, y)))
                    continue;
            }

            var color = labels.IsEmpty ? style.Line : ClassColors.Of(labels[i]);
            picture.Fill(x, y, width + 4, height + 4, color);
            picture.Draw(thumbnails[i], x + 2, y + 2);
        }

        return picture;
    }
}
