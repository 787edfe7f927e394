using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Diagnostics;

/// <summary>What is said of blocks and of expressions.</summary>
internal static partial class Descriptors
{
    private static DiagnosticDescriptor[] Blocks =>
    [
        Create(
            "CNN1041",
            Declaration,
            "An expression cannot be read",
            "{0}: {1} = \"{2}\" cannot be read: {3}. An expression has numbers, names, + - * /, parentheses, max(a, b) and min(a, b), or names, true, false and !."),
        Create(
            "CNN1042",
            Declaration,
            "An expression names what there is not",
            "{0}: '{1}' in {2} = \"{3}\" is no parameter of {4}, and no number of its input. {5}"),
        Create(
            "CNN1043",
            Declaration,
            "An expression divides by zero",
            "{0}: {1} = \"{2}\" divides by {3}, which is 0. Use a divisor that is not."),
        Create(
            "CNN1044",
            Declaration,
            "An expression is no whole number",
            "{0}: {1} = \"{2}\" is {3}, but must be a whole number. The fraction comes of {4}."),
        Create(
            "CNN1045",
            Declaration,
            "A block contains itself",
            "{0} contains itself ({1}), so that it would have layers without end. Remove one of these uses."),
        Create(
            "CNN1046",
            Declaration,
            "A block without layers",
            "{0} has no layers. Write them above the class, such as [Conv2D(\"width\", 3), ReLU]."),
        Create(
            "CNN1047",
            Declaration,
            "A block's class has another form",
            "{0} cannot be {1}. {2}."),
        Create(
            "CNN1048",
            Declaration,
            "A block's parameter is of another type",
            "{0}: the parameter {1} is of type {2}, but must be an int, a float, a double, a bool or one of CnnGen's enumerations; or a string or an object, where an expression may be given."),
        Create(
            "CNN1049",
            Declaration,
            "A block's parameter has no value",
            "{0}: {1} has no value here, and the block has none for it. Write {1}, or give it a value where it is declared."),
        Create(
            "CNN1050",
            Declaration,
            "A block's body is not known",
            "The layers of the block {0} are not known, since {1} has no record of them that this version reads. Compile {1} with this version of CnnGen."),
        Create(
            "CNN1051",
            Declaration,
            "A network has too many layers",
            "{0} would make more than the {1} layers that a network may have. Use fewer repeats."),
        Create(
            "CNN1052",
            Declaration,
            "An expression is of another type",
            "{0}: '{1}' in {2} = \"{3}\" is {4}, but {5} has to stand there. {6}"),
    ];
}
