using CnnGen.Generator.Declarations;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Diagnostics;

/// <summary>Puts problems in their places in the source.</summary>
internal static class Diagnoser
{
    /// <summary>All problems of a model, with their locations: those of its form and those of its network.</summary>
    public static EquatableArray<LocatedProblem> Locate(ModelDeclaration declaration, Resolution resolution)
    {
        var located = declaration.Problems.ToList();
        foreach (var problem in resolution.Problems)
        {
            var attribute = problem.Layer switch
            {
                LayerProblem.Model => declaration.Model,
                LayerProblem.Weights => declaration.Weights!,
                LayerProblem.Normalize => declaration.Normalize!,
                _ => declaration.Layers[problem.Layer],
            };
            located.Add(Locate(problem, attribute, declaration.Blocks));
        }

        return located.ToEquatableArray();
    }

    /// <summary>
    /// What is wrong in every model with a line of a block is said once. The uses differ, and one is enough.
    /// </summary>
    public static IEnumerable<LocatedProblem> OncePerLine(IEnumerable<LocatedProblem> problems)
    {
        var said = new HashSet<(LocationInfo?, string)>();
        return problems.Where(problem => problem.Problem.Context.Length == 0 || said.Add((problem.Location, problem.Problem.Id))).ToList();
    }

    /// <summary>The line of the innermost block that this compilation has, with the lines that lead there; of a block of another assembly, its use.</summary>
    private static LocatedProblem Locate(LayerProblem problem, AttributeLocations use, EquatableArray<BlockLocations> blocks)
    {
        var uses = new List<LocationInfo>();
        for (var depth = 0; depth < problem.Inside.Count; depth++)
        {
            var line = problem.Inside[depth];
            if (blocks.FirstOrDefault(block => block.Id == line.Block) is not { } block)
                return new LocatedProblem(problem.Problem, use.Attribute) { Uses = uses.ToEquatableArray() };
            uses.Insert(0, use.Attribute);
            use = block.Layers[line.Layer];
        }

        return new LocatedProblem(problem.Problem, use.Find(problem.Problem)) { Uses = uses.ToEquatableArray() };
    }

    /// <param name="located">The problem.</param>
    /// <param name="compilation">Has the source.</param>
    /// <param name="documents">Where the documents are, if that is known.</param>
    public static Diagnostic ToDiagnostic(LocatedProblem located, Compilation compilation, string? documents)
    {
        var problem = located.Problem;
        var arguments = problem.MessageArguments.Select(Printable.OneLine).ToList();
        var descriptor = Descriptors.Linked(Descriptors.All[problem.Id], documents);
        if (problem.Context.Length > 0)
        {
            descriptor = Descriptors.InUse(descriptor, arguments.Count);
            arguments.Add(Printable.OneLine(problem.Context));
        }

        return Diagnostic.Create(
            descriptor,
            located.Location?.ToLocation(compilation),
            located.Uses.Select(use => use.ToLocation(compilation)),
            arguments.ToArray<object>());
    }

    /// <summary>An exception of the generator's own, which nobody else would report as an error.</summary>
    public static Problem Fault(string model, Exception exception)
    {
        var place = exception.StackTrace?.Split('\n')[0].Trim();
        var text = exception.GetType().Name + ": " + exception.Message.Replace('\r', ' ').Replace('\n', ' ').TrimEnd('.');
        return new Problem("CNN9001", "", [model, place is null ? text : text + " (" + place + ")"]);
    }
}
