namespace CnnGen.Insight.Tests.Features;

/// <summary>Neighbours, the strongest activations, and the map of images: against sorting all.</summary>
public sealed class RetrievalTests
{
    [Fact]
    public void Neighbours_are_those_of_sorting_all()
    {
        const int Count = 200, Length = 7;
        var random = new Random(3);
        var features = new float[Count * Length];
        for (var i = 0; i < features.Length; i++)
            features[i] = random.Next(-2, 3); // Many equal distances.
        var query = features[..Length];
        foreach (var distance in new[] { FeatureDistance.Euclidean, FeatureDistance.Cosine })
        {
            var search = new NearestNeighbors(features, Count, Length, distance);
            var all = Enumerable.Range(0, Count).Select(i => search.Find(features.AsSpan(i * Length, Length), 1)[0]).ToList();
            Assert.All(all, nearest => Assert.Equal(0, nearest.Distance, 1e-12));

            var expected = Enumerable.Range(0, Count)
                .Select(i => (i, Distance: Formula(distance, query, features[(i * Length)..((i + 1) * Length)])))
                .OrderBy(one => Math.Round(one.Distance, 9)).ThenBy(one => one.i).Take(25).ToList();
            var found = search.Find(query, 25);
            for (var i = 0; i < found.Length; i++)
                Assert.Equal(expected[i].Distance, found[i].Distance, 1e-9);
            Assert.Equal(found.Select(one => one.Index).Distinct().Count(), found.Length);
        }
    }

    [Fact]
    public void Of_equal_ones_the_first_counts_and_the_vector_itself_is_left_out()
    {
        var search = new NearestNeighbors([1, 0, 1, 0, 1, 0, 0, 1], 4, 2, FeatureDistance.Euclidean);

        Assert.Equal([0, 1, 2], search.Find([1, 0], 3).Select(one => one.Index));
        Assert.Equal([0, 1, 3], search.FindOf(2).Select(one => one.Index));
        Assert.Equal([0], search.FindOf(2, 1).Select(one => one.Index));
        Assert.Equal(Math.Sqrt(2), search.FindOf(2)[^1].Distance, 1e-12);
        var cosine = new NearestNeighbors([3, 0, 0, 0, -2, 0, 0, 5], 4, 2);
        Assert.Equal([(0, 0.0), (1, 1.0), (3, 1.0), (2, 2.0)], cosine.Find([1, 0]).Select(one => (one.Index, one.Distance)));
        Assert.Throws<ArgumentException>(() => cosine.Find([1, float.PositiveInfinity]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cosine.FindOf(4));
    }

    [Fact]
    public void The_strongest_activations_are_those_of_sorting_all()
    {
        const int Images = 300, Channels = 3, Height = 4, Width = 5;
        var random = new Random(8);
        var activations = new float[Images * Channels * Height * Width];
        for (var i = 0; i < activations.Length; i++)
            activations[i] = i % 97 == 0 ? float.NaN : random.Next(0, 200); // Many equal ones.
        var top = new TopActivations(new ImageShape(Channels, Height, Width));
        var length = Channels * Height * Width;
        for (var first = 0; first < Images; first += 7)
        {
            var count = Math.Min(7, Images - first);
            top.Add(activations.AsSpan(first * length, count * length), count);
        }

        Assert.Equal(Images, top.Count);
        for (var channel = 0; channel < Channels; channel++)
        {
            var own = channel;
            var expected = Enumerable.Range(0, Images)
                .Select(image => Enumerable.Range(0, Height * Width)
                    .Select(i => new Excitement(image, activations[(image * length) + (own * Height * Width) + i], i / Width, i % Width))
                    .Where(one => !float.IsNaN(one.Value)).MaxBy(one => one.Value))
                .OrderByDescending(one => one.Value).ThenBy(one => one.Image).Take(9);
            Assert.Equal(expected, top.Of(channel));
        }

        var few = new TopActivations(new ImageShape(1, 1, 1));
        few.Add([2]);
        few.Add([float.NaN]);
        Assert.Equal([new Excitement(0, 2, 0, 0)], few.Of(0));
        Assert.Throws<ArgumentException>(() => few.Add([1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => few.Of(1));
    }

    [Fact]
    public void Thumbnails_lie_at_their_places()
    {
        List<Picture> images = [new(4, 4, Rgb.Grey(10)), new(4, 4, Rgb.Grey(20)), new(4, 4, Rgb.Grey(30))];
        var map = EmbeddingPicture.Of(images, [0, 0, 1, 1, 1, 1], [0, 1, 2], side: 64);

        Assert.Equal(Rgb.Grey(10), map[3, 64 - 4]);
        Assert.Equal(ClassColors.Of(0), map[0, 63]);
        Assert.Equal(Rgb.Grey(20), map[60, 3]);
        Assert.Equal(Rgb.Grey(30), EmbeddingPicture.Of(images, [0, 0, 1, 1, 1, 1], [], side: 64, isOverlapping: true)[60, 3]);

        // Eight columns of eight pixels need 64: of 67 the last three stay empty, and what belongs there stands in the last column.
        var wider = EmbeddingPicture.Of(images, [0, 0, 0.93f, 1, 1, 1], [0, 1, 2], side: 67);
        Assert.Equal(ClassColors.Of(1), wider[56, 3]);
        Assert.Equal(ClassColors.Of(1), wider[63, 3]);
        Assert.Equal(Rgb.White, wider[64, 3]);
        Assert.Throws<ArgumentException>(() => EmbeddingPicture.Of(images, [0, 0], []));
        Assert.Throws<ArgumentException>(() => EmbeddingPicture.Of(images, [0, 0, 1, 1, 1, 1], [], side: 8));
    }

    private static double Formula(FeatureDistance distance, float[] a, float[] b)
    {
        if (distance == FeatureDistance.Euclidean)
            return Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum());
        var (na, nb) = (Math.Sqrt(a.Sum(x => (double)x * x)), Math.Sqrt(b.Sum(x => (double)x * x)));
        return na == 0 || nb == 0 ? 1 : 1 - (a.Zip(b, (x, y) => (double)x * y).Sum() / (na * nb));
    }
}
