using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Shapes;

/// <summary>
/// Something wrong in a declaration, before it has a location: rooms that know no Roslyn say it with this, and
/// Diagnostics turns it into a Diagnostic.
/// </summary>
/// <param name="Id">The diagnostic's id: <c>CNN2001</c>.</param>
/// <param name="Argument">
/// The name of the attribute's argument at fault, as the attribute spells it in its constructor or property
/// (<c>kernel</c>, <c>Stride</c>), or empty for the attribute as a whole.
/// </param>
/// <param name="MessageArguments">What fills the placeholders of the descriptor's message, already printed, culture-invariant.</param>
internal sealed record Problem(string Id, string Argument, EquatableArray<string> MessageArguments)
{
    /// <summary>The part of the argument's string at fault; null for the argument as a whole.</summary>
    public TextPart? Part { get; init; }

    /// <summary>The use of a block in which it is, which ends the message; empty for a layer of the model's own.</summary>
    public string Context { get; init; } = "";
}

/// <summary>A part of a text.</summary>
internal readonly record struct TextPart(int Start, int Length);
