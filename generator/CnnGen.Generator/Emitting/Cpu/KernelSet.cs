using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>The kernels of one type, a method each, named once for every instruction set alike.</summary>
internal sealed class KernelSet
{
    private readonly Dictionary<Kernel, string> _names = [];
    private readonly List<Kernel> _order = [];
    private readonly UniqueNames _unique = new();

    public KernelSet()
    {
    }

    /// <summary>Kernels that have their names.</summary>
    public KernelSet(IEnumerable<SharedKernel> named)
    {
        foreach (var one in named)
        {
            _names.Add(one.Kernel, _unique.Of(one.Name));
            _order.Add(one.Kernel);
        }
    }

    public IReadOnlyList<Kernel> Kernels => _order;

    /// <summary>Adds a kernel, unless the set has one of the same numbers.</summary>
    public void Add(Kernel kernel)
    {
        if (_names.ContainsKey(kernel))
            return;
        _names.Add(kernel, _unique.Of(kernel.Name));
        _order.Add(kernel);
    }

    public bool Contains(Kernel kernel) => _names.ContainsKey(kernel);

    public string NameOf(Kernel kernel) => _names[kernel];
}
