using System.Globalization;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Graph;

/// <summary>The name of a layer or of a block's use.</summary>
/// <param name="Name">The declared one, or the kind and a number.</param>
/// <param name="Default">The kind and a number.</param>
/// <param name="TensorName">The prefix of its tensors, with those of the blocks around it.</param>
/// <param name="Written">The name without a copy's number.</param>
internal sealed record Naming(string Name, string Default, string TensorName, string Written)
{
    /// <summary>Whether the prefix of its tensors is declared, and doesn't follow from the name.</summary>
    public bool HasTensorName { get; init; }

    public static string Join(EquatableArray<string> path, string name) => path.Count == 0 ? name : string.Join(".", path) + "." + name;

    /// <summary>What is read of a declaration to name it.</summary>
    /// <param name="Name">Null where none is declared.</param>
    /// <param name="TensorName">Null where none is declared.</param>
    /// <param name="Repeats">How many copies there are.</param>
    internal sealed record Request(string? Name, string? TensorName, int Repeats);

    /// <summary>The prefix of one of several copies: the number at its end counts up, or where there is none, one is put there.</summary>
    /// <param name="text">As it was declared.</param>
    /// <param name="copy">From 1.</param>
    /// <param name="repeats">How many copies there are.</param>
    public static string CountedTensorName(string text, int copy, int repeats)
    {
        if (repeats == 1)
            return text;
        var stem = text.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var digits = text.Substring(stem.Length);
        return digits.Length is > 0 and < 10
            ? stem + Numbers.Print(int.Parse(digits, CultureInfo.InvariantCulture) + (long)copy - 1)
            : text + Numbers.Print(copy);
    }
}

/// <summary>
/// Counts the layers and blocks of each kind on one declaration. One with a name of its own counts too, so that naming a layer leaves the other layers' names, and
/// with them the tensors in their weights files, as they were.
/// </summary>
/// <param name="tensorPrefix">What all tensors of the declaration begin with.</param>
internal sealed class NameCounter(string tensorPrefix)
{
    private readonly Dictionary<string, int> _counts = [];

    /// <param name="kind">What default names count from.</param>
    public string Peek(string kind) => kind + Numbers.Print(Count(kind) + 1);

    /// <param name="kind">What default names count from.</param>
    /// <param name="tensorKind">What default names of tensors count from.</param>
    /// <param name="request">What is declared.</param>
    /// <param name="copy">Which of the copies it is, from 1.</param>
    public Naming Next(string kind, string tensorKind, Naming.Request request, int copy)
    {
        var number = Numbers.Print(Count(kind) + 1);
        _counts[kind] = Count(kind) + 1;
        var suffix = request.Repeats == 1 ? "" : Numbers.Print(copy);
        var (name, tensor, written) = request.Name is not { } custom
            ? (kind + number, tensorKind + number, kind + number)
            : (custom + suffix, custom.Length > 0 ? Identifiers.TensorName(custom) + suffix : "", custom);
        if (request.TensorName is { } declared)
            tensor = Naming.CountedTensorName(declared, copy, request.Repeats);
        return new Naming(name, kind + number, tensorPrefix + tensor, written) { HasTensorName = request.TensorName is not null };
    }

    private int Count(string kind) => _counts.TryGetValue(kind, out var count) ? count : 0;
}
