namespace CnnGen.Insight;

/// <summary>
/// Places the boxes of a graph without cycles in rows, from top to bottom (Sugiyama, Tagawa, Toda 1981): the row of a box is its longest way from a source; edges that pass rows are given a place in each; rows are ordered by
/// the mean place of their neighbours; places along a row are least squares with boxes kept apart. The same graph has the same drawing.
/// </summary>
internal sealed class LayeredLayout
{
    private const double LaneWidth = 14;
    private const double Gap = 18;
    private const int Sweeps = 8;

    private readonly List<Box> _boxes = [];
    private readonly List<List<Box>> _rows = [];

    /// <summary>Lays out.</summary>
    /// <param name="sizes">Width and height of each box.</param>
    /// <param name="edges">Pairs of boxes, from one to a later one.</param>
    /// <param name="rowGap">What lies between two rows.</param>
    public LayeredLayout(IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<(int From, int To)> edges, double rowGap)
    {
        foreach (var (width, height) in sizes)
            _boxes.Add(new Box { Width = width, Height = height });
        foreach (var (from, to) in edges.OrderBy(edge => edge.From).ThenBy(edge => edge.To))
            _boxes[to].Row = Math.Max(_boxes[to].Row, _boxes[from].Row + 1);
        for (var i = 0; i < sizes.Count; i++)
        {
            // What has no size and no edges is not there.
            if (sizes[i] != (0, 0) || edges.Any(edge => edge.From == i || edge.To == i))
                RowAt(_boxes[i].Row).Add(_boxes[i]);
        }

        Ways = [.. edges.Select(edge => Connect(_boxes[edge.From], _boxes[edge.To]))];
        foreach (var row in _rows)
            Number(row);
        for (var sweep = 0; sweep < Sweeps; sweep++)
            Order(isDown: sweep % 2 == 0);
        foreach (var row in _rows)
            Pack(row);
        for (var sweep = 0; sweep < Sweeps; sweep++)
            Straighten(isDown: sweep % 2 == 0);
        var left = _rows.SelectMany(row => row).Select(box => box.X - (box.Width / 2)).DefaultIfEmpty().Min();
        var y = 0.0;
        foreach (var row in _rows)
        {
            var height = row.Max(box => box.Height);
            foreach (var box in row)
                (box.X, box.Y, box.RowHeight) = (box.X - left, y, height);
            y += height + rowGap;
        }

        Height = Math.Max(0, y - rowGap);
        Width = _rows.SelectMany(row => row).Select(box => box.X + (box.Width / 2)).DefaultIfEmpty().Max();
    }

    /// <summary>The whole's width.</summary>
    public double Width { get; }

    /// <summary>The whole's height.</summary>
    public double Height { get; }

    /// <summary>Of each edge, the boxes on its way, the places in the rows between included.</summary>
    public IReadOnlyList<IReadOnlyList<Box>> Ways { get; }

    /// <summary>A box by its number.</summary>
    public Box this[int index] => _boxes[index];

    private List<Box> RowAt(int row)
    {
        while (_rows.Count <= row)
            _rows.Add([]);
        return _rows[row];
    }

    private List<Box> Connect(Box from, Box to)
    {
        List<Box> way = [from];
        for (var row = from.Row + 1; row < to.Row; row++)
        {
            var lane = new Box { Width = LaneWidth, Row = row, IsLane = true };
            RowAt(row).Add(lane);
            way.Add(lane);
        }

        way.Add(to);
        for (var i = 1; i < way.Count; i++)
        {
            way[i].Above.Add(way[i - 1]);
            way[i - 1].Below.Add(way[i]);
        }

        return way;
    }

    private void Order(bool isDown)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = _rows[isDown ? i : _rows.Count - 1 - i];
            foreach (var box in row)
            {
                var neighbours = isDown ? box.Above : box.Below;
                box.Wanted = neighbours.Count > 0 ? neighbours.Average(one => one.Order + 0.5 - (one.RowCount / 2.0)) : box.Order + 0.5 - (row.Count / 2.0);
            }

            // Stable: what wants the same place keeps its order.
            var sorted = row.OrderBy(box => box.Wanted).ToList();
            row.Clear();
            row.AddRange(sorted);
            Number(row);
        }
    }

    private static void Number(List<Box> row)
    {
        for (var at = 0; at < row.Count; at++)
            (row[at].Order, row[at].RowCount) = (at, row.Count);
    }

    private static void Pack(List<Box> row)
    {
        var x = 0.0;
        foreach (var box in row)
        {
            box.X = x + (box.Width / 2);
            x += box.Width + Gap;
        }

        foreach (var box in row)
            box.X -= (x - Gap) / 2;
    }

    private void Straighten(bool isDown)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = _rows[isDown ? i : _rows.Count - 1 - i];
            foreach (var box in row)
            {
                var neighbours = isDown ? box.Above : box.Below;
                (box.Wanted, box.Weight) = neighbours.Count > 0 ? (neighbours.Average(one => one.X), box.IsLane && neighbours[0].IsLane ? 8 : 1) : (box.X, 0.1);
            }

            PlaceApart(row);
        }
    }

    /// <summary>The least weighted squares of what each box is away from where it wants to be, with the boxes apart: neighbours that would come too close are joined (pool adjacent violators).</summary>
    private static void PlaceApart(List<Box> row)
    {
        var groups = new List<(double Sum, double Weight, int Count)>();
        var offsets = new double[row.Count];
        for (var i = 0; i < row.Count; i++)
        {
            offsets[i] = i == 0 ? 0 : offsets[i - 1] + ((row[i - 1].Width + row[i].Width) / 2) + Gap;
            groups.Add((row[i].Weight * (row[i].Wanted - offsets[i]), row[i].Weight, 1));
            while (groups.Count > 1 && groups[^2].Sum / groups[^2].Weight > groups[^1].Sum / groups[^1].Weight)
            {
                var last = groups[^1];
                groups.RemoveAt(groups.Count - 1);
                groups[^1] = (groups[^1].Sum + last.Sum, groups[^1].Weight + last.Weight, groups[^1].Count + last.Count);
            }
        }

        var at = 0;
        foreach (var (sum, weight, count) in groups)
        {
            for (var i = 0; i < count; i++, at++)
                row[at].X = (sum / weight) + offsets[at];
        }
    }

    /// <summary>A box, or the place of an edge in a row that it passes.</summary>
    internal sealed class Box
    {
        public double Width { get; init; }

        public double Height { get; init; }

        public bool IsLane { get; init; }

        public int Row { get; set; }

        public int Order { get; set; }

        public int RowCount { get; set; } = 1;

        public double Wanted { get; set; }

        public double Weight { get; set; } = 1;

        /// <summary>The middle.</summary>
        public double X { get; set; }

        /// <summary>The top of its row.</summary>
        public double Y { get; set; }

        public double RowHeight { get; set; }

        /// <summary>Its own top: what is lower than its row stands in the middle of it.</summary>
        public double Top => Y + ((RowHeight - Height) / 2);

        public double Bottom => Top + Height;

        public List<Box> Above { get; } = [];

        public List<Box> Below { get; } = [];
    }
}
