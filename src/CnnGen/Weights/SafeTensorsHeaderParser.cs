using System.Text.Json;
using static System.FormattableString;

namespace CnnGen;

/// <summary>One tensor as the header describes it, before any number of it has been compared with another.</summary>
internal sealed record TensorEntry(string Name, SafeTensorType Type, long[] Shape, long Begin, long End);

/// <summary>Reads the header's JSON token by token, so that it needs no reflection and a fault is located by its byte.</summary>
internal ref struct SafeTensorsHeaderParser
{
    private readonly string _source;
    private Utf8JsonReader _reader;

    public SafeTensorsHeaderParser(string source, ReadOnlySpan<byte> json)
    {
        _source = source;
        _reader = new Utf8JsonReader(json);
    }

    public (List<TensorEntry> Entries, Dictionary<string, string> Metadata) Parse()
    {
        var entries = new List<TensorEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Next();
        Expect(JsonTokenType.StartObject, "an object of tensors");
        while (NextName() is { } name)
        {
            if (!names.Add(name))
                throw Malformed($"it names {Describe.Name(name)} twice");
            if (name == SafeTensorsHeader.MetadataName)
                ParseMetadata(metadata);
            else
                entries.Add(ParseTensor(name));
        }

        if (TryNext())
            throw Malformed("something follows the closing brace");
        return (entries, metadata);
    }

    private void ParseMetadata(Dictionary<string, string> metadata)
    {
        Next();
        Expect(JsonTokenType.StartObject, $"an object of texts as {SafeTensorsHeader.MetadataName}");
        while (NextName() is { } key)
        {
            Next();
            Expect(JsonTokenType.String, $"a text as the value of {SafeTensorsHeader.MetadataName}'s {Describe.Name(key)}");
            if (!metadata.TryAdd(key, GetString()))
                throw Malformed($"{SafeTensorsHeader.MetadataName} has {Describe.Name(key)} twice");
        }
    }

    private TensorEntry ParseTensor(string name)
    {
        var what = Describe.Name(name);
        SafeTensorType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        Next();
        Expect(JsonTokenType.StartObject, $"an object with dtype, shape and data_offsets as the value of {what}");
        while (NextName() is { } key)
        {
            Next();
            switch (key)
            {
                case "dtype" when type is null:
                    type = ParseType(what);
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers($"{what}'s shape");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseNumbers($"{what}'s data_offsets");
                    if (offsets.Length != 2)
                        throw Malformed(Invariant($"{what}'s data_offsets have {offsets.Length} numbers; there have to be 2, begin and end"));
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Malformed($"{what} has {key} twice");
                default:
                    throw Malformed($"{what} has an unknown member {Describe.Name(key)}; a tensor has dtype, shape and data_offsets");
            }
        }

        if (type is null || shape is null || offsets is null)
            throw Malformed($"{what} lacks its {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        return new TensorEntry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private SafeTensorType ParseType(string what)
    {
        Expect(JsonTokenType.String, $"a text as {what}'s dtype");
        var text = GetString();
        return SafeTensorTypes.TryParse(text, out var type)
            ? type
            : throw Malformed($"{what} has the unknown dtype {Describe.Name(text)}; known are {string.Join(", ", Enum.GetNames<SafeTensorType>())}");
    }

    private long[] ParseNumbers(string what)
    {
        Expect(JsonTokenType.StartArray, $"a list of whole numbers as {what}");
        var numbers = new List<long>();
        while (true)
        {
            Next();
            if (_reader.TokenType == JsonTokenType.EndArray)
                return numbers.ToArray();
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var number))
                throw Malformed($"{what} has something other than a whole number of 64 bits");
            if (number < 0)
                throw Malformed(Invariant($"{what} has the negative number {number}"));
            numbers.Add(number);
        }
    }

    /// <summary>The next member's name, or null at the object's end.</summary>
    private string? NextName()
    {
        Next();
        return _reader.TokenType == JsonTokenType.EndObject ? null : GetString();
    }

    private string GetString()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            // The reader's word for bytes that are no UTF-8 and for halves of surrogate pairs.
            throw Malformed("a text is no valid Unicode", exception);
        }
    }

    private void Next()
    {
        if (!TryNext())
            throw Malformed("it ends too early");
    }

    private bool TryNext()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException exception)
        {
            throw Malformed("it is no valid JSON", exception);
        }
    }

    private readonly void Expect(JsonTokenType type, string what)
    {
        if (_reader.TokenType != type)
            throw Malformed($"expected {what}");
    }

    private readonly InvalidDataException Malformed(string fault, Exception? inner = null) => new(
        Invariant($"{_source} has a malformed safetensors header, near byte {_reader.BytesConsumed} of the JSON: {fault}. Get the file again, or save it again."),
        inner);
}
