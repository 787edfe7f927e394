namespace ClassifySample.Tests;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Sample { get; } = Path.Combine(Root, "samples", "Classify");

    /// <summary>The sample's digits: <c>digit-7-12.png</c> is a 7.</summary>
    public static IReadOnlyList<string> Digits { get; } =
        [.. Directory.GetFiles(Path.Combine(Sample, "digits")).Order(StringComparer.Ordinal)];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CnnGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the tests holds CnnGen.sln.");
        return folder.FullName;
    }
}
