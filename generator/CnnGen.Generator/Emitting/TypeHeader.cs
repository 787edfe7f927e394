using System.Text;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Emitting;

/// <summary>The namespace and the types around a model's class.</summary>
internal static class TypeHeader
{
    /// <summary>Writes everything up to and with the class's opening brace, and returns what closes it all.</summary>
    public static string Open(StringBuilder text, string? space, EquatableArray<ContainingType> containingTypes, string header)
    {
        if (space is not null)
            text.Append("namespace ").Append(space).Append(";\n\n");
        foreach (var type in containingTypes)
            text.Append("partial ").Append(type.Keyword).Append(' ').Append(type.Name).Append("\n{\n");
        text.Append(header).Append("\n{\n");
        return string.Concat(Enumerable.Repeat("}\n", containingTypes.Count + 1));
    }
}
