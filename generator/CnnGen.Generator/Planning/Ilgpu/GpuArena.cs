namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>
/// Where a program's buffers lie. Those of images share memory where their times do not overlap: each gets the first gap that is long enough, the longest buffers first. All lengths are of one image; a batch
/// takes as many times the offsets and the lengths. What is there once has a place of its own.
/// </summary>
internal sealed class GpuArena
{
    /// <summary>Buffers begin at whole lines of memory, so that four floats may be read at once.</summary>
    private const int Alignment = 32;

    private readonly Dictionary<GpuBuffer, int> _offsets = [];

    public GpuArena(GpuProgram program)
    {
        var times = TimesOf(program);
        var placed = new List<(GpuBuffer Buffer, int Start, int End)>();
        var order = program.Buffers.Select((buffer, i) => (buffer, i)).Where(entry => entry.buffer.IsPerImage && times.ContainsKey(entry.buffer))
            .OrderByDescending(entry => entry.buffer.Length).ThenBy(entry => entry.i).Select(entry => entry.buffer);
        foreach (var buffer in order)
        {
            var (first, last) = times[buffer];
            var start = 0;
            foreach (var other in placed.Where(other => times[other.Buffer].First <= last && times[other.Buffer].Last >= first).OrderBy(other => other.Start))
            {
                if (start + buffer.Length <= other.Start)
                    break;
                start = Math.Max(start, other.End);
            }

            _offsets.Add(buffer, start);
            var end = checked(start + RoundUp(buffer.Length));
            placed.Add((buffer, start, end));
            PerImage = Math.Max(PerImage, end);
        }

        foreach (var buffer in program.Buffers.Where(buffer => !buffer.IsPerImage))
        {
            _offsets.Add(buffer, Once);
            Once = checked(Once + RoundUp(buffer.Length));
        }
    }

    /// <summary>Floats of one image.</summary>
    public int PerImage { get; }

    /// <summary>Floats that are there once.</summary>
    public int Once { get; }

    public int OffsetOf(GpuBuffer buffer) => _offsets[buffer];

    public static int RoundUp(int length) => checked((length + Alignment - 1) / Alignment * Alignment);

    /// <summary>The first and the last launch that names each buffer.</summary>
    private static Dictionary<GpuBuffer, (int First, int Last)> TimesOf(GpuProgram program)
    {
        var times = new Dictionary<GpuBuffer, (int First, int Last)>();
        for (var i = 0; i < program.Launches.Count; i++)
        {
            foreach (var argument in program.Launches[i].Arguments.OfType<GpuArgument.Buffer>())
                times[argument.Memory] = (times.TryGetValue(argument.Memory, out var known) ? known.First : i, i);
        }

        return times;
    }
}
