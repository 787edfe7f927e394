using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>
/// Collects the steps of a program in order and cuts them into regions: steps over chunks of the batch run on until something needs the whole batch.
/// </summary>
internal sealed class ProgramBuilder
{
    private readonly List<Region> _first = [];
    private readonly List<Region> _regions = [];
    private readonly List<Region> _atEnd = [];
    private readonly List<Region.Units> _preparation = [];
    private readonly List<PlanBuffer> _buffers = [];
    // Buffers become local variables, beside those that every program has.
    private readonly HashSet<string> _names =
    [
        "argument", "worker", "from", "to", "context", "rows", "first", "chunk", "fromChunk", "toChunk", "firstUnit", "endUnit", "i", "arena",
        "images", "targets", "scores", "imageGradients", "parameters", "gradients", "losses",
    ];
    private List<Step> _chunks = [];

    public PlanBuffer Buffer(string name, int length, BufferKind kind, bool isDouble = false)
    {
        var unique = name;
        for (var i = 2; Identifiers.IsKeyword(unique) || !_names.Add(unique); i++)
            unique = name + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var buffer = new PlanBuffer(unique, isDouble ? 2 * length : length, kind, isDouble);
        _buffers.Add(buffer);
        return buffer;
    }

    public void Add(Step step) => _chunks.Add(step);

    /// <summary>What takes all images of the batch at once.</summary>
    public void Whole(Region.Units region)
    {
        Flush();
        _regions.Add(region);
    }

    /// <summary>A step at the start of each chunk of this region.</summary>
    public void ChunkStart(Step step) => _chunks.Insert(_chunks.Count(other => other.Scope == StepScope.Chunk), step);

    /// <summary>What needs all chunks so far, and what all chunks after it need.</summary>
    public void Barrier(params Step[] steps)
    {
        Flush();
        _regions.Add(new Region.Once(steps));
    }

    /// <summary>What must be done before the first chunk.</summary>
    public void First(Region region) => _first.Add(region);

    /// <summary>What is computed from the parameters alone, once for each change of them.</summary>
    public void Prepare(Region.Units region) => _preparation.Add(region);

    /// <summary>What needs all chunks but nothing waits for: weight gradients.</summary>
    public void AtEnd(Region region) => _atEnd.Add(region);

    public PlanProgram Build()
    {
        Flush();
        return new PlanProgram([.. MergeNeighbours([.. _first, .. _regions, .. SharedFirst(_atEnd)])], _buffers, _preparation);
    }

    /// <summary>Ends a part that is called by itself: what is added afterwards is the next one's, which has the same buffers.</summary>
    public PlanProgram BuildPart()
    {
        var part = Build();
        foreach (var regions in new[] { _first, _regions, _atEnd })
            regions.Clear();
        return part;
    }

    private void Flush()
    {
        if (_chunks.Count > 0)
            _regions.Add(new Region.Chunks(_chunks));
        _chunks = [];
    }

    /// <summary>What nothing waits for may come in any order: the chunks' sums after other shared work, single calls, which may need sums, last.</summary>
    private static IEnumerable<Region> SharedFirst(IReadOnlyList<Region> regions) =>
        regions.OrderBy(region => region is Region.Once ? 2 : region is Region.Sums ? 1 : 0);

    /// <summary>Single calls one after the other are one region, and so are sums.</summary>
    private static IEnumerable<Region> MergeNeighbours(IReadOnlyList<Region> regions)
    {
        Region? last = null;
        foreach (var region in regions)
        {
            var merged = (last, region) switch
            {
                (Region.Once a, Region.Once b) => new Region.Once([.. a.Steps, .. b.Steps]),
                (Region.Sums a, Region.Sums b) => new Region.Sums([.. a.Steps, .. b.Steps]),
                _ => (Region?)null,
            };
            if (merged is null && last is not null)
                yield return last;
            last = merged ?? region;
        }

        if (last is not null)
            yield return last;
    }
}
