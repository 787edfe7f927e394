using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Weights;

namespace CnnGen.Generator.Emitting;

/// <summary>A type around the model's class, as its partial declaration begins.</summary>
/// <param name="Keyword"><c>class</c>, <c>struct</c>, <c>record</c>, <c>record struct</c> or <c>interface</c>.</param>
/// <param name="Name">With its type parameters, if it has any.</param>
internal sealed record ContainingType(string Keyword, string Name);

/// <summary>All that emission reads. It holds no location, so that moved text emits nothing anew.</summary>
/// <param name="Namespace">Null for the global one.</param>
/// <param name="ContainingTypes">The types around the class, outermost first.</param>
/// <param name="Accessibility">As C# writes it: <c>public</c>.</param>
/// <param name="ClassKeyword">Always <c>class</c>.</param>
/// <param name="ClassName">As C# writes it.</param>
/// <param name="KernelNamespace">Where all stands that is emitted and isn't a member of the class.</param>
/// <param name="Network">What to emit.</param>
internal sealed record EmitRequest(
    string? Namespace,
    EquatableArray<ContainingType> ContainingTypes,
    string Accessibility,
    string ClassKeyword,
    string ClassName,
    string KernelNamespace,
    Network Network)
{
    /// <summary>Where the program finds the model's weights; null where it declares none.</summary>
    public CarriedWeights? Weights { get; init; }

    /// <summary>Where the names of this model's files begin.</summary>
    public string HintName => HintNames.Of(Namespace, ContainingTypes, ClassName) + HintSuffix;

    /// <summary>What tells its files from those of a model whose name differs by case alone; empty where there is none.</summary>
    public string HintSuffix { get; init; } = "";
}

/// <summary>A model and those of its kernels that other models of the assembly call too.</summary>
internal sealed record BodyRequest(EmitRequest Request, EquatableArray<SharedKernel> SharedKernels);

/// <summary>A kernel that several models of an assembly call.</summary>
/// <param name="Kernel">What it computes.</param>
/// <param name="Name">The name of its method.</param>
internal sealed record SharedKernel(Kernel Kernel, string Name);

/// <summary>All that emission reads of a class whose declaration has errors.</summary>
/// <param name="Namespace">Null for the global one.</param>
/// <param name="ContainingTypes">The types around the class, outermost first.</param>
/// <param name="Accessibility">As C# writes it: <c>public</c>.</param>
/// <param name="ClassKeyword"><c>class</c>, or what it is instead: <c>record</c>, <c>struct</c> or <c>record struct</c>.</param>
/// <param name="ClassName">As C# writes it, with its type parameters.</param>
/// <param name="UserMembers">The members that the class has already: the shell leaves them out.</param>
internal sealed record ShellRequest(
    string? Namespace,
    EquatableArray<ContainingType> ContainingTypes,
    string Accessibility,
    string ClassKeyword,
    string ClassName,
    EquatableArray<string> UserMembers)
{
    /// <summary>Whether the class would have <c>Pretrained</c>.</summary>
    public bool HasPretrained { get; init; }

    /// <summary>Whether regions come with the images.</summary>
    public bool HasRegions { get; init; }

    /// <summary>Whether the class is for GPUs too, and the project has what its members for them name.</summary>
    public bool HasGpu { get; init; }

    /// <summary>The layers that are known.</summary>
    public EquatableArray<OutlinedLayer> Layers { get; init; } = [];

    /// <summary>What a constructor passes to the base class's, where that is needed to call one.</summary>
    public string? BaseArguments { get; init; }

    /// <summary>Where the names of this model's files begin.</summary>
    public string HintName => HintNames.Of(Namespace, ContainingTypes, ClassName) + HintSuffix;

    /// <summary>What tells its files from those of a model whose name differs by case alone; empty where there is none.</summary>
    public string HintSuffix { get; init; } = "";
}

/// <summary>The names of emitted files: the class's full name, without what no file's name may have.</summary>
internal static class HintNames
{
    public static string Of(string? space, EquatableArray<ContainingType> containingTypes, string className)
    {
        var parts = new List<string>();
        if (space is not null)
            parts.Add(space);
        parts.AddRange(containingTypes.Select(type => type.Name));
        parts.Add(className);
        return string.Join(".", parts).Replace("@", "").Replace("<", "(").Replace(">", ")").Replace(" ", "");
    }

    /// <summary>Those of the names that differ from another one by case alone, which the compiler takes for one file.</summary>
    public static EquatableArray<string> Clashes(IEnumerable<string> names) => names
        .Distinct()
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Skip(1).Any())
        .SelectMany(group => group)
        .ToEquatableArray();

    /// <summary>Tells apart what differs by case alone: a hash of the name's exact letters.</summary>
    public static string Suffix(string name)
    {
        // FNV-1a over the exact letters; string.GetHashCode differs from one run to the next.
        var hash = 2166136261u;
        foreach (var letter in name)
            hash = unchecked((hash ^ letter) * 16777619u);
        return "-" + hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}
