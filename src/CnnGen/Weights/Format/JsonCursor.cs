using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace CnnGen;

/// <summary>What a JSON value is, by its first byte.</summary>
internal enum JsonKind
{
    Object,
    Array,
    Text,
    Number,

    /// <summary>true, false or null.</summary>
    Word,
}

/// <summary>
/// Walks strict JSON (RFC 8259) from value to value, as far as a weights file's header needs it: objects, arrays, texts and whole numbers. It keeps no tree,
/// never recurses, and says of a fault near which byte it is.
/// </summary>
/// <param name="source">What messages call the file.</param>
/// <param name="json">The bytes.</param>
internal sealed class JsonCursor(string source, byte[] json)
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The characters of the longest whole number of 64 bits, with its sign.</summary>
    private const int LongestNumber = 20;

    private int _position;

    /// <summary>What the next value is; it stays to be read.</summary>
    public JsonKind PeekKind() => Peek() switch
    {
        (byte)'{' => JsonKind.Object,
        (byte)'[' => JsonKind.Array,
        (byte)'"' => JsonKind.Text,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonKind.Number,
        (byte)'t' or (byte)'f' or (byte)'n' => JsonKind.Word,
        _ => throw NoJson("a value is expected"),
    };

    /// <summary>Steps into an object or an array.</summary>
    public void Open() => _position++;

    /// <summary>Whether there is a further member or element; where there is none, steps out. <paramref name="isFirst"/> is false from then on.</summary>
    public bool Next(char close, ref bool isFirst)
    {
        var next = Peek();
        if (next == close)
        {
            _position++;
            return false;
        }

        if (!isFirst)
        {
            if (next != ',')
                throw NoJson($"',' or '{close}' is expected");
            _position++;
        }

        isFirst = false;
        return true;
    }

    /// <summary>A member's name and the colon behind it.</summary>
    public string ReadName()
    {
        if (Peek() != '"')
            throw NoJson("a name in quotes is expected");
        var name = ReadText();
        if (Peek() != ':')
            throw NoJson("':' is expected");
        _position++;
        return name;
    }

    /// <summary>A whole number, or null where it is none, or none of 64 bits.</summary>
    public long? ReadWholeNumber()
    {
        var start = _position;
        while (_position < json.Length && json[_position] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
            _position++;
        if (_position - start > LongestNumber)
            return null;
        var text = Encoding.ASCII.GetString(json, start, _position - start);
        var digits = text[0] == '-' ? text.Substring(1) : text;
        var isPlain = digits.Length > 0 && digits.All(digit => digit is >= '0' and <= '9') && (digits[0] != '0' || digits.Length == 1);
        return isPlain && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>A text, with its escapes resolved.</summary>
    public string ReadText()
    {
        var text = new StringBuilder();
        var start = ++_position;
        while (true)
        {
            if (_position == json.Length)
                throw NoJson("a text has no end");
            var next = json[_position];
            if (next < 0x20)
                throw NoJson("a text has a control character");
            if (next is not ((byte)'"' or (byte)'\\'))
            {
                _position++;
                continue;
            }

            if (_position > start)
                text.Append(Decode(start, _position - start));
            _position++;
            if (next == '"')
                break;
            text.Append(ReadEscape());
            start = _position;
        }

        // Of the whole text: a builder of many pieces looks for each character from its last piece on.
        var whole = text.ToString();
        for (var i = 0; i < whole.Length; i++)
        {
            if (!char.IsSurrogate(whole[i]))
                continue;
            if (i + 1 == whole.Length || !char.IsSurrogatePair(whole[i], whole[i + 1]))
                throw Malformed("a text is no valid Unicode");
            i++;
        }

        return whole;
    }

    /// <summary>Nothing but blanks may follow.</summary>
    public void End()
    {
        SkipBlanks();
        if (_position < json.Length)
            throw NoJson("something follows the closing brace");
    }

    public InvalidDataException Malformed(string fault, Exception? inner = null) => new(
        Invariant($"{source} has a malformed safetensors header, near byte {_position} of the JSON: {fault}. Get the file again, or save it again."),
        inner);

    private InvalidDataException NoJson(string fault) => Malformed("it is no valid JSON (" + fault + ")");

    private byte Peek()
    {
        SkipBlanks();
        return _position < json.Length ? json[_position] : throw NoJson("it ends too early");
    }

    private void SkipBlanks()
    {
        while (_position < json.Length && json[_position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            _position++;
    }

    private string Decode(int start, int count)
    {
        try
        {
            return s_utf8.GetString(json, start, count);
        }
        catch (ArgumentException exception)
        {
            throw Malformed("a text is no valid Unicode", exception);
        }
    }

    private char ReadEscape()
    {
        if (_position == json.Length)
            throw NoJson("a text has no end");
        var escape = json[_position++];
        return escape switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)escape,
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'u' => ReadUnit(),
            _ => throw NoJson("a text has an unknown escape"),
        };
    }

    /// <summary>The four hexadecimal digits of a UTF-16 unit.</summary>
    private char ReadUnit()
    {
        if (json.Length - _position < 4
            || !int.TryParse(Encoding.ASCII.GetString(json, _position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            throw NoJson("\\u is not followed by four hexadecimal digits");
        }

        _position += 4;
        return (char)unit;
    }
}
