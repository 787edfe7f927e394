using CnnGen.Generator.Arguments.Formulas;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Arguments;

/// <summary>
/// A network as it was written, before anything is resolved: what a front end (C# attributes here) hands to <see cref="NetworkBuilder"/>.
/// It holds no location, so that moved text leaves it equal.
/// </summary>
/// <param name="Name">The class's name.</param>
/// <param name="Model">The arguments of <c>[Model]</c>.</param>
/// <param name="Layers">The layers, in order.</param>
/// <param name="UserMembers">The names of the members that the user's part of the class has.</param>
internal sealed record DeclaredNetwork(
    string Name,
    DeclaredItem Model,
    EquatableArray<DeclaredItem> Layers,
    EquatableArray<string> UserMembers)
{
    /// <summary>Whether the class is for GPUs too.</summary>
    public bool IsForGpu => Model.Find("Targets")?.Value is ArgumentValue.Member { Value: var targets } && (targets & (int)TargetKinds.Ilgpu) != 0;

    /// <summary>The names of the members that the class has from its base classes.</summary>
    public EquatableArray<string> InheritedMembers { get; init; } = [];

    /// <summary>The arguments of <c>[Normalize]</c>, where the class has it.</summary>
    public DeclaredItem? Normalize { get; init; }

    /// <summary>The blocks that the layers use, and that those use.</summary>
    public EquatableArray<DeclaredBlock> Blocks { get; init; } = [];
}

/// <summary>A block as it was written: an attribute class that carries layers.</summary>
/// <param name="Id">The class's full name in metadata, with its assembly's.</param>
/// <param name="Kind">The class's name without its suffix: <c>Bottleneck</c>.</param>
/// <param name="Parameters">What its layers' numbers may name.</param>
/// <param name="Layers">The layers, in order.</param>
internal sealed record DeclaredBlock(
    string Id, string Kind, EquatableArray<DeclaredParameter> Parameters, EquatableArray<DeclaredItem> Layers);

/// <summary>A block's parameter.</summary>
/// <param name="Name">As the constructor's parameter or the property is called.</param>
/// <param name="Type">Of what it is; null where a use may say anything.</param>
/// <param name="Default">Its value where a use says none; null where it has none.</param>
internal sealed record DeclaredParameter(string Name, FormulaType? Type, ArgumentValue? Default);

/// <summary>A layer (or the model itself) as it was written.</summary>
/// <param name="Kind">The attribute's name without its suffix: <c>Conv2D</c>.</param>
/// <param name="Arguments">What was written, and the constructor's defaults.</param>
internal sealed record DeclaredItem(string Kind, EquatableArray<DeclaredArgument> Arguments)
{
    /// <summary>Whether a constructor's argument was written with its name (<c>kernelHeight: 3</c>), so that its meaning is no slip.</summary>
    public bool NamesArguments { get; init; }

    /// <summary>The id of the block that is used; null for a layer.</summary>
    public string? Block { get; init; }

    public DeclaredArgument? Find(string name)
    {
        foreach (var argument in Arguments)
        {
            if (argument.Name == name)
                return argument;
        }

        return null;
    }
}

/// <summary>One argument.</summary>
/// <param name="Name">As the attribute's constructor or property spells it.</param>
/// <param name="Value">What it is.</param>
internal sealed record DeclaredArgument(string Name, ArgumentValue Value);

/// <summary>An argument's value.</summary>
internal abstract record ArgumentValue
{
    public sealed record Integer(int Value) : ArgumentValue;

    public sealed record Integers(EquatableArray<int> Values) : ArgumentValue;

    public sealed record Reals(EquatableArray<double> Values) : ArgumentValue;

    /// <summary>A float or a double, either of which stands for a float.</summary>
    public sealed record Real(double Value) : ArgumentValue;

    public sealed record Truth(bool Value) : ArgumentValue;

    /// <summary>A member of one of CnnGen's enumerations.</summary>
    /// <param name="Type">The enumeration.</param>
    /// <param name="Name">The member; its number where it has no name.</param>
    /// <param name="Value">Its number.</param>
    public sealed record Member(string Type, string Name, int Value) : ArgumentValue;

    /// <summary>A string, or null.</summary>
    public sealed record Text(string? Value) : ArgumentValue;

    /// <summary>Something that no argument may be; described for the message: <c>of type long</c>.</summary>
    public sealed record Other(string Description) : ArgumentValue;
}
