namespace CnnGen.Generator.Tests.Support;

/// <summary>The clone that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CnnGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the tests holds CnnGen.sln.");
        return folder.FullName;
    }
}
