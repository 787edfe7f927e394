using static System.FormattableString;

namespace CnnGen;

/// <summary>One tensor as the header describes it.</summary>
internal sealed record TensorEntry(string Name, SafeTensorType Type, long[] Shape, long Begin, long End)
{
    /// <summary>Such as <c>conv1.weight F32 [6, 1, 5, 5]</c>.</summary>
    public string Description => Describe.Name(Name) + " " + Type.Name() + " " + Describe.Shape(Shape);
}

/// <summary>A header: the tensors in its order, and its free text.</summary>
internal sealed record HeaderContent(List<TensorEntry> Entries, Dictionary<string, string> Metadata)
{
    /// <summary>The bytes of all tensors, once it is checked that they share them out without gap or overlap.</summary>
    public long DataLength => Entries.Count == 0 ? 0 : Entries.Max(entry => entry.End);
}

/// <summary>Reads the header's JSON, before any number of it has been compared with another.</summary>
internal readonly struct SafeTensorsHeaderParser(string source, byte[] json)
{
    /// <summary>More dimensions than any framework has.</summary>
    private const int MostNumbers = 64;

    private readonly JsonCursor _cursor = new(source, json);

    public HeaderContent Parse()
    {
        var entries = new List<TensorEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Expect(JsonKind.Object, "an object of tensors");
        _cursor.Open();
        for (var isFirst = true; _cursor.Next('}', ref isFirst);)
        {
            var name = _cursor.ReadName();
            if (!names.Add(name))
                throw _cursor.Malformed($"it names {Describe.Name(name)} twice");
            if (name == SafeTensorsHeader.MetadataName)
                ParseMetadata(metadata);
            else
                entries.Add(ParseTensor(name));
        }

        _cursor.End();
        return new HeaderContent(entries, metadata);
    }

    private void ParseMetadata(Dictionary<string, string> metadata)
    {
        Expect(JsonKind.Object, $"an object of texts as {SafeTensorsHeader.MetadataName}");
        _cursor.Open();
        for (var isFirst = true; _cursor.Next('}', ref isFirst);)
        {
            var key = _cursor.ReadName();
            Expect(JsonKind.Text, $"a text as the value of {SafeTensorsHeader.MetadataName}'s {Describe.Name(key)}");
            var value = _cursor.ReadText();
            if (metadata.ContainsKey(key))
                throw _cursor.Malformed($"{SafeTensorsHeader.MetadataName} has {Describe.Name(key)} twice");
            metadata.Add(key, value);
        }
    }

    private TensorEntry ParseTensor(string name)
    {
        var what = Describe.Name(name);
        SafeTensorType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        Expect(JsonKind.Object, $"an object with dtype, shape and data_offsets as the value of {what}");
        _cursor.Open();
        for (var isFirst = true; _cursor.Next('}', ref isFirst);)
        {
            var key = _cursor.ReadName();
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
                        throw _cursor.Malformed(Invariant($"{what}'s data_offsets have {offsets.Length} numbers; there have to be 2, begin and end"));
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw _cursor.Malformed($"{what} has {key} twice");
                default:
                    throw _cursor.Malformed($"{what} has an unknown member {Describe.Name(key)}; a tensor has dtype, shape and data_offsets");
            }
        }

        if (type is null || shape is null || offsets is null)
            throw _cursor.Malformed($"{what} lacks its {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        return new TensorEntry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private SafeTensorType ParseType(string what)
    {
        Expect(JsonKind.Text, $"a text as {what}'s dtype");
        var text = _cursor.ReadText();
        return SafeTensorTypes.TryParse(text, out var type)
            ? type
            : throw _cursor.Malformed($"{what} has the unknown dtype {Describe.Name(text)}; known are {string.Join(", ", SafeTensorTypes.Names)}");
    }

    private long[] ParseNumbers(string what)
    {
        Expect(JsonKind.Array, $"a list of whole numbers as {what}");
        _cursor.Open();
        var numbers = new List<long>();
        for (var isFirst = true; _cursor.Next(']', ref isFirst);)
        {
            // Each number of a list that a hostile header fills takes many times the memory of its two bytes there.
            if (numbers.Count == MostNumbers)
                throw _cursor.Malformed(Invariant($"{what} has more than {MostNumbers} numbers"));
            if (_cursor.PeekKind() != JsonKind.Number || _cursor.ReadWholeNumber() is not { } number)
                throw _cursor.Malformed($"{what} has something other than a whole number of 64 bits");
            if (number < 0)
                throw _cursor.Malformed(Invariant($"{what} has the negative number {number}"));
            numbers.Add(number);
        }

        return numbers.ToArray();
    }

    private void Expect(JsonKind kind, string what)
    {
        if (_cursor.PeekKind() != kind)
            throw _cursor.Malformed($"expected {what}");
    }
}
