namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Methods of one instruction set's type that several kernels call, such as a transform that is the same whatever the map's size: each is printed once, after the kernels.
/// </summary>
internal sealed class PartList
{
    private readonly Dictionary<object, Part> _parts = [];
    private readonly List<Part> _order = [];
    private readonly UniqueNames _unique = new();
    private List<Call> _called = [];

    /// <summary>The name of the method for a key, which says all that its text depends on.</summary>
    /// <param name="key">Compared by value.</param>
    /// <param name="name">What it is called, unless another part is.</param>
    /// <param name="emit">Prints it under the name that it is given.</param>
    public string NameOf(object key, string name, Action<CodeWriter, string> emit) => CallOf(key, name, emit, "").Part.Name;

    /// <summary>A call of such a method.</summary>
    /// <param name="key">Compared by value.</param>
    /// <param name="name">What it is called, unless another part is.</param>
    /// <param name="emit">Prints it under the name that it is given.</param>
    /// <param name="argument">The type argument of a generic one; empty elsewhere.</param>
    public Call CallOf(object key, string name, Action<CodeWriter, string> emit, string argument)
    {
        if (!_parts.TryGetValue(key, out var part))
        {
            part = new Part(_unique.Of(name), emit);
            _parts.Add(key, part);
            _order.Add(part);
        }

        var call = new Call(part, argument);
        if (!_called.Contains(call))
            _called.Add(call);
        return call;
    }

    /// <summary>The parts that were named since the last call: those of one kernel.</summary>
    public IReadOnlyList<Call> TakeCalled()
    {
        var called = _called;
        _called = [];
        return called;
    }

    public void Emit(CodeWriter writer)
    {
        foreach (var part in _order)
        {
            var start = writer.Length;
            part.Emit(writer, part.Name);
            part.Text = writer.Since(start);
        }
    }

    /// <summary>A part that a kernel calls, with its type argument where the method is generic.</summary>
    internal sealed record Call(Part Part, string Argument)
    {
        public override string ToString() => Argument.Length == 0 ? Part.Name : $"{Part.Name}<{Argument}>";
    }

    /// <summary>A method that several kernels may call.</summary>
    internal sealed class Part(string name, Action<CodeWriter, string> emit)
    {
        public string Name => name;

        public Action<CodeWriter, string> Emit => emit;

        /// <summary>What was printed.</summary>
        public string Text { get; set; } = "";
    }
}
