using System.Globalization;
using CnnGen;
using CnnGen.Insight;

namespace ExplainSample.Reporting;

/// <summary>What is measured over changed images and over all of them.</summary>
internal sealed partial class Exhibits
{
    private const int MostMeasured = 50;

    private Exhibit? EffectiveFields(ImageDataset images)
    {
        var (cells, labels) = (new List<Picture>(), new List<string>());
        foreach (var layer in MapLayers())
        {
            var map = _network.ShapeOf(layer);
            var field = EffectiveField.Of(_network, layer, map.Height / 2, map.Width / 2, images.Take(MostMeasured), subject.Normalization);
            cells.Add(field.Draw(isLogarithmic: true).Scaled(Math.Max(1, 112 / looker.Shape.Width)));
            labels.Add(string.Create(CultureInfo.InvariantCulture, $"{NameOf(layer)} {field.Side():F1}"));
        }

        return cells.Count == 0 ? null : new Exhibit(
            "What they really see",
            "How much each pixel moves that element, by gradients and on a logarithmic scale: the middle is reached by many ways, the border by few. "
            + "The number is the side of a square of as many pixels as count (Luo 2016).",
            Shown("effective", PictureGrid.Of(cells, "", labels, s_style), "the effective receptive field of each layer"));
    }

    private Exhibit? GoesAlong(ImageDataset images, int example)
    {
        var layers = MapLayers().Where(HasRoom).Select(layer => (layer, NameOf(layer))).ToList();
        if (layers.Count == 0)
            return null;
        var along = Equivariance.Of(_network, subject.Fields, ImageOf(images, example), ImageChange.Rotate, [.. Enumerable.Range(-9, 19).Select(i => 10.0 * i)], layers);
        return new Exhibit(
            "Do maps go along?", "How far the maps of the turned image are from the maps of the image, turned: 0 where a layer goes along (Lenc, Vedaldi 2015).",
            Drawn(along.ToSvg(), "along"));
    }

    /// <summary>Whether a layer's maps have places, and a middle that is more than one element: what is compared.</summary>
    private bool HasRoom(int layer) => _network.ShapeOf(layer) is { Height: > 3, Width: > 3 } && Equivariance.HasPlaces(_network, subject.Fields, layer);

    private Exhibit? Spread(ImageDataset images)
    {
        if (looker.LastMaps is not { } layer)
            return null;
        var spread = LayerSpread.Of(_network, layer, images.Take(MostMeasured), subject.Normalization);
        var pieces = new List<string> { Drawn(Chart.Bars(spread.Activations, $"{NameOf(layer)}, activations", isLogarithmic: true), "activations") };
        if (spread.Gradients is { } gradients)
            pieces.Add(Drawn(Chart.Bars(gradients, $"{NameOf(layer)}, gradients of the predicted class's score", isLogarithmic: true), "gradients"));
        return new Exhibit("How its numbers are spread", "Of the last layer with maps, over some of the images.", Html.Row(pieces));
    }

    private IEnumerable<Exhibit> Invariances(ImageDataset images, int example)
    {
        var image = ImageOf(images, example);
        int[] wanted = [.. MapLayers().Take(1), looker.LastMaps ?? _network.ScoreLayer, _network.ScoreLayer];
        var layers = wanted.Distinct().Select(layer => (layer, NameOf(layer))).ToList();
        (ImageChange Change, string Title, double[] Amounts)[] changes =
        [
            (ImageChange.MoveRight, "Moved", [.. Enumerable.Range(-8, 17).Select(i => (double)i)]),
            (ImageChange.Scale, "Scaled", [.. Enumerable.Range(0, 13).Select(i => 0.6 + (0.075 * i))]),
            (ImageChange.Rotate, "Turned", [.. Enumerable.Range(-9, 19).Select(i => 10.0 * i)]),
        ];
        foreach (var (change, title, amounts) in changes)
        {
            var found = Invariance.Of(_network, image, change, amounts, layers, Best(image));
            yield return new Exhibit(
                title, "How far the features of a layer go, as a part of their own length, and what the output for the predicted class becomes (Zeiler, Fergus 2014, figure 5).",
                Drawn(found.ToSvg(), title.ToLowerInvariant()) + Html.Picture(found.Strip(subject.Normalization, s_style with { Scale = 1 }), "the changed images"));
        }
    }

    private IEnumerable<Exhibit> Embedding(ImageDataset images)
    {
        var layer = subject.Summary.InputsOf(_network.ScoreLayer)[0];
        var count = Math.Min(MostEmbedded, images.Count);
        if (layer == 0 || count < 3)
            yield break;
        var length = _network.ShapeOf(layer).Length;
        var (features, labels, thumbnails) = (new float[count * length], images.ClassCount > 0 ? new int[count] : [], new List<Picture>());
        for (var i = 0; i < count; i++)
        {
            _network.Forward(ImageOf(images, i), 1);
            _network.CopyActivations(layer, features.AsSpan(i * length, length));
            thumbnails.Add(PictureOf(images, i));
            if (labels.Length > 0)
                labels[i] = images.GetLabel(i);
        }

        var components = PrincipalComponents.Of(features, count, length, Math.Min(2, length));
        if (components.Count == 2)
        {
            var places = components.Project(features);
            var title = string.Create(CultureInfo.InvariantCulture, $"{NameOf(layer)} of {count} images: {100 * components.ExplainedShares.Sum():F0} % of the variance");
            var map = EmbeddingPicture.Of(thumbnails, places, labels, side: Math.Max(720, 3 * (Math.Max(looker.Shape.Height, looker.Shape.Width) + 4)));
            yield return new Exhibit(
                "A map of the images", $"The features of {NameOf(layer)} along the two directions in which they vary most (principal components).",
                Html.Row(
                [
                    Drawn(Chart.Scatter(places, labels, title, labels.Length > 0 ? subject.ClassNames : null), "scatter"),
                    Shown("embedding", map, "each image at the place of its features"),
                ]));
        }

        var search = new NearestNeighbors(features, count, length);
        var (cells, names) = (new List<Picture>(), new List<string>());
        foreach (var example in Examples(images).Where(one => one < count))
        {
            foreach (var index in search.FindOf(example, 8).Select(one => one.Index).Prepend(example))
            {
                cells.Add(thumbnails[index].Scaled(s_style.ScaleFor(looker.Shape.Width)));
                names.Add(labels.Length > 0 ? subject.ClassNames[labels[index]] : Number(index));
            }
        }

        yield return new Exhibit(
            "What looks alike to it", $"The first image of each row, and those whose features in {NameOf(layer)} are closest (by the cosine).",
            Shown("neighbours", PictureGrid.Of(cells, "", names, s_style with { Columns = Math.Min(9, count) }), "images with their nearest neighbours"));
    }

    private Exhibit Confusion(ImageDataset images)
    {
        var matrix = new ConfusionMatrix(subject.ClassNames.Count) { ClassNames = subject.ClassNames };
        for (var i = 0; i < images.Count; i++)
            matrix.Add(images.GetLabel(i), Best(ImageOf(images, i)));
        return new Exhibit("What it takes for what", "A row a class, a column what the network said.", Drawn(Chart.Confusion(matrix), "confusion"));
    }
}
