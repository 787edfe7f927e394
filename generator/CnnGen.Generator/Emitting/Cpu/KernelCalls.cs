using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// What a model's program calls. It is one text for all instruction sets: the kernels are members of a type parameter, and there is machine code for each type that it stands for.
/// Kernels that other models of the assembly call too are members of another one.
/// </summary>
/// <param name="shared">The kernels that models share.</param>
internal sealed class KernelCalls(KernelSet shared)
{
    /// <summary>The type parameter for the kernels of the model's own.</summary>
    public const string OwnType = "TKernels";

    /// <summary>The type parameter for the kernels that models share.</summary>
    public const string SharedType = "TShared";

    private readonly Dictionary<Kernel, Calls> _kernels = [];
    private readonly KernelSet _shared = new();
    private readonly Dictionary<LibraryMethod, Calls> _library = [];

    /// <summary>The kernels that no other model calls.</summary>
    public KernelSet Own { get; } = new();

    /// <summary>Whether there is a kernel that another model calls.</summary>
    public bool HasShared => _shared.Kernels.Count > 0;

    /// <summary>The library's methods that are members of the type of the model's own kernels.</summary>
    public IReadOnlyCollection<LibraryMethod> Library => _library.Keys;

    public void Add(LibraryMethod method, MethodUse use) => CallsOf(_library, method).Use |= use;

    public void Add(Kernel kernel, string user, MethodUse use)
    {
        (shared.Contains(kernel) ? _shared : Own).Add(kernel);
        var calls = CallsOf(_kernels, kernel);
        if (!calls.Users.Contains(user))
            calls.Users.Add(user);
        calls.Use |= use;
    }

    private static Calls CallsOf<TMethod>(Dictionary<TMethod, Calls> methods, TMethod method)
        where TMethod : class
    {
        if (!methods.TryGetValue(method, out var calls))
            methods.Add(method, calls = new Calls());
        return calls;
    }

    /// <summary>The method, as the program names it.</summary>
    public string NameOf(Kernel kernel) => shared.Contains(kernel)
        ? SharedType + "." + shared.NameOf(kernel)
        : OwnType + "." + Own.NameOf(kernel);

    /// <summary>The layers for which a kernel of the model's own is, and what it computes.</summary>
    public string CommentOf(Kernel kernel) => string.Join(", ", _kernels[kernel].Users) + ": " + kernel.Comment;

    /// <summary>The names of the members of its own type that a purpose needs.</summary>
    public IEnumerable<string> OwnFor(MethodUse use) => Own.Kernels.Where(kernel => (_kernels[kernel].Use & use) != 0).Select(Own.NameOf)
        .Concat(_library.Where(method => (method.Value.Use & use) != 0).Select(method => method.Key.Name));

    /// <summary>The names of the kernels that models share that a purpose needs.</summary>
    public IEnumerable<string> SharedFor(MethodUse use) => _shared.Kernels.Where(kernel => (_kernels[kernel].Use & use) != 0).Select(shared.NameOf);

    /// <summary>What the member is called, after the kernel's name, that has the number of its units where instruction sets differ.</summary>
    public const string UnitsSuffix = "_Units";

    /// <summary>The independent units of a kernel: a number, or the member that has it where instruction sets differ.</summary>
    public string UnitsOf(Kernel kernel) => kernel.CommonUnits() is { } units ? Literal.Number(units) : NameOf(kernel) + UnitsSuffix;

    /// <summary>How threads share the units: how many there are, and how many a thread takes at least at a time.</summary>
    public string ShareOf(Kernel kernel) => kernel.CommonUnits() is { } units
        ? $"{Literal.Number(units)}, {Literal.Number(Sharing.GrainOf(units))}"
        : $"{UnitsOf(kernel)}, Math.Max(1, {UnitsOf(kernel)} / {Sharing.Parts})";

    /// <summary>Who calls a method, and when.</summary>
    private sealed class Calls
    {
        /// <summary>The layers that it is for.</summary>
        public List<string> Users { get; } = [];

        public MethodUse Use { get; set; }
    }
}
