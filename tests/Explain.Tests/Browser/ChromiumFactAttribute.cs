namespace ExplainSample.Tests.Browser;

/// <summary>A test that drives the page in Chromium, skipped where there is none.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    public ChromiumFactAttribute()
    {
        if (Program is null)
            Skip = "There is no Chromium here (Debian: apt-get install chromium).";
    }

    /// <summary>The program; null where there is none.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
