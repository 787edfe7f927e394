using System.Globalization;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Graph;

/// <summary>The rules for names, since a layer's name becomes a member of the generated class.</summary>
internal static class Identifiers
{
    private static readonly HashSet<string> s_keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default",
        "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto",
        "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out",
        "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using", "virtual", "void", "volatile", "while",

        // Of no documentation, and keywords all the same.
        "__arglist", "__makeref", "__reftype", "__refvalue",
    ];

    public static bool IsKeyword(string name) => s_keywords.Contains(name);

    /// <summary>
    /// A name as source code has it: after an @ where it might be a keyword. Besides the reserved ones C# has many that are keywords in some places only
    /// (<c>file</c>, <c>required</c>, <c>record</c>), and more with each version; all of them are of lower-case letters.
    /// </summary>
    public static string Escape(string name) => name.All(letter => letter is (>= 'a' and <= 'z') or '_') ? "@" + name : name;

    /// <summary>A C# identifier that is no reserved keyword.</summary>
    public static bool IsValid(string name)
    {
        if (name.Length == 0 || s_keywords.Contains(name) || !IsStart(name[0]))
            return false;
        return name.All(IsPart);
    }

    /// <summary>A valid name as near to the text as can be.</summary>
    public static string Mend(string text, string whenEmpty)
    {
        var name = new string(text.Select(letter => IsPart(letter) ? letter : '_').ToArray()).Trim('_');
        if (name.Length == 0)
            return whenEmpty;
        if (!IsStart(name[0]))
            name = "Layer" + name;
        return s_keywords.Contains(name) ? char.ToUpperInvariant(name[0]) + name.Substring(1) : name;
    }

    /// <summary>The prefix of tensors: <c>Stem</c> gives <c>stem</c>.</summary>
    public static string TensorName(string name) => Tensor.NameOf(name);

    private static bool IsStart(char letter) => letter == '_' || char.IsLetter(letter)
        || CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.LetterNumber;

    private static bool IsPart(char letter) => IsStart(letter) || CharUnicodeInfo.GetUnicodeCategory(letter) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
