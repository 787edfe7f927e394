namespace CnnGen.Tests.Data;

/// <summary>
/// A test on a real data set, which is too large to keep with the sources: skipped unless the folder named by CNNGEN_DATA,
/// or one beside the repository, has the data set.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LocalDataFactAttribute : FactAttribute
{
    public LocalDataFactAttribute(string folder, string file)
    {
        if (Find(folder, file) is null)
            Skip = $"needs {folder} ({file}): put it into a folder '{folder}' of the folder that the environment variable CNNGEN_DATA names.";
    }

    /// <summary>The data set's folder, or null.</summary>
    public static string? Find(string folder, string file)
    {
        var candidates = new List<string>();
        if (Environment.GetEnvironmentVariable("CNNGEN_DATA") is { Length: > 0 } named)
            candidates.Add(Path.Combine(named, folder));
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
            candidates.Add(Path.Combine(above.FullName, "shared", "data", folder));
        return candidates.Find(candidate => File.Exists(Path.Combine(candidate, file)));
    }
}
