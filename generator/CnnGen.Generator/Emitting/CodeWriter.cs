using System.Text;

namespace CnnGen.Generator.Emitting;

/// <summary>Builds source text line by line, indented, with line feeds only, and the same in every culture.</summary>
internal sealed class CodeWriter
{
    private static readonly string[] s_notExpressions = ["var ", "const ", "for ", "if ", "while "];

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
    public CodeWriter Line(InvariantText line) => Line(line.ToString());

    /// <summary>Declares a pointer to a place.</summary>
    public CodeWriter Pointer(string name, string place) => Line("var " + name + " = " + Literal.Address(place) + ";");

    /// <inheritdoc cref="Pointer(string, string)"/>
    public CodeWriter Pointer(string name, InvariantText place) => Pointer(name, place.ToString());

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
    public Scope Block(InvariantText header) => Block(header.ToString());

    /// <summary>Opens a method's body; where one statement without a keyword, or what is returned, is all that is written, it is an expression behind the header.</summary>
    public Scope Method(string header)
    {
        Line(header);
        var start = _text.Length;
        Line("{");
        _depth++;
        return new Scope(this, "}", start: start, end: _text.Length, isMethod: true);
    }

    /// <inheritdoc cref="Method(string)"/>
    public Scope Method(InvariantText header) => Method(header.ToString());

    /// <summary>
    /// A loop whose variable counts to a literal; a loop of one turn is a plain block in which the variable, where it's named at all, is the constant 0.
    /// </summary>
    public Scope For(string variable, int count)
    {
        if (count != 1)
            return Block($"for (nint {variable} = 0; {variable} < {count}; {variable}++)");
        Line("{");
        _depth++;
        var start = _text.Length;
        Line($"const nint {variable} = 0;");
        return new Scope(this, "}", variable, start, _text.Length);
    }

    /// <summary>A loop over the range of units that a method is given, or, where it is given none, over all of them.</summary>
    public Scope ForUnits(string variable, bool isGiven, int count) =>
        isGiven ? Block($"for (var {variable} = from; {variable} < to; {variable}++)") : For(variable, count);

    /// <summary>Takes an empty line at the end back.</summary>
    public void TrimLine()
    {
        if (_text.Length >= 2 && _text[_text.Length - 1] == '\n' && _text[_text.Length - 2] == '\n')
            _text.Length--;
    }

    /// <summary>The characters so far.</summary>
    public int Length => _text.Length;

    public override string ToString() => _text.ToString();

    /// <summary>What was written since the text had that many characters.</summary>
    public string Since(int length) => _text.ToString(length, _text.Length - length);

    private void Close(string closing, string? constant, int start, int end, bool isMethod)
    {
        if (isMethod && ExpressionOf(Since(end)) is { } expression)
        {
            _depth--;
            _text.Length = start - 1;
            _text.Append(" => ").Append(expression);
            return;
        }

        if (constant is not null && !CodeText.HasWord(Since(end), constant))
            _text.Remove(start, end - start);
        _depth--;
        Line(closing);
    }

    /// <summary>A body of one line with one statement, as an expression: what is returned, a call or an assignment; null where it is none.</summary>
    private static string? ExpressionOf(string body)
    {
        if (body.IndexOf('\n') != body.Length - 1 || body.IndexOf(';') != body.Length - 2)
            return null;
        const string Return = "return ";
        var statement = body.TrimStart(' ');
        var expression = statement.StartsWith(Return, StringComparison.Ordinal) ? statement.Substring(Return.Length) : statement;
        return s_notExpressions.Any(keyword => expression.StartsWith(keyword, StringComparison.Ordinal)) ? null : expression;
    }

    internal readonly struct Scope(CodeWriter writer, string closing, string? constant = null, int start = 0, int end = 0, bool isMethod = false) : IDisposable
    {
        public void Dispose() => writer.Close(closing, constant, start, end, isMethod);
    }
}
