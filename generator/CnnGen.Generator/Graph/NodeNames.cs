using CnnGen.Generator.Arguments;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Graph;

/// <summary>Checks the names of layers and blocks: identifiers, unique, and no member of the class by another meaning.</summary>
internal static class NodeNames
{
    /// <summary>The names that emitted code has for the steps, and what is wrong with the declared ones.</summary>
    public static (IReadOnlyList<string> Names, IReadOnlyList<LayerProblem> Problems) Resolve(DeclaredNetwork declared, StepList list)
    {
        var problems = new List<LayerProblem>();
        var firstOfName = new Dictionary<string, Named>();
        var firstOfTensor = new Dictionary<string, Named>();
        var reported = new HashSet<object>();
        var repeated = new HashSet<string>();
        var all = AllOf(list);
        foreach (var one in all)
        {
            // All that a block has inside has the other's names too, where its own is another's.
            if (repeated.Count > 0 && Enumerable.Range(1, one.Path.Count).Any(depth => repeated.Contains(string.Join(".", one.Path.Take(depth)))))
                continue;
            HashSet<string> Taken() =>
            [
                .. all.Where(other => !other.Place.Line.Equals(one.Place.Line) && other.Path == one.Path).Select(other => other.Naming.Name),
                .. declared.UserMembers, .. declared.InheritedMembers, declared.Name, "Input",
            ];

            var problem = Check(one, declared, Taken)
                ?? Duplicate(one, firstOfName, one.FullName, Taken)
                ?? (one.IsBlock || one.Path.Count > 0 || one.Naming.HasTensorName ? null : Duplicate(one, firstOfTensor, one.Naming.TensorName, Taken));
            if (problem?.Id == "CNN3003" && one.IsBlock)
                repeated.Add(one.FullName);
            if (problem is not null && reported.Add(one.Place.Line))
                problems.Add(one.Place.Say(problem));
        }

        return (Unique(list.Steps), problems);
    }

    /// <summary>The layers whose names are the first of their kind and nobody else's.</summary>
    public static EquatableArray<OutlinedLayer> Outline(DeclaredNetwork declared, StepList list)
    {
        HashSet<string> taken = [.. declared.UserMembers, declared.Name, "Input"];
        HashSet<string> blocks = [.. list.Blocks.Select(block => block.FullName)];
        return list.Steps
            .Where(step => !blocks.Contains(step.FullName) && step.Path.Append(step.Naming.Name).All(name => Identifiers.IsValid(name) && !GeneratedMembers.IsReserved(name, declared.IsForGpu))
                && !taken.Contains(step.Path.Count > 0 ? step.Path[0] : step.Naming.Name)
                && !IsNamedAsItsBlock(step.Path, step.Naming.Name) && !step.Path.Select((name, i) => i > 0 && name == step.Path[i - 1]).Any(same => same)
                && taken.Add(step.FullName))
            .Select(step => new OutlinedLayer(step.Naming.Name, step.Layer) { Path = step.Path })
            .ToEquatableArray();
    }

    /// <summary>Blocks stand before what they have inside.</summary>
    private static List<Named> AllOf(StepList list) =>
    [
        .. list.Blocks.OrderBy(block => block.Path.Count).Select(block => new Named(block.Place, block.Naming, block.Path, IsBlock: true))
            .Concat(list.Steps.Select(step => new Named(step.Place, step.Naming, step.Path, IsBlock: false))),
    ];

    /// <summary>Emitted code has one identifier for a layer, whatever blocks it stands in.</summary>
    private static List<string> Unique(List<Step> steps)
    {
        var taken = new HashSet<string>(steps.Where(step => step.Path.Count == 0).Select(step => step.Naming.Name));
        return steps.ConvertAll(step =>
        {
            if (step.Path.Count == 0)
                return step.Naming.Name;
            var name = string.Join("_", step.Path) + "_" + step.Naming.Name;
            while (!taken.Add(name))
                name += "_";
            return name;
        });
    }

    private static Problem? Check(Named one, DeclaredNetwork declared, Func<HashSet<string>> taken)
    {
        var name = one.Naming.Name;
        if (!Identifiers.IsValid(name))
            return new Problem("CNN3004", "Name", [one.Default, name, Free(Identifiers.Mend(one.Naming.Written, one.Naming.Default), taken())]);

        var isMember = one.Path.Count == 0;
        var owner = isMember && name == declared.Name ? "the class's own name"
            : isMember && name == "Input" ? "the name of the image that the network reads"
            : IsNamedAsItsBlock(one.Path, name) ? "the name of the block that it stands in"
            : GeneratedMembers.Contains(name, declared.IsForGpu) ? "a member that the generator writes"
            : GeneratedMembers.IsHandleMember(name) ? "a member of the layers' handles"
            : GeneratedMembers.IsInherited(name) ? "a member that every class inherits"
            : isMember && declared.UserMembers.Contains(name) ? "a member that " + declared.Name + " already has"
            : isMember && declared.InheritedMembers.Contains(name) ? "a member that " + declared.Name + " inherits"
            : null;
        return owner is null ? null : new Problem("CNN3005", "Name", [one.Default, name, owner, Free(one.Naming.Written + "Layer", taken())]);
    }

    /// <summary>No member of a class may have the class's name, and a block's handle is a class.</summary>
    private static bool IsNamedAsItsBlock(EquatableArray<string> path, string name) => path.Count > 0 && path[path.Count - 1] == name;

    private static Problem? Duplicate(Named one, Dictionary<string, Named> first, string key, Func<HashSet<string>> taken)
    {
        if (first.TryGetValue(key, out var other))
            return new Problem("CNN3003", "Name", [one.FullName, other.FullName, key, Free(one.Naming.Written + "B", taken())]);
        first.Add(key, one);
        return null;
    }

    /// <summary>The name itself where nobody has it, or the name with the first number that makes it so.</summary>
    private static string Free(string name, HashSet<string> taken)
    {
        bool IsTaken(string candidate) => taken.Contains(candidate) || taken.Contains(Upper(candidate)) || taken.Contains(Identifiers.TensorName(candidate))
            || GeneratedMembers.IsReserved(candidate, isForGpu: true);

        if (!IsTaken(name))
            return name;
        for (var number = 2; ; number++)
        {
            if (!IsTaken(name + Numbers.Print(number)))
                return name + Numbers.Print(number);
        }
    }

    private static string Upper(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>A layer, or a use of a block.</summary>
    private sealed record Named(Place Place, Naming Naming, EquatableArray<string> Path, bool IsBlock)
    {
        public string FullName => Naming.Join(Path, Naming.Name);

        public string Default => Naming.Join(Path, Naming.Default);
    }
}
