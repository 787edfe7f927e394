using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CnnGen.Runtime;

/// <summary>Names of classes: what they have to be, and how a weights file has them, as a JSON array of texts among its metadata.</summary>
internal static class ClassNames
{
    public const string MetadataKey = "cnngen.classes";

    /// <summary>A copy that nobody changes.</summary>
    /// <exception cref="ArgumentException">A name is empty, or two are equal.</exception>
    public static IReadOnlyList<string>? Checked(IReadOnlyList<string>? names, string parameter)
    {
        if (names == null)
            return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (string.IsNullOrWhiteSpace(name))
                throw new ArgumentException("The name of a class is empty. Give each class a name.", parameter);
            if (!seen.Add(name))
                throw new ArgumentException($"Two classes are called {Describe.Name(name)}. Give each class a name of its own.", parameter);
        }

        return names.Count == 0 ? throw new ArgumentException("There is no name of a class.", parameter) : Array.AsReadOnly([.. names]);
    }

    public static string ToText(IReadOnlyList<string> names)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            foreach (var name in names)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    /// <summary>The names that a file has; null for none.</summary>
    /// <param name="metadata">The file's.</param>
    /// <param name="file">The file, as messages call it.</param>
    /// <exception cref="InvalidDataException">They are no list of different texts.</exception>
    public static IReadOnlyList<string>? Of(IReadOnlyDictionary<string, string> metadata, string file)
    {
        if (!metadata.TryGetValue(MetadataKey, out var text))
            return null;
        try
        {
            var cursor = new JsonCursor(file, Encoding.UTF8.GetBytes(text));
            if (cursor.PeekKind() == JsonKind.Array)
            {
                var names = new List<string>();
                cursor.Open();
                for (var isFirst = true; cursor.Next(']', ref isFirst);)
                    names.Add(cursor.PeekKind() == JsonKind.Text ? cursor.ReadText() : "");
                cursor.End();
                return Checked(names, nameof(metadata));
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException)
        {
            // Told below, with all else that is no list of names.
        }

        throw new InvalidDataException($"{file} has {Describe.Name(text)} as '{MetadataKey}' among its metadata, where a JSON array of different names of classes was expected, such as [\"cat\",\"dog\"]. Save it anew, or take the entry out.");
    }

    /// <summary>The metadata of a file with the names among them, unless they are there already.</summary>
    public static IReadOnlyDictionary<string, string>? Add(IReadOnlyDictionary<string, string>? metadata, IReadOnlyList<string>? names)
    {
        if (names == null || metadata?.ContainsKey(MetadataKey) == true)
            return metadata;
        return new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [MetadataKey] = ToText(names) };
    }
}
