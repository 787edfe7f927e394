using System.Globalization;
using System.Text;
using CnnGen.Generator.Arguments;
using CnnGen.Generator.Arguments.Formulas;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Declarations;

/// <summary>
/// What an assembly records of a block for models in other assemblies: its body with those of all blocks that it uses, so that nothing else is needed to expand it.
/// The text is a list of words, each after its length: <c>5:width</c>.
/// </summary>
/// <param name="Name">The class's name in metadata.</param>
/// <param name="Text">The block first, then the others.</param>
internal sealed record BlockRecord(string Name, string Text)
{
    private const string Version = "2";

    public static string Write(IReadOnlyList<DeclaredBlock> blocks)
    {
        var text = new StringBuilder();
        Word(Version);
        List(blocks, block =>
        {
            Word(block.Id);
            Word(block.Kind);
            List(block.Parameters, parameter =>
            {
                Word(parameter.Name);
                Word(parameter.Type?.Name ?? "");
                Value(parameter.Default);
            });
            List(block.Layers, layer =>
            {
                Word(layer.Kind);
                Word(layer.NamesArguments ? "1" : "0");
                Word(layer.Block ?? "");
                List(layer.Arguments, argument =>
                {
                    Word(argument.Name);
                    Value(argument.Value);
                });
            });
        });
        return text.ToString();

        void Word(string word) => text.Append(Numbers.Print(word.Length)).Append(':').Append(word);

        void List<T>(IReadOnlyList<T> items, Action<T> write)
        {
            Word(Numbers.Print(items.Count));
            foreach (var item in items)
                write(item);
        }

        void Value(ArgumentValue? value)
        {
            switch (value)
            {
                case null:
                    Word("none");
                    break;
                case ArgumentValue.Integer one:
                    Word("int");
                    Word(Numbers.Print(one.Value));
                    break;
                case ArgumentValue.Integers many:
                    Word("ints");
                    List(many.Values, number => Word(Numbers.Print(number)));
                    break;
                case ArgumentValue.Real one:
                    Word("real");
                    Word(one.Value.ToString("R", CultureInfo.InvariantCulture));
                    break;
                case ArgumentValue.Reals many:
                    Word("reals");
                    List(many.Values, number => Word(number.ToString("R", CultureInfo.InvariantCulture)));
                    break;
                case ArgumentValue.Truth truth:
                    Word(truth.Value ? "true" : "false");
                    break;
                case ArgumentValue.Member member:
                    Word("member");
                    Word(member.Type);
                    Word(member.Name);
                    Word(Numbers.Print(member.Value));
                    break;
                case ArgumentValue.Text one:
                    Word(one.Value is null ? "null" : "text");
                    if (one.Value is not null)
                        Word(one.Value);
                    break;
                case ArgumentValue.Other other:
                    Word("other");
                    Word(other.Description);
                    break;
                default:
                    throw new InvalidOperationException($"An argument of an unknown form, {value}.");
            }
        }
    }

    /// <summary>The blocks of a record; null where it is none that this version of the generator writes.</summary>
    public static IReadOnlyList<DeclaredBlock>? Read(string text)
    {
        var at = 0;
        try
        {
            if (Word() != Version)
                return null;
            var blocks = List(() => new DeclaredBlock(
                Word(),
                Word(),
                List(() => new DeclaredParameter(Word(), Word() is { Length: > 0 } type ? new FormulaType(type) : null, Value())),
                List(() =>
                {
                    var (kind, names, block) = (Word(), Word(), Word());
                    return new DeclaredItem(kind, List(() => new DeclaredArgument(Word(), Value() ?? throw new FormatException("An argument without a value.")))) { NamesArguments = names == "1", Block = block.Length > 0 ? block : null };
                })));
            return at == text.Length && blocks.Count > 0 ? blocks : null;
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }

        string Word()
        {
            var colon = text.IndexOf(':', at);
            if (colon < 0)
                throw new FormatException("A word has no length.");
            var length = int.Parse(text.Substring(at, colon - at), NumberStyles.None, CultureInfo.InvariantCulture);
            at = colon + 1 + length;
            return text.Substring(colon + 1, length);
        }

        EquatableArray<T> List<T>(Func<T> read) where T : IEquatable<T>
        {
            var count = Integer();
            var items = new List<T>();
            for (var i = 0; i < count; i++)
                items.Add(read());
            return items.ToEquatableArray();
        }

        int Integer() => int.Parse(Word(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        double Real() => double.Parse(Word(), NumberStyles.Float, CultureInfo.InvariantCulture);

        ArgumentValue? Value() => Word() switch
        {
            "none" => null,
            "int" => new ArgumentValue.Integer(Integer()),
            "ints" => new ArgumentValue.Integers(List(Integer)),
            "real" => new ArgumentValue.Real(Real()),
            "reals" => new ArgumentValue.Reals(List(Real)),
            "true" => new ArgumentValue.Truth(true),
            "false" => new ArgumentValue.Truth(false),
            "member" => new ArgumentValue.Member(Word(), Word(), Integer()),
            "null" => new ArgumentValue.Text(null),
            "text" => new ArgumentValue.Text(Word()),
            "other" => new ArgumentValue.Other(Word()),
            var unknown => throw new FormatException("No value is called " + unknown + "."),
        };
    }
}
