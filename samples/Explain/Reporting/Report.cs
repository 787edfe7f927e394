using System.Globalization;
using System.Text;
using CnnGen.Insight;
using ExplainSample.Looking;

namespace ExplainSample.Reporting;

/// <summary>All that is seen of a network, as one HTML file that needs no server and nothing beside it.</summary>
internal static class Report
{
    /// <summary>Writes <c>report.html</c> into a folder, as a whole or not at all.</summary>
    /// <param name="subject">What is looked into.</param>
    /// <param name="folder">The folder; it is made if need be.</param>
    /// <param name="hasFiles">Whether its pictures are written as files beside it, too.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="IOException">The folder can't be made, or a file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static string Write(Subject subject, string folder, bool hasFiles = false)
    {
        if (File.Exists(folder))
            throw new IOException($"'{folder}' is a file. Name a folder, in which report.html is written.");
        Directory.CreateDirectory(folder);
        var (text, files) = Page(subject);
        if (hasFiles)
        {
            foreach (var (name, save) in files)
                save(Path.Combine(folder, name));
        }

        var path = Path.Combine(folder, "report.html");
        Chart.Save(text, path);
        return path;
    }

    /// <summary>The file's text, and what writes its pictures to files.</summary>
    public static (string Text, IReadOnlyDictionary<string, Action<string>> Files) Page(Subject subject)
    {
        using var looker = subject.NewLooker();
        var all = new Exhibits(subject, looker);
        var exhibits = all.All().ToList();
        using var reader = new StreamReader(typeof(Report).Assembly.GetManifestResourceStream("page/report.css")!);
        var text = new StringBuilder();
        var name = Html.Escape(subject.Name);
        var with = subject.Data is { } data ? string.Create(CultureInfo.InvariantCulture, $"; looked at with {data.Images.Count:N0} images: {Html.Escape(data.Origin)}") : "";
        text.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{name}, looked into</title>
            <style>{reader.ReadToEnd()}</style>
            </head>
            <body>
            <header><p class="eyebrow">Looking inside</p><h1>{name}</h1>
            <p>{subject.Summary.Parameters:N0} weights, {subject.Summary.MultiplyAdds:N0} multiply-adds an image{with}.</p></header>
            <nav aria-label="Contents"><ol>

            """);
        for (var i = 0; i < exhibits.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#e{i}\">{Html.Escape(exhibits[i].Title)}</a></li>\n");
        text.Append("</ol></nav>\n<main>\n");
        for (var i = 0; i < exhibits.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"<section id=\"e{i}\"><h2>{Html.Escape(exhibits[i].Title)}</h2><p>{Html.Escape(exhibits[i].Text)}</p>\n{exhibits[i].Markup}</section>\n");
        return (text.Append("</main>\n</body>\n</html>\n").ToString(), all.Files);
    }
}
