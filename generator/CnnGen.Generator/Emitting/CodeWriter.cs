using System.Globalization;
using System.Text;

namespace CnnGen.Generator.Emitting;

/// <summary>Builds source text line by line, indented, with line feeds only, and the same in every culture.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes one line; an empty one carries no indentation.</summary>
    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', 4 * _depth).Append(line);
        _text.Append('\n');
        return this;
    }

    /// <summary>Writes one line whose numbers are printed invariantly.</summary>
    public CodeWriter Line(FormattableString line) => Line(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Opens a brace and indents what follows until the result is disposed of.</summary>
    public Scope Block(string header = "", string closing = "}")
    {
        if (header.Length > 0)
            Line(header);
        Line("{");
        _depth++;
        return new Scope(this, closing);
    }

    /// <inheritdoc cref="Block(string, string)"/>
    public Scope Block(FormattableString header) => Block(header.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// A loop whose variable counts to a literal; a loop of one turn is a plain block in which the variable is the constant 0.
    /// </summary>
    public Scope For(string variable, int count)
    {
        if (count == 1)
        {
            var scope = Block();
            Line($"const nint {variable} = 0;");
            return scope;
        }

        return Block($"for (nint {variable} = 0; {variable} < {count}; {variable}++)");
    }

    public override string ToString() => _text.ToString();

    private void Close(string closing)
    {
        _depth--;
        Line(closing);
    }

    internal readonly struct Scope(CodeWriter writer, string closing) : IDisposable
    {
        public void Dispose() => writer.Close(closing);
    }
}
