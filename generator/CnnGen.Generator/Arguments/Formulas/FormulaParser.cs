namespace CnnGen.Generator.Arguments.Formulas;

/// <summary>
/// Reads a formula: sums of products of numbers, names (with dots), <c>max(...)</c>, <c>min(...)</c> and parentheses; or <c>true</c>, <c>false</c> and <c>!</c>.
/// </summary>
internal sealed class FormulaParser
{
    /// <summary>Deeper parentheses, or longer text, nobody writes; a stack has an end.</summary>
    private const int MostDepth = 64;
    private const int MostLength = 1000;

    private readonly string _text;
    private int _at;
    private int _depth;
    private FormulaFault? _fault;

    private FormulaParser(string text) => _text = text;

    /// <summary>The formula, or what is wrong with it.</summary>
    public static (Formula? Formula, FormulaFault? Fault) Parse(string text)
    {
        if (text.Length > MostLength)
            return (null, new FormulaFault("CNN1041", new TextPart(0, text.Length), "it has more than " + Numbers.Print(MostLength) + " characters"));
        var parser = new FormulaParser(text);
        var formula = parser.Sum();
        parser.Peek();
        if (parser._fault is null && parser._at < text.Length)
            parser.Expect("an operator or the end");
        return parser._fault is { } fault ? (null, fault) : (formula, null);
    }

    private Formula Sum()
    {
        var start = Start();
        var left = Product();
        while (_fault is null && Peek() is '+' or '-')
        {
            var sign = _text[_at++];
            left = Join(start, left, sign, Product());
        }

        return left;
    }

    private Formula Product()
    {
        var start = Start();
        var left = Factor();
        while (_fault is null && Peek() is '*' or '/')
        {
            var sign = _text[_at++];
            left = Join(start, left, sign, Factor());
        }

        return left;
    }

    private Formula.Binary Join(int start, Formula left, char sign, Formula right) => new(new TextPart(start, _at - start), sign, left, right);

    private Formula Factor()
    {
        var start = Start();
        if (++_depth > MostDepth)
            return Fail(new TextPart(start, _text.Length - start), "its parentheses are nested too deeply");
        try
        {
            return Peek() switch
            {
                '-' => Negated(start),
                '!' => Not(start),
                '(' => Parenthesis(),
                (>= '0' and <= '9') or '.' => Digits(start),
                var letter when IsStart(letter) => Named(start),
                _ => Expect("a number, a name or ("),
            };
        }
        finally
        {
            _depth--;
        }
    }

    private Formula Negated(int start)
    {
        _at++;
        return Join(start, new Formula.Number(new TextPart(start, 0), Rational.Of(0)), '-', Factor());
    }

    private Formula.Not Not(int start)
    {
        _at++;
        var operand = Factor();
        return new Formula.Not(new TextPart(start, _at - start), operand);
    }

    private Formula Parenthesis()
    {
        _at++;
        var inner = Sum();
        Close();
        return inner;
    }

    private void Close()
    {
        if (_fault is not null)
            return;
        if (Peek() == ')')
            _at++;
        else
            Expect("an operator or )");
    }

    private Formula Digits(int start)
    {
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '.' or '_'))
            _at++;
        var part = new TextPart(start, _at - start);
        var digits = _text.Substring(start, part.Length);
        return digits.All(digit => digit is (>= '0' and <= '9') or '.') && Rational.Parse(digits) is { } value
            ? new Formula.Number(part, value)
            : Fail(part, "'" + digits + "' is no number");
    }

    private Formula Named(int start)
    {
        while (_at < _text.Length && (IsStart(_text[_at]) || char.IsDigit(_text[_at]) || _text[_at] == '.'))
            _at++;
        var name = _text.Substring(start, _at - start);
        var end = _at;
        if (name is "true" or "false")
            return new Formula.Truth(new TextPart(start, end - start), name == "true");
        if (Peek() != '(')
            return new Formula.Name(new TextPart(start, end - start), name);
        if (name is not ("max" or "min"))
            return Fail(new TextPart(start, end - start), "'" + name + "' is no function; there are max and min");
        var operands = new List<Formula>();
        do
        {
            _at++;
            operands.Add(Sum());
        }
        while (_fault is null && Peek() == ',');
        Close();
        return new Formula.Extreme(new TextPart(start, _at - start), name == "max", operands);
    }

    private Formula Expect(string what)
    {
        var found = Peek();
        var part = found == '\0' ? new TextPart(Math.Max(0, _text.TrimEnd().Length - 1), Math.Min(1, _text.Length)) : new TextPart(_at, 1);
        return Fail(part, what + " is expected " + (found == '\0' ? "at its end" : "where '" + found + "' stands"));
    }

    private Formula Fail(TextPart part, string detail)
    {
        _fault ??= new FormulaFault("CNN1041", part, detail);
        return new Formula.Number(part, Rational.Of(1));
    }

    /// <summary>Where the next token starts.</summary>
    private int Start()
    {
        Peek();
        return _at;
    }

    /// <summary>The next letter that is no blank; 0 at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private static bool IsStart(char letter) => letter == '_' || char.IsLetter(letter);
}
