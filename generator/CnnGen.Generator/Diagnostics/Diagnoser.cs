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
        foreach (var (layer, problem) in resolution.Problems)
        {
            var attribute = layer switch
            {
                LayerProblem.Model => declaration.Model,
                LayerProblem.Weights => declaration.Weights!,
                LayerProblem.Normalize => declaration.Normalize!,
                _ => declaration.Layers[layer],
            };
            located.Add(new LocatedProblem(problem, attribute.Find(problem.Argument)));
        }

        return located.ToEquatableArray();
    }

    /// <param name="located">The problem.</param>
    /// <param name="compilation">Has the source.</param>
    /// <param name="documents">Where the documents are, if that is known.</param>
    public static Diagnostic ToDiagnostic(LocatedProblem located, Compilation compilation, string? documents) => Diagnostic.Create(
        Descriptors.Linked(Descriptors.All[located.Problem.Id], documents),
        located.Location?.ToLocation(compilation),
        located.Problem.MessageArguments.Select(Printable.OneLine).ToArray<object>());

    /// <summary>An exception of the generator's own, which nobody else would report as an error.</summary>
    public static Problem Fault(string model, Exception exception)
    {
        var place = exception.StackTrace?.Split('\n')[0].Trim();
        var text = exception.GetType().Name + ": " + exception.Message.Replace('\r', ' ').Replace('\n', ' ').TrimEnd('.');
        return new Problem("CNN9001", "", [model, place is null ? text : text + " (" + place + ")"]);
    }
}
