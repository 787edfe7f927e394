using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;

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
/// <param name="Network">What to emit.</param>
internal sealed record EmitRequest(
    string? Namespace,
    EquatableArray<ContainingType> ContainingTypes,
    string Accessibility,
    string ClassKeyword,
    string ClassName,
    Network Network)
{
    /// <summary>Where the names of this model's files begin.</summary>
    public string HintName => HintNames.Of(Namespace, ContainingTypes, ClassName);
}

/// <summary>All that emission reads of a class whose declaration has errors.</summary>
/// <param name="Namespace">Null for the global one.</param>
/// <param name="ContainingTypes">The types around the class, outermost first.</param>
/// <param name="Accessibility">As C# writes it: <c>public</c>.</param>
/// <param name="ClassKeyword"><c>class</c> or <c>record</c>.</param>
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
    /// <summary>Where the names of this model's files begin.</summary>
    public string HintName => HintNames.Of(Namespace, ContainingTypes, ClassName);
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
}
