using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>What regions of a map hold: every element of the map is asked how much of it each feature of each region is.</summary>
/// <param name="layer">The layer.</param>
/// <param name="regions">For each image the regions' numbers, four each.</param>
internal sealed class ReferenceRegions(RegionLayer layer, double[][] regions) : ReferenceLayer
{
    public override Tensor[] Forward(Tensor[][] inputs) => [.. inputs[0].Select((map, image) =>
    {
        var count = regions[image].Length / 4;
        var result = new Tensor(TensorShape.Regions(map.Shape.Channels * layer.Size.Height * layer.Size.Width, count));
        ForEach(map, regions[image], (to, from, share) => result.Data[to] += share * map.Data[from]);
        return result;
    })];

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients) =>
    [
        [.. inputs[0].Select((map, image) =>
        {
            var gradient = new Tensor(map.Shape);
            ForEach(map, regions[image], (to, from, share) => gradient.Data[from] += share * outputGradients[image].Data[to]);
            return gradient;
        })],
    ];

    private void ForEach(Tensor map, double[] numbers, Action<int, int, double> visit)
    {
        var (count, parts) = (numbers.Length / 4, layer.Size.Height * layer.Size.Width);
        for (var region = 0; region < count; region++)
        {
            var (x1, y1, x2, y2) = (numbers[4 * region], numbers[(4 * region) + 1], numbers[(4 * region) + 2], numbers[(4 * region) + 3]);
            if (!numbers.Skip(4 * region).Take(4).All(double.IsFinite) || x2 <= x1 || y2 <= y1)
                continue;
            for (var part = 0; part < parts; part++)
            {
                var (i, j) = (part / layer.Size.Width, part % layer.Size.Width);
                var (rows, columns) = layer switch
                {
                    RoIPoolLayer => (Cells(y1, y2, i, layer.Size.Height, map.Shape.Height), Cells(x1, x2, j, layer.Size.Width, map.Shape.Width)),
                    RoIAlignLayer align => (Tents(align, y1, y2, i, layer.Size.Height, map.Shape.Height), Tents(align, x1, x2, j, layer.Size.Width, map.Shape.Width)),
                    _ => throw new NotSupportedException(layer.Kind),
                };
                for (var channel = 0; channel < map.Shape.Channels; channel++)
                {
                    var to = (((channel * parts) + part) * count) + region;
                    var elements = from row in rows from column in columns
                                   select (Place: (((channel * map.Shape.Height) + row.Index) * map.Shape.Width) + column.Index, Share: row.Share * column.Share);
                    if (layer is RoIPoolLayer)
                        elements = elements.OrderByDescending(element => map.Data[element.Place]).Take(1);
                    foreach (var (place, share) in elements)
                        visit(to, place, share);
                }
            }
        }
    }

    /// <summary>The rows of a part, of which the largest element counts whole.</summary>
    private List<(int Index, double Share)> Cells(double first, double last, int part, int parts, int length)
    {
        var (start, end) = (Math.Round(first * layer.Scale, MidpointRounding.AwayFromZero), Math.Round(last * layer.Scale, MidpointRounding.AwayFromZero));
        var size = Math.Max(end - start + 1, 1);
        return [.. Enumerable.Range(0, length).Where(i => i >= start + Math.Floor(part * size / parts) && i < start + Math.Ceiling((part + 1) * size / parts)).Select(i => (i, 1.0))];
    }

    /// <summary>What each row counts in the mean of a part's samples: by its distance from each of those that lie in the map.</summary>
    private static List<(int Index, double Share)> Tents(RoIAlignLayer layer, double first, double last, int part, int parts, int length)
    {
        var start = (first * layer.Scale) - (layer.Aligned ? 0.5 : 0);
        var size = Math.Max((last - first) * layer.Scale, layer.Aligned ? 0 : 1);
        var bin = size / parts;
        var samples = layer.SamplingRatio > 0 ? layer.SamplingRatio : Math.Max(1, (int)Math.Ceiling(bin));
        var shares = new double[length];
        for (var sample = 0; sample < samples; sample++)
        {
            var at = start + (part * bin) + ((sample + 0.5) * bin / samples);
            if (at < -1 || at > length)
                continue;
            at = Math.Clamp(at, 0, length - 1);
            for (var i = 0; i < length; i++)
                shares[i] += Math.Max(0, 1 - Math.Abs(at - i)) / samples;
        }

        return [.. shares.Select((share, i) => (i, share))];
    }
}
