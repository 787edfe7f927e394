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

    /// <summary>A part of a place that is on one line.</summary>
    public LocationInfo Part(int start, int length) => new(
        FilePath,
        new TextSpan(Span.Start + start, length),
        new LinePositionSpan(
            new LinePosition(Lines.Start.Line, Lines.Start.Character + start),
            new LinePosition(Lines.Start.Line, Lines.Start.Character + start + length)));

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

    /// <summary>The part of the argument's string at fault, or as much of the attribute as is known of.</summary>
    public LocationInfo Find(Problem problem) => problem.Part is { } part && Arguments.FirstOrDefault(one => one.Name == problem.Argument) is { Text: { } text }
        ? text.Part(part.Start, part.Length)
        : Find(problem.Argument);
}

/// <summary>Where one argument was written.</summary>
internal sealed record ArgumentLocation(string Name, LocationInfo Location)
{
    /// <summary>The text of a string, without its quotes; null for what is none.</summary>
    public LocationInfo? Text { get; init; }
}

/// <summary>A problem and its place.</summary>
internal sealed record LocatedProblem(Problem Problem, LocationInfo? Location)
{
    /// <summary>The uses of blocks that lead there.</summary>
    public EquatableArray<LocationInfo> Uses { get; init; } = [];
}
