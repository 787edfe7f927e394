using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>The numbers that kernels look up and that are known when the network is compiled: one table behind the other, equal ones once. A session uploads them once.</summary>
internal sealed class GpuTables
{
    private readonly Dictionary<EquatableArray<float>, GpuArgument.Table> _known = [];
    private readonly List<float> _values = [];

    public IReadOnlyList<float> Values => _values;

    public GpuArgument Of(EquatableArray<float> table)
    {
        if (!_known.TryGetValue(table, out var known))
        {
            _known.Add(table, known = new GpuArgument.Table(_values.Count, table.Count));
            _values.AddRange(table);
        }

        return known;
    }
}
