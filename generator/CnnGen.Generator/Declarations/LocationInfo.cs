using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CnnGen.Generator.Declarations;

/// <summary>A place in the source that compares by value and keeps no syntax tree alive.</summary>
internal sealed record LocationInfo(string FilePath, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo Of(SyntaxNodeOrToken node) => Of(node.GetLocation()!);

    public static LocationInfo Of(Location location) =>
        new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    /// <summary>
    /// The place in the compilation's own syntax tree, which <c>#pragma warning disable</c> and the IDE need; where the file's path doesn't
    /// tell the tree, the place in the file.
    /// </summary>
    public Location ToLocation(Compilation compilation)
    {
        SyntaxTree? found = null;
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (tree.FilePath != FilePath)
                continue;
            if (found is not null)
                return Location.Create(FilePath, Span, Lines);
            found = tree;
        }

        return found is not null && Span.End <= found.Length
            ? Location.Create(found, Span)
            : Location.Create(FilePath, Span, Lines);
    }
}

/// <summary>Where an attribute stands, and each argument that was written.</summary>
internal sealed record AttributeLocations(LocationInfo Attribute, EquatableArray<ArgumentLocation> Arguments)
{
    /// <summary>The argument, or the whole attribute where the argument wasn't written.</summary>
    public LocationInfo Find(string argument)
    {
        foreach (var candidate in Arguments)
        {
            if (candidate.Name == argument || (candidate.Name == "kernel" && argument is "kernelHeight" or "kernelWidth"))
                return candidate.Location;
        }

        // An element of an array that was written as one.
        return argument.IndexOf('[') is > 0 and var bracket ? Find(argument.Substring(0, bracket)) : Attribute;
    }
}

/// <summary>Where one argument was written.</summary>
internal sealed record ArgumentLocation(string Name, LocationInfo Location);

/// <summary>A problem and its place.</summary>
internal sealed record LocatedProblem(Problem Problem, LocationInfo? Location);
