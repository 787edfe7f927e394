namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Methods of one instruction set's class that several kernels call, such as a transform that is the same whatever the map's size: each is printed once, after the kernels.
/// </summary>
internal sealed class PartList
{
    private readonly Dictionary<object, Part> _parts = [];
    private readonly List<Part> _order = [];
    private readonly UniqueNames _unique = new();

    /// <summary>Which programs call the kernel that is being printed, and so its parts.</summary>
    public MethodUse Use { get; set; }

    /// <summary>The name of the method for a key, which says all that its text depends on.</summary>
    /// <param name="key">Compared by value.</param>
    /// <param name="name">What it is called, unless another part is.</param>
    /// <param name="emit">Prints it under the name that it is given.</param>
    public string NameOf(object key, string name, Action<CodeWriter, string> emit)
    {
        if (!_parts.TryGetValue(key, out var part))
        {
            part = new Part(_unique.Of(name), emit);
            _parts.Add(key, part);
            _order.Add(part);
        }

        part.Use |= Use;
        return part.Name;
    }

    public void Emit(CodeWriter writer, MethodList methods)
    {
        foreach (var part in _order)
            methods.Record(writer, part.Use, () => part.Emit(writer, part.Name));
    }

    private sealed class Part(string name, Action<CodeWriter, string> emit)
    {
        public string Name => name;

        public Action<CodeWriter, string> Emit => emit;

        public MethodUse Use { get; set; }
    }
}
