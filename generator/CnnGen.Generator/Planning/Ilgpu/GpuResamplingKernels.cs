using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>How an axis is read: by a distance where each element is one element of the other axis, or none beyond its ends (padding, cropping), by a table otherwise.</summary>
/// <param name="Map">What each element takes.</param>
internal sealed record GpuAxis(AxisMap Map)
{
    /// <summary>What is added to an element's index for the one that it reads, which has the factor 1; null where that isn't all.</summary>
    public int? Distance { get; } = DistanceOf(Map);

    /// <summary>Whether each element is the one at its own place or at another place of the axis that is read, so that none lies beyond its ends.</summary>
    public bool IsInside => Distance is >= 0 and var distance && distance + Map.Count <= Map.Length;

    private static int? DistanceOf(AxisMap map)
    {
        int? distance = null;
        for (var i = 0; i < map.Count; i++)
        {
            var (first, taps) = (map.Starts[i], map.Starts[i + 1] - map.Starts[i]);
            if (taps == 0)
                continue;
            if (taps > 1 || map.Factors[first] != 1 || map.Positions[first] - i != (distance ?? map.Positions[first] - i))
                return null;
            distance = map.Positions[first] - i;
        }

        // What has no tap must lie beyond the axis, since nothing else says so.
        var isAll = distance is { } by && Enumerable.Range(0, map.Count).All(i => (map.Starts[i + 1] > map.Starts[i]) == (i + by >= 0 && i + by < map.Length));
        return isAll ? distance : null;
    }
}

/// <summary>Where the parts of an axis' table begin: first where each element's taps begin (and the last one's end), then what they read, then their factors.</summary>
/// <param name="First">The first float of the table.</param>
/// <param name="Map">What it is of.</param>
internal readonly record struct GpuAxisTable(int First, AxisMap Map)
{
    public int Positions => First + Map.Starts.Count;

    public int Factors => Positions + Map.Positions.Count;

    public int End => Factors + Map.Factors.Count;

    public IEnumerable<float> Values => Map.Starts.Select(start => (float)start).Concat(Map.Positions.Select(position => (float)position)).Concat(Map.Factors);
}

/// <summary>A map resampled along both axes, each channel by itself, a thread for each element of the result. Views: [table], input, result.</summary>
internal sealed record GpuResamplingKernel(GpuAxis Rows, GpuAxis Columns, GpuStorage Input, GpuStorage Result) : GpuKernel
{
    /// <summary>The rows' part of the table, where they have one.</summary>
    public GpuAxisTable RowTable => new(0, Rows.Map);

    /// <summary>The columns' part, behind that of the rows.</summary>
    public GpuAxisTable ColumnTable => new(Rows.Distance is null ? RowTable.End : 0, Columns.Map);

    /// <summary>What has to stand in the table; nothing where none is read.</summary>
    public EquatableArray<float> Table =>
        (Rows.Distance is null ? RowTable.Values : []).Concat(Columns.Distance is null ? ColumnTable.Values : []).ToEquatableArray();

    public bool HasTable => Rows.Distance is null || Columns.Distance is null;

    public override string Name => Text($"Resample_{Input}_To_{Result}");

    public override string Comment => HasTable
        ? Text($"{Input} resampled along both axes, -> {Result}: what each row and each column reads stands in a table.")
        : Text($"{Input} with rows and columns added or left out, -> {Result}.");

    public override IReadOnlyList<string> Views => HasTable ? ["table", "input", "result"] : ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}
