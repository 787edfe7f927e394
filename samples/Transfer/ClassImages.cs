using CnnGen;

namespace TransferSample;

/// <summary>Chooses images by their classes.</summary>
internal static class ClassImages
{
    /// <summary>The images of some classes, whose labels become 0, 1, 2...</summary>
    /// <param name="images">The images to choose from.</param>
    /// <param name="first">The first class.</param>
    /// <param name="count">How many classes from there.</param>
    public static ByteImageDataset OfClasses(ByteImageDataset images, int first, int count) =>
        Choose(images, Enumerable.Range(0, images.Count).Where(index => images.GetLabel(index) >= first && images.GetLabel(index) < first + count), first, count);

    /// <summary>As many images of each class, drawn without putting back, one class after the other in turns: the first ones are a smaller draw of the same kind.</summary>
    /// <param name="images">The images to draw from.</param>
    /// <param name="perClass">The images of a class.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentException">A class has not so many.</exception>
    public static ByteImageDataset Draw(ByteImageDataset images, int perClass, int seed)
    {
        var classes = Enumerable.Range(0, images.ClassCount).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < images.Count; i++)
            classes[images.GetLabel(i)].Add(i);
        if (Array.Find(classes, one => one.Count < perClass) is { } few)
            throw new ArgumentException($"A class has {few.Count} images, fewer than the {perClass} to draw. Draw fewer.", nameof(perClass));
        var random = new Random(seed);
        foreach (var one in classes)
        {
            for (var i = 0; i < perClass; i++)
            {
                var other = i + random.Next(one.Count - i);
                (one[i], one[other]) = (one[other], one[i]);
            }
        }

        return Choose(images, Enumerable.Range(0, perClass).SelectMany(i => classes.Select(one => one[i])), 0, images.ClassCount);
    }

    private static ByteImageDataset Choose(ByteImageDataset images, IEnumerable<int> indices, int firstClass, int classes)
    {
        var chosen = indices.ToArray();
        var pixels = new byte[chosen.Length * images.Shape.Length];
        for (var i = 0; i < chosen.Length; i++)
            images.GetBytes(chosen[i]).CopyTo(pixels.AsSpan(i * images.Shape.Length));
        return new ByteImageDataset(images.Shape, pixels, Array.ConvertAll(chosen, index => images.GetLabel(index) - firstClass), classes)
        {
            ClassNames = images.ClassNames?.Skip(firstClass).Take(classes).ToArray(),
        };
    }
}
