using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>A node before its shape is known.</summary>
/// <param name="Layer">What it computes.</param>
/// <param name="Declared">The declared layer that it comes from.</param>
/// <param name="IsWrong">Whether something is wrong with the layer in itself.</param>
/// <param name="Name">Its name: the declared one, or the kind and a number.</param>
/// <param name="DefaultName">The kind and a number.</param>
/// <param name="TensorName">The prefix of its tensors.</param>
/// <param name="Written">The name without a copy's number.</param>
internal sealed record Step(
    Layer Layer, int Declared, bool IsWrong, string Name, string DefaultName, string TensorName, string Written)
{
    /// <summary>The steps whose results it reads; -1 is the image.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = [];
}

/// <summary>A node's name and its tensors' prefix.</summary>
internal sealed record NodeName(string Name, string TensorName);

/// <summary>
/// Counts the layers of each kind. One with a name of its own counts too, so that naming a layer leaves the other layers' names, and
/// with them the tensors in their weights files, as they were.
/// </summary>
internal sealed class NameCounter
{
    private readonly Dictionary<string, int> _counts = [];

    public string Peek(Layer layer) => layer.BaseName + Numbers.Print(Count(layer) + 1);

    public Step Next(Layer layer, int declared, bool isWrong, string? custom, string suffix = "")
    {
        var number = Count(layer) + 1;
        _counts[layer.BaseName] = number;
        var name = layer.BaseName + Numbers.Print(number);
        return custom is null
            ? new Step(layer, declared, isWrong, name, name, layer.TensorBaseName + Numbers.Print(number), name)
            : new Step(layer, declared, isWrong, custom + suffix, name, custom.Length > 0 ? Identifiers.TensorName(custom) + suffix : "", custom);
    }

    private int Count(Layer layer) => _counts.TryGetValue(layer.BaseName, out var count) ? count : 0;
}

/// <summary>Checks the names: identifiers, unique, and no member of the class by another meaning.</summary>
internal static class NodeNames
{
    public static (IReadOnlyList<NodeName> Names, IReadOnlyList<LayerProblem> Problems) Resolve(DeclaredNetwork declared, List<Step> steps)
    {
        var problems = new List<LayerProblem>();
        var firstOfName = new Dictionary<string, Step>();
        var firstOfTensor = new Dictionary<string, Step>();
        var reported = new HashSet<int>();
        foreach (var step in steps)
        {
            HashSet<string> Taken() =>
                [.. steps.Where(other => other.Declared != step.Declared).Select(other => other.Name), .. declared.UserMembers, .. declared.InheritedMembers, declared.Name, "Input"];

            var problem = Check(step, declared, Taken)
                ?? Duplicate(step, firstOfName, step.Name, Taken)
                ?? Duplicate(step, firstOfTensor, step.TensorName, Taken);
            if (problem is not null && reported.Add(step.Declared))
                problems.Add(new LayerProblem(step.Declared, problem));
        }

        return (steps.Select(step => new NodeName(step.Name, step.TensorName)).ToList(), problems);
    }

    /// <summary>The layers whose names are the first of their kind and nobody else's.</summary>
    public static EquatableArray<OutlinedLayer> Outline(DeclaredNetwork declared, List<Step> steps)
    {
        HashSet<string> taken = [.. declared.UserMembers, declared.Name, "Input"];
        return steps
            .Where(step => Identifiers.IsValid(step.Name) && !GeneratedMembers.IsReserved(step.Name) && taken.Add(step.Name))
            .Select(step => new OutlinedLayer(step.Name, step.Layer))
            .ToEquatableArray();
    }

    private static Problem? Check(Step step, DeclaredNetwork declared, Func<HashSet<string>> taken)
    {
        if (!Identifiers.IsValid(step.Name))
            return new Problem("CNN3004", "Name", [step.DefaultName, step.Name, Free(Identifiers.Mend(step.Written, step.DefaultName), taken())]);

        var owner = step.Name == declared.Name ? "the class's own name"
            : step.Name == "Input" ? "the name of the image that the network reads"
            : GeneratedMembers.Contains(step.Name) ? "a member that the generator writes"
            : GeneratedMembers.IsHandleMember(step.Name) ? "a member of the layers' handles"
            : GeneratedMembers.IsInherited(step.Name) ? "a member that every class inherits"
            : declared.UserMembers.Contains(step.Name) ? "a member that " + declared.Name + " already has"
            : declared.InheritedMembers.Contains(step.Name) ? "a member that " + declared.Name + " inherits"
            : null;
        return owner is null ? null : new Problem("CNN3005", "Name", [step.DefaultName, step.Name, owner, Free(step.Written + "Layer", taken())]);
    }

    private static Problem? Duplicate(Step step, Dictionary<string, Step> first, string key, Func<HashSet<string>> taken)
    {
        if (first.TryGetValue(key, out var other))
            return new Problem("CNN3003", "Name", [step.Name, other.Name, key, Free(step.Written + "B", taken())]);
        first.Add(key, step);
        return null;
    }

    /// <summary>The name itself where nobody has it, or the name with the first number that makes it so.</summary>
    private static string Free(string name, HashSet<string> taken)
    {
        bool IsTaken(string candidate) => taken.Contains(candidate) || taken.Contains(Upper(candidate)) || taken.Contains(Identifiers.TensorName(candidate))
            || GeneratedMembers.IsReserved(candidate);

        if (!IsTaken(name))
            return name;
        for (var number = 2; ; number++)
        {
            if (!IsTaken(name + Numbers.Print(number)))
                return name + Numbers.Print(number);
        }
    }

    private static string Upper(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
