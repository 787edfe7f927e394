using System.Globalization;
using System.Net;
using System.Text;
using CnnGen.Insight;

namespace ExplainSample.Reporting;

/// <summary>Pieces of a page that needs nothing beside it.</summary>
internal static class Html
{
    /// <summary>Text as it may stand between tags and in attributes.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A picture inside the page, with words for those who can't see it.</summary>
    public static string Picture(Picture picture, string text) => string.Create(
        CultureInfo.InvariantCulture, $"<img src=\"{picture.ToDataUri()}\" width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"{Escape(text)}\" loading=\"lazy\">");

    /// <summary>Several pieces side by side, as far as there is room.</summary>
    public static string Row(IEnumerable<string> pieces) => $"<div class=\"row\">{string.Concat(pieces.Select(piece => $"<div>{piece}</div>"))}</div>";

    /// <summary>A table of which the first row are headings; columns from <paramref name="numbers"/> on are numbers.</summary>
    public static string Table(IReadOnlyList<string[]> rows, int numbers)
    {
        var text = new StringBuilder("<div class=\"scroll\"><table>");
        for (var i = 0; i < rows.Count; i++)
        {
            text.Append("<tr>");
            for (var column = 0; column < rows[i].Length; column++)
            {
                var tag = i == 0 ? "th" : "td";
                text.Append(CultureInfo.InvariantCulture, $"<{tag}{(column >= numbers ? " class=\"number\"" : "")}>{Escape(rows[i][column])}</{tag}>");
            }

            text.Append("</tr>");
        }

        return text.Append("</table></div>").ToString();
    }
}
