namespace CnnGen.Insight.Tests;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CnnGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the tests holds CnnGen.sln.");
        return folder.FullName;
    }
}
