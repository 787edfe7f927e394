using System.Text;

namespace CnnGen.Generator.Emitting;

/// <summary>Builds source text line by line, indented, with line feeds only, and the same in every culture.</summary>
internal sealed class CodeWriter
{
    private static readonly string[] s_notExpressions = ["var ", "const ", "for ", "if ", "while "];

    private readonly StringBuilder _text = new();
    private readonly Stack<int> _bodies = new();
    private int _depth;

    // The block of a loop's only turn, where that was the last one closed: where it starts and ends.
    private (int Start, int End) _onlyTurn = (-1, -1);

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
        Open();
        return new Scope(this, closing);
    }

    /// <inheritdoc cref="Block(string, string)"/>
    public Scope Block(InvariantText header) => Block(header.ToString());

    /// <summary>Opens a method's body; where one statement without a keyword, or what is returned, is all that is written, it is an expression behind the header.</summary>
    public Scope Method(string header)
    {
        Line(header);
        var start = _text.Length;
        Open();
        return new Scope(this, "}", start: start, end: _text.Length, isMethod: true);
    }

    /// <inheritdoc cref="Method(string)"/>
    public Scope Method(InvariantText header) => Method(header.ToString());

    /// <summary>
    /// A loop whose variable counts to a literal. A loop of one turn has no variable, unless what it is named for is no sum, and no braces where its block is all that is left of what it stands in.
    /// </summary>
    public Scope For(string variable, int count)
    {
        if (count != 1)
            return Block($"for (nint {variable} = 0; {variable} < {count}; {variable}++)");
        var start = _text.Length;
        Open();
        return new Scope(this, "}", start: start, end: _text.Length, index: variable);
    }

    /// <summary>A block in which a name that its text is printed with is 0, and goes from sums as a loop's only index does.</summary>
    public Scope Zero(string name) => For(name, 1);

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

    private void Open()
    {
        Line("{");
        _depth++;
        _bodies.Push(_text.Length);
    }

    private void Close(string closing, int start, int end, bool isMethod, string? index)
    {
        var body = _bodies.Pop();
        if (_onlyTurn.End == _text.Length)
            Unwrap(body);
        _onlyTurn = (-1, -1);
        if (isMethod && ExpressionOf(Since(end)) is { } expression)
        {
            _depth--;
            _text.Length = start - 1;
            _text.Append(" => ").Append(expression);
            return;
        }

        if (index is not null)
        {
            var turn = CodeText.WithoutIndex(Since(end), index);
            if (turn is null)
                _text.Insert(end, $"{new string(' ', 4 * _depth)}const nint {index} = 0;\n");
            else
                Replace(end, turn);
        }

        _depth--;
        Line(closing);
        if (index is not null)
            _onlyTurn = (start, _text.Length);
    }

    /// <summary>
    /// Takes the braces of the only turn, which ends here, unless one of its names stands in what is before it in the body around it, or they are those of a condition.
    /// </summary>
    private void Unwrap(int body)
    {
        var lines = Since(_onlyTurn.Start).Split('\n');
        var inside = string.Join("\n", lines.Skip(1).Take(lines.Length - 3).Select(line => line.Length > 0 ? line.Substring(4) : line).Append(""));
        var before = _text.ToString(body, _onlyTurn.Start - body);
        var names = CodeText.NamesBehind(inside, "var ").Concat(CodeText.NamesBehind(inside, "nint "));
        var isStatement = before.Length == 0 || before[before.Length - 2] is ';' or '}' || before.Substring(before.LastIndexOf('\n', before.Length - 2) + 1).TrimStart(' ').StartsWith("//", StringComparison.Ordinal);
        if (isStatement && !names.Any(found => CodeText.HasWord(before, found.Name)))
            Replace(_onlyTurn.Start, inside);
    }

    private void Replace(int start, string text)
    {
        _text.Length = start;
        _text.Append(text);
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

    internal readonly struct Scope(CodeWriter writer, string closing, int start = 0, int end = 0, bool isMethod = false, string? index = null) : IDisposable
    {
        public void Dispose() => writer.Close(closing, start, end, isMethod, index);
    }
}
