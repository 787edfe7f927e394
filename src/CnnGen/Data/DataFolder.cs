namespace CnnGen;

/// <summary>Finds the files of a data set.</summary>
internal static class DataFolder
{
    /// <summary>Throws unless there is such a folder.</summary>
    public static void Check(string directory, string content)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (File.Exists(directory))
            throw new DirectoryNotFoundException($"'{directory}' is a file. Name the folder that holds {content}.");
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no folder '{directory}'. Name the folder that holds {content}.");
    }

    /// <summary>The first of the files that is there.</summary>
    public static string Find(string directory, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(directory, name);
            if (FileStatus.Of(path).Kind != FileKind.Absent)
                return path;
        }

        var wanted = names.Length == 1 ? $"'{names[0]}'" : $"any of {string.Join(", ", names.ToArray().Select(name => $"'{name}'"))}";
        throw new FileNotFoundException(
            $"The folder '{directory}' lacks {wanted}. Put the file there, or name the folder that holds it.",
            Path.Combine(directory, names[0]));
    }
}
