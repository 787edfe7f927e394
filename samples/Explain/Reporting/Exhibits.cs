using System.Globalization;
using CnnGen;
using CnnGen.Insight;
using ExplainSample.Looking;

namespace ExplainSample.Reporting;

/// <summary>What the report shows: each method of <c>CnnGen.Insight</c> over the subject, as far as it has what the method needs.</summary>
internal sealed partial class Exhibits(Subject subject, Looker looker)
{
    private const int MostClasses = 10;
    private const int MostMaps = 6;
    private const int MostEmbedded = 600;

    private static readonly PictureStyle s_style = PictureStyle.Light;

    private readonly IExplainable _network = looker.Network;
    private readonly Dictionary<string, Action<string>> _files = [];

    /// <summary>Those of the pictures that have names, PNG and SVG: what writes each to a path.</summary>
    public IReadOnlyDictionary<string, Action<string>> Files => _files;

    /// <summary>All of them, in the order of the report.</summary>
    public IEnumerable<Exhibit> All()
    {
        yield return new Exhibit("How it is built", "The layers with the shapes of their outputs and measured times.", Drawn(subject.Architecture, "architecture"));
        yield return Costs();
        if (subject.History is { } history)
            yield return new Exhibit("How it was trained", "Loss and accuracy over the epochs.", Drawn(history.ToSvg(), "curves"));
        foreach (var evolution in subject.Evolutions)
        {
            foreach (var (name, save) in evolution.Files)
                _files[name] = save;
            yield return evolution;
        }

        if (Filters() is { } filters)
            yield return filters;
        if (subject.Data is not { } data)
            yield break;
        var examples = Examples(data.Images);
        foreach (var seen in new[] { FeatureMaps(data.Images, examples[0]), Fields(data.Images, examples[0]), EffectiveFields(data.Images) }.OfType<Exhibit>())
            yield return seen;
        foreach (var strongest in StrongestOf(data.Images))
            yield return strongest;
        yield return WhereItLooks(data.Images, examples);
        yield return ClassImages();
        foreach (var change in Invariances(data.Images, examples[0]))
            yield return change;
        if (GoesAlong(data.Images, examples[0]) is { } along)
            yield return along;
        if (Spread(data.Images) is { } spread)
            yield return spread;
        foreach (var embedded in Embedding(data.Images))
            yield return embedded;
        if (data.Images.ClassCount > 0 && subject.ClassNames.Count == looker.OutputLength)
            yield return Confusion(data.Images);
    }

    private Exhibit Costs()
    {
        var costs = subject.Costs;
        List<string[]> rows = [["Layer", "Kind", "Multiply-adds", "Weights", "Bytes", "Nanoseconds", "Of the peak"]];
        rows.AddRange(costs.Layers.Append(costs.Total).Select(layer => (string[])
        [
            layer.Name, layer.Kind, Number(layer.MultiplyAdds), Number(layer.Parameters), Number(layer.Bytes), Number((long)Math.Round(layer.Nanoseconds)),
            layer.PeakShare > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100 * layer.PeakShare:F1} %") : "",
        ]));
        return new Exhibit(
            "What it costs",
            string.Create(CultureInfo.InvariantCulture, $"For one image on {costs.ThreadCount} {(costs.ThreadCount == 1 ? "thread" : "threads")}, the median of {costs.Rounds} rounds: a run up to the layer, less one up to the layer before. ")
            + "Every layer's output is kept, so a prediction, which joins layers, takes less than the sum. "
            + string.Create(CultureInfo.InvariantCulture, $"The peak is {costs.PeakMultiplyAdds / 1e9:F0} billion multiply-adds a second, measured in registers."),
            Html.Table(rows, 2));
    }

    private Exhibit? Filters()
    {
        var pieces = new List<string>();
        for (var layer = 1; layer <= _network.LayerCount; layer++)
        {
            if (subject.WeightsOf(layer, 4) is not { } kernel || kernel.Dimensions[2] * kernel.Dimensions[3] == 1)
                continue;
            var name = subject.Summary.Layers[layer - 1].Name;
            var shown = Math.Min(kernel.Dimensions[0], 32);
            var size = kernel.Length / kernel.Dimensions[0];
            var scale = Math.Clamp((kernel.Dimensions[1] is 1 or 3 ? 60 : 30) / kernel.Dimensions[3], 2, 12);
            pieces.Add(Shown(
                pieces.Count == 0 ? "filters" : null,
                MapPictures.Filters(kernel.ToArray().AsSpan(0, shown * size), shown, kernel.Dimensions[1], kernel.Dimensions[2], kernel.Dimensions[3], name, style: s_style with { Scale = scale }),
                $"the filters of {name}"));
            if (pieces.Count == 3)
                break;
        }

        return pieces.Count == 0 ? null : new Exhibit(
            "Filters", "What the first convolutions multiply with: blue is below 0, red above; of filters over many channels a row a filter.",
            Html.Row(pieces));
    }

    private Exhibit? FeatureMaps(ImageDataset images, int example)
    {
        _network.Forward(ImageOf(images, example), 1);
        var pieces = new List<string> { Html.Picture(PictureOf(images, example).Scaled(Math.Max(1, 140 / looker.Shape.Width)), "the image") };
        foreach (var layer in MapLayers())
        {
            var shape = _network.ShapeOf(layer);
            var activations = new float[shape.Length];
            _network.CopyActivations(layer, activations);
            pieces.Add(Shown(pieces.Count == 2 ? "maps" : null, MapPictures.FeatureMaps(activations, shape, NameOf(layer), style: s_style, most: 32), $"the feature maps of {NameOf(layer)}"));
        }

        return pieces.Count == 1 ? null : new Exhibit("Feature maps", "What each layer with maps makes of one image.", Html.Row(pieces));
    }

    private Exhibit? Fields(ImageDataset images, int example)
    {
        var (shape, cells, labels) = (looker.Shape, new List<Picture>(), new List<string>());
        var scale = Math.Max(1, 112 / shape.Width);
        foreach (var layer in MapLayers())
        {
            var map = _network.ShapeOf(layer);
            var area = subject.Fields.Of(layer, map.Height / 2, map.Width / 2).Within(shape);
            var picture = PictureOf(images, example).Scaled(scale);
            for (var line = 0; line < 2; line++)
                picture.Frame((area.Left * scale) + line, (area.Top * scale) + line, (area.Width * scale) - (2 * line), (area.Height * scale) - (2 * line), new Rgb(255, 180, 84));
            cells.Add(picture);
            labels.Add(NameOf(layer));
        }

        return cells.Count == 0 ? null : new Exhibit(
            "Receptive fields", "The part of the image that the element in the middle of each layer's maps sees.",
            Shown("fields", PictureGrid.Of(cells, "", labels, s_style), "an image with the receptive field of each layer"));
    }

    private IEnumerable<Exhibit> StrongestOf(ImageDataset images)
    {
        var layers = MapLayers().Where(layer => subject.Summary.Layers[layer - 1].Kind.StartsWith("ReLU", StringComparison.Ordinal)).ToList();
        if (layers.Count == 0)
            layers = MapLayers();
        foreach (var (layer, top) in layers.Zip(TopPatches.Find(_network, layers, images, subject.Normalization)))
        {
            var pieces = Enumerable.Range(0, Math.Min(MostMaps, top.Shape.Channels)).Select(channel => Shown(
                channel == 0 ? $"top9-{NameOf(layer).ToLowerInvariant()}" : null,
                TopPatches.Draw(_network, layer, channel, top, subject.Fields, images, subject.Normalization, name: NameOf(layer), style: s_style),
                $"the strongest patches of map {channel} of {NameOf(layer)}"));
            yield return new Exhibit(
                $"What excites {NameOf(layer)}",
                "The strongest activations of its first maps over all images: what the element sees, and below it what the activation is projected back to (Zeiler, Fergus 2014).",
                Html.Row(pieces));
        }
    }

    private Exhibit WhereItLooks(ImageDataset images, IReadOnlyList<int> examples)
    {
        var (cells, labels) = (new List<Picture>(), new List<string>());
        var scale = Math.Max(1, 84 / looker.Shape.Width);
        var methods = Method.For(looker);
        foreach (var example in examples)
        {
            var image = ImageOf(images, example);
            var index = Best(image);
            var picture = PictureOf(images, example);
            cells.Add(picture.Scaled(scale));
            labels.Add(subject.ClassNames[index]);
            foreach (var method in methods)
            {
                cells.Add(MapPictures.Overlay(picture, method.Compute(looker, image, index)).Scaled(scale));
                labels.Add(method.Label);
            }
        }

        var texts = string.Concat(methods.Select(method => $"<li><strong>{Html.Escape(method.Name)}</strong>: {Html.Escape(method.Text)}</li>"));
        return new Exhibit(
            "Where it looks", "What the predicted class's output hangs on, by each method: a row an image.",
            Shown("where", PictureGrid.Of(cells, "", labels, s_style with { Columns = methods.Count + 1 }), "maps of each method for each image") + $"<ul>{texts}</ul>");
    }

    private Exhibit ClassImages()
    {
        var (cells, labels) = (new List<Picture>(), new List<string>());
        for (var index = 0; index < Math.Min(MostClasses, _network.ShapeOf(_network.ScoreLayer).Length); index++)
        {
            var made = ClassImage.Maximize(_network, Unit.OfClass(_network, index), new ClassImageOptions { Steps = 200 });
            cells.Add(Picture.OfImage(made.Image, looker.Shape).Scaled(s_style.ScaleFor(looker.Shape.Width)));
            labels.Add(index < subject.ClassNames.Count ? subject.ClassNames[index] : Number(index));
        }

        return new Exhibit(
            "What is a class",
            "Images that excite each class's score most, by gradient ascent from noise (Simonyan 2014). They show what the network looks for, which is not what people do.",
            Shown("classes", PictureGrid.Of(cells, "", labels, s_style with { Columns = 5 }), "an image made for each class"));
    }

    private List<int> MapLayers() => [.. Enumerable.Range(1, _network.LayerCount).Where(layer => _network.ShapeOf(layer) is { Height: > 1, Width: > 1 }).Take(12)];

    /// <summary>The first image of each class, or the first few.</summary>
    private static IReadOnlyList<int> Examples(ImageDataset images) => images.ClassCount > 0
        ? [.. Enumerable.Range(0, images.Count).GroupBy(images.GetLabel).OrderBy(group => group.Key).Take(MostClasses).Select(group => group.First())]
        : [.. Enumerable.Range(0, Math.Min(MostClasses, images.Count))];

    private float[] ImageOf(ImageDataset images, int index)
    {
        var image = new float[looker.Shape.Length];
        images.CopyImage(index, image, subject.Normalization);
        return image;
    }

    private Picture PictureOf(ImageDataset images, int index) => Picture.OfImage(ImageOf(images, index), looker.Shape, subject.Normalization);

    private int Best(float[] image)
    {
        var outputs = new float[looker.OutputLength];
        looker.Predict(image, outputs, 1);
        return Array.IndexOf(outputs, outputs.Max());
    }

    /// <summary>A picture, kept as a file too where it has a name.</summary>
    private string Shown(string? file, Picture picture, string text)
    {
        if (file is not null)
            _files[file + ".png"] = picture.SavePng;
        return Html.Picture(picture, text);
    }

    /// <summary>A chart or a drawing, kept as a file too.</summary>
    private string Drawn(string svg, string file)
    {
        _files[file + ".svg"] = path => Chart.Save(svg, path);
        return svg;
    }

    private string NameOf(int layer) => subject.Summary.Layers[layer - 1].Name;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
